package dev.triptych.device.tornado;

import dev.triptych.device.DeviceException;
import dev.triptych.device.Figures;
import dev.triptych.device.HostSession;
import dev.triptych.program.Arena;
import dev.triptych.program.Call;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/// Programs as graphs of one execution plan.
///
/// Graph `own` uploads the arenas but those of inputs and keeps them on the device; graph `inputs` does so with these,
/// before each run: an array has one buffer on the device, whichever graphs ran. Every other graph consumes all arenas,
/// even those that it does not name: TornadoVM hands buffers from each graph to the one that runs next. What repeats is
/// one graph ([Pieces]), run with another row of [Tables] each time; from run to run nothing is sent but inputs. Where
/// the backend is CUDA, a graph is recorded when it first runs and replayed from then on: one call for all its tasks.
/// The Java arrays of the arenas are copies, brought up to date when somebody reads; writing to one that is no input
/// makes `own` run again.
final class TornadoSession extends HostSession {
    /// Most tasks in a graph: TornadoVM's limit is 256, but its graphs grow slow and fragile beyond about a hundred.
    static final int TASKS = 64;

    private static final int STATE = 0;
    private static final int BEGIN = 1;
    private static final int INPUTS = 2;

    /// A run of one graph of the plan.
    private record Run(int graph, List<Unit> units) {
    }

    private final State state;
    private final ArenaArrays arenas;
    private final Graphs builder;
    private final Set<Arena> stale = EnumSet.noneOf(Arena.class);
    private final Map<Program, List<Run>> runs = new LinkedHashMap<>();
    private final Set<Program> proven = new HashSet<>();
    private final Set<Integer> recorded = new HashSet<>();
    private final Map<Integer, Integer> logged = new HashMap<>();
    private final List<ImmutableTaskGraph> graphs = new ArrayList<>();
    private final Tables tables;
    private final Map<Program, Integer> rows = new HashMap<>();
    private final int[] row = new int[2];
    private final boolean replayed;
    private final Map<String, long[]> transfers = new LinkedHashMap<>();
    private final TornadoExecutionPlan plan;
    private final Units units;
    private final int tasks;
    private final int first;
    private TornadoExecutionResult last;
    private long launched;
    private long compiling;
    private boolean hostAhead = true;
    private boolean inputsAhead;
    private Program current;

