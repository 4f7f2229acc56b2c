package dev.triptych.device;

import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// A session whose arenas are Java arrays. A device says how one launch, or a run of several, is carried out.
public abstract class HostSession implements Session {
    /// Launches bound to arrays: the unit that a device runs.
    ///
    /// @param launches what it carries out, one or several in order
    /// @param action carries them out
    public record Bound(List<Launch> launches, Runnable action) {
    }

    private final Function<Program, List<List<Launch>>> groups;
    private final Memory memory;
    private final Map<Program, List<Bound>> bound = new LinkedHashMap<>();
    private long launched;

    /// Gives memory to the programs; `bindAll` must follow once the subclass is ready.
    protected HostSession(State state, List<Program> programs, boolean reuse) {
        this(state, programs, reuse, MemoryPlan::oneByOne);
    }

    /// The same for a device that carries out several launches as one.
    ///
    /// @param groups cuts a program's launches into consecutive groups, each of which `bind` takes
    protected HostSession(State state, List<Program> programs, boolean reuse,
            Function<Program, List<List<Launch>>> groups) {
        this(state, programs, reuse, groups, program -> Map.of());
    }

    /// The same for a device that does not store every value in between whole.
    ///
    /// @param rooms how many numbers it needs of those
    protected HostSession(State state, List<Program> programs, boolean reuse,
            Function<Program, List<List<Launch>>> groups, Function<Program, Map<Tensor, Long>> rooms) {
        this.groups = groups;
        this.memory = new Memory(state, programs, reuse, groups, rooms);
    }

    /// Binds the launches of all programs.
    protected final void bindAll(List<Program> programs) {
        for (Program program : programs) {
            bound.put(program, groups.apply(program).stream().map(group -> new Bound(group, bind(group))).toList());
        }
    }

    /// Binds one launch, or one group.
    protected abstract Runnable bind(List<Launch> group);

    /// The arenas.
    protected final Memory memory() {
        return memory;
    }

    @Override
    public void run(Program program) {
        for (Bound b : launches(program)) {
            try {
                b.action().run();
            } catch (RuntimeException e) {
                throw new IllegalStateException("Kernel " + b.launches().stream().map(l -> l.kernel().toString())
                        .collect(Collectors.joining(" with ")) + " failed in operation "
                        + b.launches().getFirst().operation() + ": " + e.getMessage(), e);
            }
            launched += b.launches().size();
        }
    }

    /// Runs those launches that the predicate accepts, such as all but the copies of stop-gradients.
    public void run(Program program, Predicate<Launch> which) {
        for (Bound b : launches(program)) {
            if (b.launches().stream().allMatch(which)) {
                b.action().run();
            } else {
                b.launches().stream().filter(which).forEach(launch -> bind(List.of(launch)).run());
            }
        }
    }

    /// A program's launches as bound, for profiles.
    public List<Bound> launches(Program program) {
        List<Bound> list = bound.get(program);
        if (list == null) {
            throw new IllegalArgumentException("Program '" + program.name() + "' is not bound in this session");
        }
        return list;
    }

    /// Runs a program and takes the time of each unit, in nanoseconds.
    public long[] timed(Program program) {
        List<Bound> units = launches(program);
        long[] times = new long[units.size()];
        for (int i = 0; i < times.length; i++) {
            long start = System.nanoTime();
            units.get(i).action().run();
            times[i] = System.nanoTime() - start;
        }
        return times;
    }

    /// Runs launches one by one, groups included: within a group, values that nobody else reads are never written.
    @Override
    public String firstNonFinite(Program program) {
        for (Bound b : launches(program)) {
            for (Launch launch : b.launches()) {
                (b.launches().size() == 1 ? b.action() : bind(List.of(launch))).run();
                for (Tensor output : launch.call().written()) {
                    int i = output.arena().isInteger() ? -1 : firstNonFinite(memory.download(output));
                    if (i >= 0) {
                        return memory.download(output)[i] + " at " + i + " of " + output + ", written by "
                                + launch.kernel() + " for " + launch.operation() + " in section '" + launch.section()
                                + "'";
                    }
                }
            }
        }
        return null;
    }

    /// Where the first number is that is not finite; -1 if all are.
    private static int firstNonFinite(float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void upload(Tensor tensor, float[] values) {
        memory.upload(tensor, values);
    }

    @Override
    public void upload(Tensor tensor, int[] values) {
        memory.upload(tensor, values);
    }

    @Override
    public float[] download(Tensor tensor) {
        return memory.download(tensor);
    }

    @Override
    public int[] downloadIntegers(Tensor tensor) {
        return memory.downloadIntegers(tensor);
    }

    @Override
    public Figures figures() {
        return new Figures(0, 0, 0, launched, List.of());
    }

    @Override
    public long bytes() {
        return memory.bytes();
    }

    @Override
    public void close() {
        bound.clear();
    }
}
