package dev.triptych.device.tornado;

import dev.triptych.device.DeviceException;
import dev.triptych.device.Figures;
import dev.triptych.device.HostSession;
import dev.triptych.program.Arena;
import dev.triptych.program.Kernel;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
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
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
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

    private static final String OWN = "own";
    private static final int STATE = 0;
    private static final int INPUTS = 1;
    private static final Kernel FLOATS = Kernel.of(Residence.class, "residentFloats");
    private static final Kernel INTEGERS = Kernel.of(Residence.class, "residentIntegers");

    /// What the tasks of a graph read: offsets, and constants.
    private record Tables(int[] integers, float[] numbers) {
        void take(Tables other) {
            System.arraycopy(other.integers, 0, integers, 0, integers.length);
            System.arraycopy(other.numbers, 0, numbers, 0, numbers.length);
        }

        long bytes() {
            return 4L * (integers.length + numbers.length);
        }
    }

    /// A run of one graph of the plan.
    private record Run(int graph, Tables tables, List<Launch> launches) {
    }

    private final Map<Arena, Object> arrays = new EnumMap<>(Arena.class);
    private final Set<Arena> stale = EnumSet.noneOf(Arena.class);
    private final Map<Program, List<Run>> runs = new LinkedHashMap<>();
    private final Set<Program> proven = new HashSet<>();
    private final Map<Integer, Integer> logged = new HashMap<>();
    private final List<ImmutableTaskGraph> graphs = new ArrayList<>();
    private final List<Tables> tables = new ArrayList<>();
    private final Map<String, long[]> transfers = new LinkedHashMap<>();
    private final GridScheduler grids = new GridScheduler();
    private final TornadoExecutionPlan plan;
    private final LayerForms forms;
    private final Versions versions;
    private final int device;
    private final int tasks;
    private TornadoExecutionResult last;
    private long launched;
    private long compiling;
    private boolean hostAhead = true;
    private boolean inputsAhead;

    /// @param device number of the device, or -1
    /// @param most tasks that a graph may hold
    /// @param versions which kernels have versions of their own for this device
    TornadoSession(State state, List<Program> programs, int device, int most, LayerForms forms, Versions versions) {
        super(state, programs, true);
        this.device = device;
        this.forms = forms;
        this.versions = versions;
        bindAll(programs);
        for (Program program : programs) {
            program.launches().forEach(l -> l.tensors().forEach(t -> use(t.arena())));
        }
        Hardware.requireRoom(device, arrays);
        graphs.add(own());
        if (!inputs().isEmpty()) {
            graphs.add(sendInputs());
        }
        int first = graphs.size();
        var pieces = new Pieces(programs, forms, most);
        for (List<Launch> launches : pieces.graphs()) {
            graphs.add(graph("g" + tables.size(), launches));
        }
        for (Program program : programs) {
            runs.put(program, pieces.of(program).stream().map(piece -> new Run(first + piece.graph(),
                    tables(piece.launches()), piece.launches())).toList());
        }
        tasks = pieces.tasks();
        plan = new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new));
        if (device >= 0) {
            plan.withDevice(Hardware.find(device));
        }
        if (!grids.keySet().isEmpty()) {
            plan.withGridScheduler(grids);
        }
    }

    /// Notes the array of an arena. TornadoVM has no empty arrays: one number stands for none.
    private void use(Arena arena) {
        arrays.computeIfAbsent(arena, a -> switch (memory().array(a)) {
            case float[] f when f.length == 0 -> new float[1];
            case int[] f when f.length == 0 -> new int[1];
            case Object array -> array;
        });
    }

    private static boolean isInput(Arena arena) {
        return arena == Arena.INPUTS || arena == Arena.INTEGER_INPUTS;
    }

    private Set<Arena> inputs() {
        return arrays.keySet().stream().filter(TornadoSession::isInput)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Arena.class)));
    }

    private Set<Arena> withoutInputs() {
        var set = EnumSet.noneOf(Arena.class);
        set.addAll(arrays.keySet());
        set.removeAll(inputs());
        return set;
    }

    private Object[] arrays(Set<Arena> arenas) {
        return arenas.stream().map(arrays::get).toArray();
    }

    private ImmutableTaskGraph own() {
        return keep(new TaskGraph(OWN), arrays.keySet());
    }

    private ImmutableTaskGraph sendInputs() {
        return keep(new TaskGraph("inputs").consumeFromDevice(OWN, arrays(withoutInputs())), inputs());
    }

    /// Completes a graph that sends arenas and leaves them on the device, readable and writable.
    private ImmutableTaskGraph keep(TaskGraph graph, Set<Arena> arenas) {
        int[] go = {0};
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, go)
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays(arenas));
        for (Arena arena : arenas) {
            Tasks.append(graph, arena.name(), arena.isInteger() ? INTEGERS : FLOATS, go, arrays.get(arena));
        }
        return graph.persistOnDevice(arrays(arenas)).snapshot();
    }

    private ImmutableTaskGraph graph(String name, List<Launch> launches) {
        Tables table = tables(launches);
        tables.add(table);
        var graph = new TaskGraph(name).consumeFromDevice(OWN, arrays(arrays.keySet()));
        return append(graph, name, launches, table).snapshot();
    }

    /// Completes a graph that has all arenas of its launches.
    private TaskGraph append(TaskGraph graph, String name, List<Launch> launches, Tables table) {
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, table.integers);
        if (table.numbers.length > 0) {
            graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, table.numbers);
        }
        int integer = 0;
        int number = 0;
        for (int i = 0; i < launches.size(); i++) {
            Launch launch = launches.get(i);
            List<Object> arguments = forms.arguments(launch, t -> arrays.get(t.arena()));
            Tables own = tables(List.of(launch));
            arguments.addAll(List.of(table.integers, integer));
            if (own.numbers.length > 0) {
                arguments.addAll(List.of(table.numbers, number));
            }
            versions.append(graph, name, task(launch, i), launch.kernel(), arguments, grids);
            integer += own.integers.length;
            number += own.numbers.length;
        }
        return graph;
    }

    private Tables tables(List<Launch> launches) {
        return new Tables(forms.integers(launches, memory()::offset), forms.numbers(launches));
    }

    /// The name of the task for launch i of a graph.
    private static String task(Launch launch, int i) {
        return launch.kernel().name() + i;
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
            launched += run.launches.size();
        }
    }

    /// Runs a program under TornadoVM's profiler, which writes more than a long training has memory for.
    ///
    /// @return nanoseconds of each launch by the device's clock; -1 for those of which the device knows nothing
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
            for (int i = 0; i < run.launches.size(); i++) {
                times[at++] = found.getOrDefault(task(run.launches.get(i), i), -1L);
            }
            compiling += last.getProfilerResult().getCompileTime();
        }
        plan.withoutProfiler();
        if (!inputs().isEmpty()) {
            // the profiler's switch is one for all plans, and turns when a graph runs: send inputs once more
            execute(INPUTS, List.of());
            count("sent inputs", bytes(inputs()));
        }
        launched += Arrays.stream(times).filter(t -> t >= 0).count();
        return times;
    }

    private void prove(Program program, long[] times) {
        for (int i = 0; i < times.length; i++) {
            if (times[i] < 0) {
                throw new DeviceException("Launch " + i + " of program '" + program.name() + "', kernel "
                        + program.launches().get(i).kernel() + ", was not executed on the device, by TornadoVM's "
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
        execute(run.graph, run.launches);
        count("sent offsets and constants", run.tables.bytes());
        stale.addAll(withoutInputs());
    }

    private void execute(int graph, List<Launch> launches) {
        try {
            last = plan.withGraph(graph).execute();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw Failures.explain(e, launches, bytes(), versions.groups(), this::compiles);
        }
    }

    /// Whether a launch compiles in a graph of its own, which is not run.
    private boolean compiles(Launch launch) {
        var graph = new TaskGraph("probe").transferToDevice(DataTransferMode.EVERY_EXECUTION,
                arrays(launch.tensors().stream().map(Tensor::arena).collect(Collectors.toSet())));
        append(graph, "probe", List.of(launch), tables(List.of(launch)));
        try (var probe = new TornadoExecutionPlan(graph.snapshot())) {
            if (device >= 0) {
                probe.withDevice(Hardware.find(device));
            }
            probe.withPreCompilation();
            return true;
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Exception | Error e) {
            return false;
        }
    }

    /// Sends the Java arrays where somebody wrote to one: inputs alone, or everything, since `own` overwrites every
    /// arena; all are pulled before such a write.
    private void push() {
        if (arrays.isEmpty()) {
            return;
        }
        if (hostAhead) {
            execute(STATE, List.of());
            count("sent state", bytes());
        } else if (inputsAhead) {
            execute(INPUTS, List.of());
            count("sent inputs", bytes(inputs()));
        }
        hostAhead = false;
        inputsAhead = false;
    }

    /// Brings the Java arrays of these arenas up to date.
    private void pull(Set<Arena> arenas) {
        Set<Arena> wanted = EnumSet.copyOf(stale);
        wanted.retainAll(arenas);
        if (!wanted.isEmpty()) {
            last.transferToHost(arrays(wanted));
            wanted.forEach(a -> count("fetched " + a.name().toLowerCase(Locale.ROOT), bytes(Set.of(a))));
            stale.removeAll(wanted);
        }
    }

    private long bytes(Set<Arena> arenas) {
        return arenas.stream().map(arrays::get)
                .mapToLong(a -> 4L * (a instanceof int[] i ? i.length : ((float[]) a).length)).sum();
    }

    private void count(String what, long bytes) {
        long[] sums = transfers.computeIfAbsent(what, w -> new long[2]);
        sums[0]++;
        sums[1] += bytes;
    }

    private void prepareWrite(Tensor tensor) {
        if (isInput(tensor.arena())) {
            inputsAhead |= arrays.containsKey(tensor.arena());
        } else if (arrays.containsKey(tensor.arena())) {
            pull(withoutInputs());
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
        pull(withoutInputs());
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
        Launch launch = group.getFirst();
        Object[] arguments = resolve(launch);
        return () -> invoke(launch, arguments);
    }

    private static void invoke(Launch launch, Object[] arguments) {
        try {
            launch.kernel().method().invoke(null, arguments);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("Kernel " + launch.kernel() + " failed in " + launch.operation(), e);
        }
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
