package dev.triptych.device.tornado;

import dev.triptych.device.HostSession;
import dev.triptych.program.Arena;
import dev.triptych.program.Kernel;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/// Programs as graphs of one execution plan.
///
/// Graph 0, `own`, uploads all arenas and keeps them on the device. Every other graph consumes all of them, even those
/// that it does not name: TornadoVM hands buffers from each graph to the one that runs next. Inputs are sent in each
/// graph that names them, outputs come back with the last graph of a program. The Java arrays of the arenas are copies,
/// brought up to date when somebody reads; writing to one of them makes `own` run again.
final class TornadoSession extends HostSession {
    /// Most tasks in a graph: TornadoVM's limit is 256, but its graphs grow slow and fragile beyond about a hundred.
    static final int TASKS = 64;

    private static final String OWN = "own";
    private static final Kernel FLOATS = Kernel.of(Residence.class, "residentFloats");
    private static final Kernel INTEGERS = Kernel.of(Residence.class, "residentIntegers");

    /// Consecutive launches as one graph of the plan.
    private record Part(int graph, List<Launch> launches) {
    }

    private final Map<Arena, Object> arrays = new EnumMap<>(Arena.class);
    private final Set<Arena> resident = EnumSet.noneOf(Arena.class);
    private final Set<Arena> stale = EnumSet.noneOf(Arena.class);
    private final Map<Program, List<Part>> parts = new IdentityHashMap<>();
    private final Set<Program> proven = new HashSet<>();
    private final List<ImmutableTaskGraph> graphs = new ArrayList<>();
    private final TornadoExecutionPlan plan;
    private final int tasks;
    private TornadoExecutionResult last;
    private boolean hostAhead = true;

