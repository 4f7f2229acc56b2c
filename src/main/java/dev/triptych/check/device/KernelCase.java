package dev.triptych.check.device;

import dev.triptych.device.Device;
import dev.triptych.device.HostSession;
import dev.triptych.device.Session;
import dev.triptych.program.Arena;
import dev.triptych.program.Call;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.function.Supplier;

/// One call of a kernel with the numbers that its tensors hold: a program of one launch, run on any device. Tensors are
/// drawn at random, or are those of a launch of another program.
public final class KernelCase {
    /// Memory of the case: what lies in it before the run.
    private record Memory(Arena arena, Object values) {
        int length() {
            return values instanceof float[] f ? f.length : ((int[]) values).length;
        }
    }

    /// The case as a program over a state that several cases share.
    private record Instance(Program program, Map<Tensor, Memory> memories) {
    }

    private final Call call;
    private final Map<Tensor, Memory> contents;

    private KernelCase(Call call, Map<Tensor, Memory> contents) {
        this.call = call;
        this.contents = contents;
    }

    /// A case whose tensors are drawn.
    ///
    /// @param call makes the call; its tensors are drawn in the order in which it asks for them
    public static KernelCase of(long seed, Function<Draw, Call> call) {
        var draw = new Draw(seed);
        return new KernelCase(call.apply(draw), draw.contents);
    }

    /// The case that a launch of a program is about to be, with the numbers that its tensors hold now.
    public static KernelCase of(Launch launch, HostSession session) {
        var contents = new IdentityHashMap<Tensor, Memory>();
        for (Tensor tensor : launch.tensors()) {
            contents.computeIfAbsent(tensor.root(), root -> {
                Arena arena = root.arena();
                return arena.isInteger()
                        ? new Memory(Arena.INTEGERS, session.downloadIntegers(root))
                        : new Memory(arena.mirrorsParameters() ? arena : Arena.ACTIVATIONS, session.download(root));
            });
        }
        return new KernelCase(launch.call(), contents);
    }

    /// Draws the tensors of a case.
    public static final class Draw {
        private final Random random;
        private final Program program = new Program("draw", new State());
        private final Map<Tensor, Memory> contents = new IdentityHashMap<>();

        private Draw(long seed) {
            random = new Random(seed);
        }

        /// Normal numbers with mean 0 and variance 1.
        public Tensor normal(int n) {
            return numbers(n, () -> (float) random.nextGaussian());
        }

        /// Uniform numbers between bounds.
        public Tensor uniform(int n, float low, float high) {
            return numbers(n, () -> low + (high - low) * random.nextFloat());
        }

        private Tensor numbers(int n, Supplier<Float> draw) {
            float[] values = new float[n];
            for (int i = 0; i < n; i++) {
                values[i] = draw.get();
            }
            return values(values);
        }

        /// These numbers.
        public Tensor values(float... values) {
            return put(program.constant("numbers", values, values.length), new Memory(Arena.ACTIVATIONS, values));
        }

        /// These integers.
        public Tensor integers(int... values) {
            return put(program.constant("integers", values), new Memory(Arena.INTEGERS, values));
        }

        /// Room for n numbers; what lies there before the run must not matter.
        public Tensor output(int n) {
            return normal(n);
        }

        private Tensor put(Tensor tensor, Memory memory) {
            contents.put(tensor, memory);
            return tensor;
        }
    }

    /// The call, on tensors of the program that the case is from.
    public Call call() {
        return call;
    }

    /// Runs twice on a device and returns all float arrays afterwards, inputs included.
    public List<float[]> run(Device device) {
        return run(device, List.of(this)).getFirst().stream().filter(float[].class::isInstance)
                .map(float[].class::cast).toList();
    }

    /// Runs cases twice, as programs of one session, and returns for each all its memory afterwards: `float[]` and
    /// `int[]`, inputs included, in the order of the arguments.
    public static List<List<Object>> run(Device device, List<KernelCase> cases) {
        var state = new State();
        var instances = new ArrayList<Instance>();
        for (KernelCase c : cases) {
            instances.add(c.instance(state, "case" + instances.size()));
        }
        try (Session session = device.bind(state, instances.stream().map(Instance::program).toList())) {
            instances.forEach(i -> i.memories.forEach((tensor, memory) -> {
                if (memory.arena.mirrorsParameters()) {
                    session.upload(tensor, (float[]) memory.values);
                }
            }));
            for (Instance i : instances) {
                session.run(i.program);
                session.run(i.program);
            }
            return instances.stream().map(i -> i.memories.keySet().stream().map(t -> contents(session, t)).toList())
                    .toList();
        }
    }

    private static Object contents(Session session, Tensor tensor) {
        return tensor.arena().isInteger() ? session.downloadIntegers(tensor) : session.download(tensor);
    }

    private Instance instance(State state, String name) {
        var program = new Program(name, state);
        var memories = new LinkedHashMap<Tensor, Memory>();
        var roots = new IdentityHashMap<Tensor, Tensor>();
        Call own = call.with(t -> {
            Tensor root = roots.computeIfAbsent(t.root(),
                    r -> tensor(program, contents.get(r), name + "." + memories.size()));
            memories.put(root, contents.get(t.root()));
            return root.view(t == t.root() ? 0 : t.offset(), t.shape());
        });
        program.operation("case", own.tensors().getLast()).launch(0, own);
        return new Instance(program, memories);
    }

    private static Tensor tensor(Program program, Memory memory, String name) {
        if (memory.values instanceof int[] integers) {
            return program.constant(name, integers);
        }
        if (!memory.arena.mirrorsParameters()) {
            return program.constant(name, (float[]) memory.values, memory.length());
        }
        Tensor parameter = program.state().parameter(name, (into, draw) -> {
        }, memory.length());
        if (memory.arena == Arena.TEACHER) {
            return program.state().teacher(name);
        }
        return program.state().mirror(parameter, memory.arena);
    }

    /// What distinguishes the case from others of its kernel: shapes, sizes and constants.
    public String shape() {
        var text = new StringJoiner(" ");
        call.tensors().forEach(t -> text.add(Tensor.text(t.shape())));
        call.sizes().forEach(size -> text.add(size.toString()));
        if (call.launch() >= 0) {
            text.add("launch " + call.launch());
        }
        call.constants().forEach(constant -> text.add(constant.toString()));
        return text.toString();
    }

    @Override
    public String toString() {
        return call.kernel() + " " + shape();
    }
}
