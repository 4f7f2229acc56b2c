package dev.triptych.device;

import dev.triptych.program.Arena;
import dev.triptych.program.Arenas;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The arenas of a session as Java arrays, with constants and first buffer values in place.
///
/// The first number of an arena of floats lies a margin into its array: an array's elements begin 16 bytes into it, so
/// that tensors, which the plan puts at multiples of 16 numbers, begin on 64-byte lines.
public final class Memory implements Arenas {
    private static final int MARGIN = 12;

    private final MemoryPlan plan;
    private final Map<Arena, Object> arrays = new EnumMap<>(Arena.class);

    /// Allocates the arenas.
    ///
    /// @throws IllegalStateException if an arena exceeds what an array holds
    public Memory(State state, List<Program> programs, boolean reuse, Function<Program, List<List<Launch>>> groups,
            Function<Program, Map<Tensor, Long>> rooms) {
        plan = new MemoryPlan(programs, reuse, groups, rooms);
        for (Arena arena : Arena.values()) {
            long length = Math.max(plan.length(arena), state.length(arena));
            // weights and averages are copied in and out by whoever holds a checkpoint, whatever the programs use
            boolean kept = arena == Arena.PARAMETERS || arena == Arena.TEACHER;
            boolean unused = arena.mirrorsParameters() && !kept && !uses(programs, arena);
            if (length > Integer.MAX_VALUE - 64 - MARGIN) {
                throw new IllegalStateException("Arena " + arena + " needs " + length
                        + " numbers, more than a Java array holds: reduce training.batch or the model");
            }
            int size = unused ? 0 : (int) length;
            arrays.put(arena, arena.isInteger() ? new int[size] : new float[MARGIN + size]);
        }
        for (Program program : programs) {
            program.integerConstants().forEach(this::upload);
            program.constants().forEach(this::upload);
        }
        state.buffers().forEach((name, tensor) -> upload(tensor, state.bufferValues(name)));
    }

    private static boolean uses(List<Program> programs, Arena arena) {
        return programs.stream().flatMap(p -> p.launches().stream()).flatMap(l -> l.tensors().stream())
                .anyMatch(t -> t.arena() == arena);
    }

    /// The array of an arena: `float[]` or `int[]`.
    public Object array(Arena arena) {
        return arrays.get(arena);
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
        return Math.toIntExact(plan.offset(tensor)) + (tensor.arena().isInteger() ? 0 : MARGIN);
    }

    /// The memory plan behind the offsets.
    public MemoryPlan plan() {
        return plan;
    }

    /// Copies numbers into a tensor.
    public void upload(Tensor tensor, float[] values) {
        check(tensor, values.length, false);
        System.arraycopy(values, 0, arrays.get(tensor.arena()), offset(tensor), values.length);
    }

    /// Copies integers into a tensor.
    public void upload(Tensor tensor, int[] values) {
        check(tensor, values.length, true);
        System.arraycopy(values, 0, arrays.get(tensor.arena()), offset(tensor), values.length);
    }

    /// A copy of a tensor's numbers.
    public float[] download(Tensor tensor) {
        check(tensor, tensor.count(), false);
        float[] values = new float[tensor.count()];
        System.arraycopy(arrays.get(tensor.arena()), offset(tensor), values, 0, values.length);
        return values;
    }

    /// A copy of a tensor's integers.
    public int[] downloadIntegers(Tensor tensor) {
        check(tensor, tensor.count(), true);
        int[] values = new int[tensor.count()];
        System.arraycopy(arrays.get(tensor.arena()), offset(tensor), values, 0, values.length);
        return values;
    }

    /// Bytes of all arenas.
    public long bytes() {
        long bytes = 0;
        for (Object array : arrays.values()) {
            bytes += array instanceof int[] ints ? 4L * ints.length : 4L * ((float[]) array).length;
        }
        return bytes;
    }

    private static void check(Tensor tensor, int length, boolean integers) {
        if (tensor.arena().isInteger() != integers) {
            throw new IllegalArgumentException("Tensor " + tensor + " holds " + (integers ? "no " : "") + "integers");
        }
        if (length != tensor.count()) {
            throw new IllegalArgumentException(
                    "Tensor " + tensor + " takes " + tensor.count() + " numbers, not " + length);
        }
    }
}
