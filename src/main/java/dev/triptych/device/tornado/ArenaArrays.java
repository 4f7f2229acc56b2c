package dev.triptych.device.tornado;

import dev.triptych.device.Memory;
import dev.triptych.program.Arena;
import dev.triptych.program.Arenas;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The arrays of those arenas that programs use, as TornadoVM takes them.
final class ArenaArrays implements Arenas {
    private final Memory memory;
    private final Map<Arena, Object> arrays = new EnumMap<>(Arena.class);
    private final Set<Arena> inputs = EnumSet.noneOf(Arena.class);
    private final Set<Arena> others = EnumSet.noneOf(Arena.class);
    private final float[] scratch;

    /// @param scratch how many numbers the units of a program need beside their tensors, at most
    ArenaArrays(List<Program> programs, Memory memory, int scratch) {
        this.memory = memory;
        this.scratch = new float[scratch];
        for (Program program : programs) {
            program.launches().forEach(l -> l.tensors().forEach(t -> use(t.arena())));
        }
    }

    /// Notes an arena. TornadoVM has no empty arrays: one number stands for none.
    private void use(Arena arena) {
        arrays.computeIfAbsent(arena, a -> switch (memory.array(a)) {
            case float[] f when f.length == 0 -> new float[1];
            case int[] f when f.length == 0 -> new int[1];
            case Object array -> array;
        });
        (isInput(arena) ? inputs : others).add(arena);
    }

    static boolean isInput(Arena arena) {
        return arena == Arena.INPUTS || arena == Arena.INTEGER_INPUTS;
    }

    @Override
    public float[] floats(Tensor tensor) {
        return (float[]) arrays.get(tensor.arena());
    }

    @Override
    public int[] integers(Tensor tensor) {
        return (int[]) arrays.get(tensor.arena());
    }

    @Override
    public int offset(Tensor tensor) {
        return memory.offset(tensor);
    }

    /// All arenas that are used, with their arrays.
    Map<Arena, Object> all() {
        return Collections.unmodifiableMap(arrays);
    }

    /// Those that are uploaded before a run.
    Set<Arena> inputs() {
        return Collections.unmodifiableSet(inputs);
    }

    /// Those that are not.
    Set<Arena> others() {
        return Collections.unmodifiableSet(others);
    }

    /// Room for what a unit needs beside its tensors while it runs; of no length where none needs any.
    float[] scratch() {
        return scratch;
    }

    /// The arrays of all arenas, and the scratch array where there is one.
    Object[] everything() {
        return Stream.concat(arrays.values().stream(), scratch.length == 0 ? Stream.empty() : Stream.of(scratch))
                .toArray();
    }

    /// The arrays of some arenas.
    Object[] of(Set<Arena> arenas) {
        return arenas.stream().map(arrays::get).toArray();
    }

    /// Bytes of some arenas.
    long bytes(Set<Arena> arenas) {
        return arenas.stream().map(arrays::get)
                .mapToLong(a -> 4L * (a instanceof int[] i ? i.length : ((float[]) a).length)).sum();
    }
}
