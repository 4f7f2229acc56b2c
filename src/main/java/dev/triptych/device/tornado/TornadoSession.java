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
/// Graph `own` uploads all arenas and keeps them on the device; graph `inputs` does so with the arenas of inputs alone,
/// before each run. Every other graph consumes all arenas, even those that it does not name: TornadoVM hands buffers
/// from each graph to the one that runs next. What repeats is one graph, run with a table of offsets of its own each
/// time ([Pieces]). The Java arrays of the arenas are copies, brought up to date when somebody reads; writing to one
/// that is no input makes `own` run again.
final class TornadoSession extends HostSession {
    /// Most tasks in a graph: TornadoVM's limit is 256, but its graphs grow slow and fragile beyond about a hundred.
    static final int TASKS = 64;

    private static final int STATE = 0;
    private static final int INPUTS = 1;

    /// A run of one graph of the plan.
    private record Run(int graph, Tables tables, List<Unit> units) {
    }

    private final ArenaArrays arenas;
    private final Graphs builder;
    private final Set<Arena> stale = EnumSet.noneOf(Arena.class);
    private final Map<Program, List<Run>> runs = new LinkedHashMap<>();
    private final Set<Program> proven = new HashSet<>();
    private final Map<Integer, Integer> logged = new HashMap<>();
    private final List<ImmutableTaskGraph> graphs = new ArrayList<>();
    private final List<Tables> tables = new ArrayList<>();
    private final Map<String, long[]> transfers = new LinkedHashMap<>();
    private final TornadoExecutionPlan plan;
    private final Units units;
    private final int tasks;
    private TornadoExecutionResult last;
    private long launched;
    private long compiling;
    private boolean hostAhead = true;
    private boolean inputsAhead;

    /// @param device number of the device, or -1
    /// @param most units that a graph may hold
    /// @param units how the device carries out programs
    TornadoSession(State state, List<Program> programs, int device, int most, Units units) {
        super(state, programs, true, units::groups);
        this.units = units;
        bindAll(programs);
        var all = new LinkedHashMap<Program, List<Unit>>();
        programs.forEach(program -> all.put(program, units.of(program)));
        arenas = new ArenaArrays(programs, memory(), Units.scratch(all.values()));
        builder = new Graphs(arenas, device);
        Hardware.requireRoom(device, arenas.all());
        graphs.add(builder.own());
        if (!arenas.inputs().isEmpty()) {
            graphs.add(builder.sendInputs());
        }
        int first = graphs.size();
        var pieces = new Pieces(all, most, Tensor::arena);
        for (List<Unit> graph : pieces.graphs()) {
            Tables own = tables(graph);
            graphs.add(builder.of("g" + tables.size(), graph, own));
            tables.add(own);
        }
        for (Program program : programs) {
            runs.put(program, pieces.of(program).stream().map(piece -> new Run(first + piece.graph(),
                    tables(piece.units()), piece.units())).toList());
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

    private Tables tables(List<Unit> units) {
        return Tables.of(units, arenas::offset);
    }

    /// The first run of each program is watched: every launch must have been executed by the device, in some time.
    @Override
    public void run(Program program) {
        launches(program);
        if (!proven.contains(program)) {
            prove(program, timed(program));
            return;
        }
        push();
        for (Run run : runs.get(program)) {
            execute(run);
            launched += launches(run);
        }
    }

    private static int launches(Run run) {
        return run.units.stream().mapToInt(unit -> unit.launches().size()).sum();
    }

    /// Runs a program under TornadoVM's profiler, which writes more than a long training has memory for.
    ///
    /// @return nanoseconds of each unit by the device's clock; -1 for those of which the device knows nothing
    @Override
    public long[] timed(Program program) {
        long[] times = new long[launches(program).size()];
        plan.withProfiler(ProfilerMode.SILENT);
        push();
        int at = 0;
        for (Run run : runs.get(program)) {
            execute(run);
            String log = last.getProfilerResult().getProfileLog();
            Map<String, Long> found = ProfileLog.tasks(log.substring(logged.getOrDefault(run.graph, 0)));
            logged.put(run.graph, log.length());
            for (int i = 0; i < run.units.size(); i++) {
                times[at] = time(run.units.get(i), i, found);
                launched += times[at] < 0 ? 0 : run.units.get(i).launches().size();
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

    private void prove(Program program, long[] times) {
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
        proven.add(program);
    }

    private void execute(Run run) {
        tables.get(run.graph - (graphs.size() - tables.size())).take(run.tables);
        execute(run.graph, run.units);
        count("sent offsets and constants", run.tables.bytes());
        stale.addAll(arenas.others());
    }

    private void execute(int graph, List<Unit> carried) {
        try {
            last = plan.withGraph(graph).execute();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw Failures.explain(e, carried, bytes(), units.groups(), builder::compiles);
        }
    }

    /// Sends the Java arrays where somebody wrote to one: inputs alone, or everything, since `own` overwrites every
    /// arena; all are pulled before such a write.
    private void push() {
        if (arenas.all().isEmpty()) {
            return;
        }
        if (hostAhead) {
            execute(STATE, List.of());
            count("sent state", bytes());
        } else if (inputsAhead) {
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

    /// Replays the program in Java, launch by launch, on what the device holds; the next run sends the result back.
    @Override
    public String firstNonFinite(Program program) {
        pull(arenas.others());
        hostAhead = true;
        return super.firstNonFinite(program);
    }

    @Override
    public void run(Program program, Predicate<Launch> which) {
        throw new UnsupportedOperationException(
                "Device 'tornado' runs whole programs; take device 'plain' to leave launches out");
    }

    @Override
    protected Runnable bind(List<Launch> group) {
        List<Call.Bound> calls = group.stream().map(launch -> launch.call().bind(memory())).toList();
        return () -> calls.forEach(Runnable::run);
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
