package dev.triptych.device.vector;

import dev.triptych.device.Device;
import dev.triptych.device.HostSession;
import dev.triptych.device.Window;
import dev.triptych.program.Call;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs programs on all cores: kernels of the table with the Vector API, all others in their range form. Results do not
/// depend on the number of threads. Without the module `jdk.incubator.vector` range forms serve every kernel.
public final class VectorDevice implements Device {
    private static final String MODULE = "jdk.incubator.vector";

    private final boolean reuse;
    private final WorkerPool pool;
    private final boolean vectors = hasVectors();

    /// All cores; values in between may share memory.
    public VectorDevice() {
        this(Runtime.getRuntime().availableProcessors());
    }

    /// @param threads at least 1
    public VectorDevice(int threads) {
        this(threads, true);
    }

    /// @param threads at least 1
    /// @param reuse without it every value in between stays readable after a run, as checks need
    public VectorDevice(int threads, boolean reuse) {
        this.pool = new WorkerPool(threads);
        this.reuse = reuse;
        if (!vectors) {
            System.getLogger(VectorDevice.class.getName()).log(System.Logger.Level.WARNING,
                    "Module " + MODULE + " is absent, so kernels run several times slower: start Java with"
                            + " --add-modules " + MODULE);
        }
    }

    /// Whether this Java was started with the Vector API.
    public static boolean hasVectors() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public String description() {
        return pool.threads() + (pool.threads() == 1 ? " thread, " : " threads, ")
                + (vectors ? FastKernels.vectorBits() + "-bit vectors" : "no Vector API");
    }

    @Override
    public HostSession bind(State state, List<Program> programs) {
        return new VectorSession(state, programs);
    }

    @Override
    public HostSession bind(State state, Program... programs) {
        return bind(state, List.of(programs));
    }

    /// Ends the threads; sessions can run no more.
    @Override
    public void close() {
        pool.close();
    }

    /// What is carried out together: patterns, if no value in between need be readable.
    private List<List<Launch>> groups(Program program) {
        return reuse && vectors
                ? Pattern.groups(program)
                : program.launches().stream().map(List::of).toList();
    }

    private final class VectorSession extends HostSession {
        private final Map<Launch, Map<Tensor, Integer>> mentions = new IdentityHashMap<>();

        VectorSession(State state, List<Program> programs) {
            super(state, programs, reuse, VectorDevice.this::groups);
            for (Program program : programs) {
                Map<Tensor, Integer> all = Window.mentions(program);
                program.launches().forEach(launch -> mentions.put(launch, all));
            }
            bindAll(programs);
        }

        @Override
        protected Runnable bind(List<Launch> group) {
            Launch launch = group.getFirst();
            if (group.size() > 1) {
                return Pattern.bind(group, mentions.get(launch), memory(), pool);
            }
            Call.Bound call = launch.call().bind(memory());
            Optional<Runnable> fast = vectors ? FastKernels.bind(call, pool) : Optional.empty();
            return fast.orElseGet(() -> RangeKernel.bind(call, Math.max(launch.flops(), launch.bytes() / 4), pool));
        }
    }
}
