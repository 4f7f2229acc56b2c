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

/// The arrays of those arenas that programs use, as TornadoVM takes them.
final class ArenaArrays implements Arenas {
    private final Memory memory;
    private final Map<Arena, Object> arrays = new EnumMap<>(Arena.class);
    private final Set<Arena> inputs = EnumSet.noneOf(Arena.class);
    private final Set<Arena> others = EnumSet.noneOf(Arena.class);

    ArenaArrays(List<Program> programs, Memory memory) {
        this.memory = memory;
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