    /// @param device number of the device, or -1
    /// @param most units that a graph may hold
    /// @param units how the device carries out programs
    /// @param replayed whether graphs are recorded and replayed
    TornadoSession(State state, List<Program> programs, int device, int most, Units units, boolean replayed) {
        super(state, programs, true, units::groups, units::rooms);
        this.state = state;
        this.units = units;
        this.replayed = replayed;
        bindAll(programs);
        var all = new LinkedHashMap<Program, List<Unit>>();
        programs.forEach(program -> all.put(program, units.of(program)));
        arenas = new ArenaArrays(programs, memory(), Units.scratch(all.values()));
        var pieces = new Pieces(all, most, Tensor::arena);
        tables = Tables.of(programs.stream().map(p -> pieces.of(p).stream().map(Pieces.Piece::units).toList()).toList(),
                arenas::offset);
        builder = new Graphs(arenas, tables, device);
        Hardware.requireRoom(device, arenas.all());
        graphs.add(builder.own());
        graphs.add(builder.begin(row));
        if (!arenas.inputs().isEmpty()) {
            graphs.add(builder.sendInputs());
        }
        first = graphs.size();
        for (List<Unit> graph : pieces.graphs()) {
            graphs.add(builder.of("g" + (graphs.size() - first), graph));
        }
        for (int p = 0; p < programs.size(); p++) {
            rows.put(programs.get(p), tables.starts().get(p));
            runs.put(programs.get(p), pieces.of(programs.get(p)).stream()
                    .map(piece -> new Run(first + piece.graph(), piece.units())).toList());
        }
        tasks = pieces.tasks();
        plan = new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new));
        if (device >= 0) {
            plan.withDevice(Hardware.find(device));
        }
        if (!builder.grids().keySet().isEmpty()) {
            plan.withGridScheduler(builder.grids());
        }
    }

    /// The first run of each program is watched: the device must have counted every run of a graph, and, where graphs
    /// are not replayed, it must have executed every launch in some time.
    @Override
    public void run(Program program) {
        launches(program);
        if (!proven.contains(program)) {
            prove(program);
            return;
        }
        begin(program);
        for (Run run : runs.get(program)) {
            execute(run);
            launched += launches(run);
        }
        current = program;
    }

    /// Sends what is to be sent before a program runs. Behind its last run, a program begins anew by itself.
    private void begin(Program program) {
        push();
        if (current != program) {
            row[0] = rows.get(program);
            execute(BEGIN, List.of());
            count("sent beginnings", 4L * row.length);
        }
        // until all runs are done, nobody knows whose turn it is
        current = null;
    }

    private static int launches(Run run) {
        return run.units.stream().mapToInt(unit -> unit.launches().size()).sum();
    }

    /// Runs a program under TornadoVM's profiler, which writes more than a long training has memory for.
    ///
    /// @return nanoseconds of each unit by the device's clock; -1 for those of which the device knows nothing
    @Override
    public long[] timed(Program program) {
        if (replayed) {
            throw new UnsupportedOperationException("What is replayed is not timed launch by launch: take "
                    + "Device.forTiming()");
        }
        return profiled(program);
    }

    private long[] profiled(Program program) {
        long[] times = new long[launches(program).size()];
        plan.withProfiler(ProfilerMode.SILENT);
        begin(program);
        int at = 0;
        for (Run run : runs.get(program)) {
            execute(run);
            String log = last.getProfilerResult().getProfileLog();
            Map<String, Long> found = ProfileLog.tasks(log.substring(logged.getOrDefault(run.graph, 0)));
            logged.put(run.graph, log.length());
            for (int i = 0; i < run.units.size(); i++) {
                times[at] = time(run.units.get(i), i, found);
                launched += times[at] < 0 && !replayed ? 0 : run.units.get(i).launches().size();
                at++;
            }
            compiling += last.getProfilerResult().getCompileTime();
        }
        plan.withoutProfiler();
        if (!arenas.inputs().isEmpty()) {
            // the profiler's switch is one for all plans, and turns when a graph runs: send inputs once more
            execute(INPUTS, List.of());
            count("sent inputs", arenas.bytes(arenas.inputs()));
        }
        current = program;
        return times;
    }

    /// What the tasks of a unit took together; -1 where the device knows nothing of one.
    private static long time(Unit unit, int i, Map<String, Long> found) {
        long sum = 0;
        for (int j = 0; j < unit.tasks().size(); j++) {
            Long time = found.get(unit.id(i, j));
            if (time == null) {
                return -1;
            }
            sum += time;
        }
        return sum;
    }

    private void prove(Program program) {
        current = null;
        long[] times = profiled(program);
        last.transferToHost((Object) tables.integers());
        int counted = tables.integers()[Tables.RUNS];
        if (counted != runs.get(program).size()) {
            throw new DeviceException("The device counted " + counted + " runs of graphs for program '"
                    + program.name() + "' instead of " + runs.get(program).size() + ", so it did not carry it out: use "
                    + "--device vector, and report driver and device");
        }
        if (!replayed) {
            checkTimes(program, times);
        }
        proven.add(program);
    }

    private void checkTimes(Program program, long[] times) {
        for (int i = 0; i < times.length; i++) {
            if (times[i] < 0) {
                throw new DeviceException("Kernel " + launches(program).get(i).launches().stream()
                        .map(l -> l.kernel().toString()).collect(Collectors.joining(" with ")) + ", number " + i
                        + " of program '" + program.name() + "', was not executed on the device, by TornadoVM's "
                        + "account: use --device vector, and report kernel, driver and device");
            }
        }
        if (times.length > 0 && Arrays.stream(times).sum() == 0) {
            throw new DeviceException("Program '" + program.name() + "' took no time on the device, so it did not "
                    + "run there: check the driver with `tornado --devices`");
        }
    }

    private void execute(Run run) {
        execute(run.graph, run.units);
        stale.addAll(arenas.others());
    }

    private void execute(int graph, List<Unit> carried) {
        try {
            TornadoExecutionPlan chosen = plan.withGraph(graph);
            if (replayed && graph >= first && recorded.add(graph)) {
                Hardware.record(chosen);
            }
            last = chosen.execute();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw Failures.explain(e, carried, bytes(), units.groups(), builder::compiles);
        }
    }

    /// Sends the Java arrays where somebody wrote to one: inputs alone, or everything, since `own` overwrites all its
    /// arenas; all are pulled before such a write.
    private void push() {
        if (arenas.all().isEmpty()) {
            return;
        }
        if (hostAhead) {
            execute(STATE, List.of());
            count("sent state", arenas.bytes(arenas.others()) + tables.bytes());
            current = null;
        }
        if ((hostAhead || inputsAhead) && !arenas.inputs().isEmpty()) {
            execute(INPUTS, List.of());
            count("sent inputs", arenas.bytes(arenas.inputs()));
        }
        hostAhead = false;
        inputsAhead = false;
    }

    /// Brings the Java arrays of these arenas up to date.
    private void pull(Set<Arena> read) {
        Set<Arena> wanted = EnumSet.copyOf(stale);
        wanted.retainAll(read);
        if (!wanted.isEmpty()) {
            last.transferToHost(arenas.of(wanted));
            wanted.forEach(a -> count("fetched " + a.name().toLowerCase(Locale.ROOT), arenas.bytes(Set.of(a))));
            stale.removeAll(wanted);
        }
    }

    private void count(String what, long bytes) {
        long[] sums = transfers.computeIfAbsent(what, w -> new long[2]);
        sums[0]++;
        sums[1] += bytes;
    }

    private void prepareWrite(Tensor tensor) {
        if (ArenaArrays.isInput(tensor.arena())) {
            inputsAhead |= arenas.all().containsKey(tensor.arena());
        } else if (arenas.all().containsKey(tensor.arena())) {
            pull(arenas.others());
            hostAhead = true;
        }
    }

    @Override
    public void upload(Tensor tensor, float[] values) {
        prepareWrite(tensor);
        super.upload(tensor, values);
    }

    @Override
    public void upload(Tensor tensor, int[] values) {
        prepareWrite(tensor);
        super.upload(tensor, values);
    }

    @Override
    public float[] download(Tensor tensor) {
        pull(EnumSet.of(tensor.arena()));
        return super.download(tensor);
    }

    @Override
    public int[] downloadIntegers(Tensor tensor) {
        pull(EnumSet.of(tensor.arena()));
        return super.downloadIntegers(tensor);
    }

    @Override
    public Figures figures() {
        return new Figures(graphs.size(), tasks, compiling * 1e-9, launched, transfers.entrySet().stream()
                .map(e -> new Figures.Transfer(e.getKey(), e.getValue()[0], e.getValue()[1])).toList());
    }

    /// Replays the program in Java, launch by launch, on a copy of what the device holds.
    @Override
    public String firstNonFinite(Program program) {
        pull(arenas.others());
        try (var java = new JavaSession(state, program)) {
            for (Arena arena : Arena.values()) {
                if (state.length(arena) > 0) {
                    java.copy(memory().array(arena), arena);
                }
            }
            for (Tensor input : program.inputs().values()) {
                if (input.arena().isInteger()) {
                    java.upload(input, memory().downloadIntegers(input));
                } else {
                    java.upload(input, memory().download(input));
                }
            }
            return java.firstNonFinite(program);
        }
    }

    /// A program in Java.
    private static final class JavaSession extends HostSession {
        JavaSession(State state, Program program) {
            super(state, List.of(program), true);
            bindAll(List.of(program));
        }

        /// Takes an arena of the state, where the program uses it.
        void copy(Object from, Arena arena) {
            Object to = memory().array(arena);
            System.arraycopy(from, 0, to, 0, Array.getLength(to));
        }

        @Override
        protected Runnable bind(List<Launch> group) {
            List<Call.Bound> calls = group.stream().map(launch -> launch.call().bind(memory())).toList();
            return () -> calls.forEach(Runnable::run);
        }
    }

    @Override
    public void run(Program program, Predicate<Launch> which) {
        throw new UnsupportedOperationException(
                "Device 'tornado' runs whole programs; take device 'plain' to leave launches out");
    }

    /// Units run as tasks of graphs.
    @Override
    protected Runnable bind(List<Launch> group) {
        return () -> {
            throw new UnsupportedOperationException("Device 'tornado' runs whole programs");
        };
    }

    @Override
    public void close() {
        super.close();
        try {
            plan.withGraph(STATE);
            plan.close();
        } catch (TornadoExecutionPlanException e) {
            throw new DeviceException("TornadoVM did not give the device's memory back: " + e.getMessage(), e);
        }
    }
}