    TornadoSession(State state, List<Program> programs, int device, int tasks) {
        super(state, programs, true);
        this.tasks = tasks;
        bindAll(programs);
        for (Program program : programs) {
            program.launches().forEach(l -> l.tensors().forEach(t -> use(t.arena())));
        }
        graphs.add(own());
        for (int i = 0; i < programs.size(); i++) {
            parts.put(programs.get(i), cut(programs.get(i), "p" + i));
        }
        plan = new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new));
        if (device >= 0) {
            plan.withDevice(Hardware.find(device));
        }
        plan.withProfiler(ProfilerMode.SILENT);
    }

    /// Notes the array of an arena. TornadoVM has no empty arrays: one number stands for none.
    private void use(Arena arena) {
        arrays.computeIfAbsent(arena, a -> switch (memory().array(a)) {
            case float[] f when f.length == 0 -> new float[1];
            case int[] f when f.length == 0 -> new int[1];
            case Object array -> array;
        });
        if (!isInput(arena)) {
            resident.add(arena);
        }
    }

    private static boolean isInput(Arena arena) {
        return arena == Arena.INPUTS || arena == Arena.INTEGER_INPUTS;
    }

    private Object[] arrays(Set<Arena> arenas) {
        return arenas.stream().map(arrays::get).toArray();
    }

    private ImmutableTaskGraph own() {
        int[] go = {0};
        var graph = new TaskGraph(OWN).transferToDevice(DataTransferMode.EVERY_EXECUTION, go)
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays(resident));
        for (Arena arena : resident) {
            Tasks.append(graph, arena.name(), arena.isInteger() ? INTEGERS : FLOATS, go, arrays.get(arena));
        }
        return graph.persistOnDevice(arrays(resident)).snapshot();
    }

    private List<Part> cut(Program program, String prefix) {
        List<Launch> launches = program.launches();
        var list = new ArrayList<Part>();
        for (int from = 0; from < launches.size(); from += tasks) {
            List<Launch> some = launches.subList(from, Math.min(launches.size(), from + tasks));
            boolean end = from + tasks >= launches.size();
            list.add(new Part(graphs.size(), some));
            graphs.add(graph(prefix + "g" + list.size(), some, end));
        }
        return list;
    }

    private ImmutableTaskGraph graph(String name, List<Launch> launches, boolean end) {
        Set<Arena> inputs = EnumSet.noneOf(Arena.class);
        launches.forEach(l -> l.tensors().stream().map(Tensor::arena).filter(TornadoSession::isInput)
                .forEach(inputs::add));
        var graph = new TaskGraph(name).consumeFromDevice(OWN, arrays(resident));
        if (!inputs.isEmpty()) {
            graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays(inputs));
        }
        for (int i = 0; i < launches.size(); i++) {
            Launch launch = launches.get(i);
            Tasks.append(graph, launch.kernel().name() + i, launch.kernel(), arguments(launch));
        }
        if (end && resident.contains(Arena.OUTPUTS)) {
            graph.transferToHost(DataTransferMode.EVERY_EXECUTION, arrays.get(Arena.OUTPUTS));
        }
        return graph.snapshot();
    }

    private Object[] arguments(Launch launch) {
        var values = new ArrayList<Object>();
        for (Object argument : launch.arguments()) {
            if (argument instanceof Tensor t) {
                values.add(arrays.get(t.arena()));
                values.add(memory().offset(t));
            } else {
                values.add(argument);
            }
        }
        return values.toArray();
    }

    @Override
    public void run(Program program) {
        launches(program);
        push();
        long nanoseconds = 0;
        for (Part part : parts.get(program)) {
            nanoseconds += execute(part.graph(), part.launches());
            stale.addAll(resident);
        }
        stale.remove(Arena.OUTPUTS);
        if (proven.add(program) && nanoseconds <= 0 && !program.launches().isEmpty()) {
            throw new IllegalStateException(
                    "Program '" + program.name() + "' took no time on the device, so it did not "
                            + "run there: check the driver with `tornado --devices`");
        }
    }

    private long execute(int graph, List<Launch> launches) {
        try {
            last = plan.withGraph(graph).execute();
            return last.getProfilerResult().getDeviceKernelTime();
        } catch (RuntimeException e) {
            String message = String.valueOf(e.getMessage());
            List<String> names = launches.stream().map(l -> l.kernel().toString()).distinct().toList();
            List<String> named = launches.stream().map(Launch::kernel).filter(k -> message.contains(k.name()))
                    .map(Kernel::toString).distinct().toList();
            throw new IllegalStateException("TornadoVM failed on " + (named.isEmpty() ? "one of " + names : named)
                    + ": " + message.lines().findFirst().orElse("")
                    + ". If memory ran out, raise -Dtornado.device.memory "
                    + "or lower training.batch (the arenas take " + (bytes() >> 20) + " MiB); if a kernel does not "
                    + "compile, use --device vector and report it", e);
        }
    }

    /// Sends the Java arrays, if somebody wrote to one. `own` overwrites every arena, so all are pulled before a write.
    private void push() {
        if (hostAhead && !resident.isEmpty()) {
            execute(0, List.of());
        }
        hostAhead = false;
    }

    /// Brings the Java arrays of these arenas up to date.
    private void pull(Set<Arena> arenas) {
        Set<Arena> wanted = EnumSet.copyOf(stale);
        wanted.retainAll(arenas);
        if (!wanted.isEmpty()) {
            last.transferToHost(arrays(wanted));
            stale.removeAll(wanted);
        }
    }

    private void prepareWrite(Tensor tensor) {
        if (resident.contains(tensor.arena())) {
            pull(resident);
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

    /// Replays the program in Java, launch by launch, on what the device holds; the next run sends the result back.
    @Override
    public String firstNonFinite(Program program) {
        pull(resident);
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
            plan.withGraph(0);
            plan.close();
        } catch (TornadoExecutionPlanException e) {
            throw new IllegalStateException("TornadoVM did not give the device's memory back: " + e.getMessage(), e);
        }
    }
}
