package dev.triptych.check.device;

import dev.triptych.device.Device;
import dev.triptych.device.HostSession;
import dev.triptych.device.Session;
import dev.triptych.program.Arena;
import dev.triptych.program.Kernel;
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
import java.util.function.Supplier;

/// One kernel with arguments: a program of one launch, run on any device. Arguments are drawn at random in the kernel's
/// order, or are those of a launch of another program.
public final class KernelCase {
    /// Memory of the case: what lies in it before the run.
    private record Memory(Arena arena, Object values) {
        int length() {
            return values instanceof float[] f ? f.length : ((int[]) values).length;
        }
    }

    /// An argument that is an array: a part of a memory.
    private record Part(Memory memory, long from, int... shape) {
    }

    /// The case as a program over a state that several cases share.
    private record Instance(Program program, Map<Tensor, Memory> memories) {
    }

    private final Kernel kernel;
    private final Random random;
    private final List<Object> arguments = new ArrayList<>();

    /// A case of a kernel of that family, to be given its arguments.
    public KernelCase(long seed, Class<?> family, String kernel) {
        this(Kernel.of(family, kernel), new Random(seed));
    }

    private KernelCase(Kernel kernel, Random random) {
        this.kernel = kernel;
        this.random = random;
    }

    /// The case that a launch of a program is about to be, with the numbers that its tensors hold now.
    public static KernelCase of(Launch launch, HostSession session) {
        var found = new KernelCase(launch.kernel(), null);
        var memories = new IdentityHashMap<Tensor, Memory>();
        for (Object argument : launch.arguments()) {
            if (argument instanceof Tensor t) {
                Memory memory = memories.computeIfAbsent(t.root(), root -> {
                    Arena arena = root.arena();
                    return arena.isInteger()
                            ? new Memory(Arena.INTEGERS, session.downloadIntegers(root))
                            : new Memory(arena.mirrorsParameters() ? arena : Arena.ACTIVATIONS, session.download(root));
                });
                found.arguments.add(new Part(memory, t == t.root() ? 0 : t.offset(), t.shape()));
            } else {
                found.arguments.add(argument);
            }
        }
        return found;
    }

    /// The kernel.
    public Kernel kernel() {
        return kernel;
    }

    /// Normal numbers with mean 0 and variance 1.
    public KernelCase normal(int n) {
        return numbers(n, () -> (float) random.nextGaussian());
    }

    /// Uniform numbers between bounds.
    public KernelCase uniform(int n, float low, float high) {
        return numbers(n, () -> low + (high - low) * random.nextFloat());
    }

    private KernelCase numbers(int n, Supplier<Float> draw) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = draw.get();
        }
        return values(values);
    }

    /// These numbers.
    public KernelCase values(float... values) {
        arguments.add(new Part(new Memory(Arena.ACTIVATIONS, values), 0, values.length));
        return this;
    }

    /// These integers.
    public KernelCase integers(int... values) {
        arguments.add(new Part(new Memory(Arena.INTEGERS, values), 0, values.length));
        return this;
    }

    /// Room for n numbers; what lies there before the run must not matter.
    public KernelCase output(int n) {
        return normal(n);
    }

    /// Sizes.
    public KernelCase sizes(int... sizes) {
        for (int size : sizes) {
            arguments.add(size);
        }
        return this;
    }

    /// Constants.
    public KernelCase constants(float... constants) {
        for (float constant : constants) {
            arguments.add(constant);
        }
        return this;
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
        var tensors = new IdentityHashMap<Memory, Tensor>();
        var values = new ArrayList<Object>();
        for (Object argument : arguments) {
            if (argument instanceof Part part) {
                Tensor root = tensors.computeIfAbsent(part.memory,
                        m -> tensor(program, m, name + "." + memories.size()));
                memories.put(root, part.memory);
                values.add(root.view(part.from, part.shape));
            } else {
                values.add(argument);
            }
        }
        Tensor last = values.stream().filter(Tensor.class::isInstance).map(Tensor.class::cast).toList().getLast();
        program.operation("case", last).launch(0, kernel, values.toArray());
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
        for (Object argument : arguments) {
            text.add(argument instanceof Part part ? Tensor.text(part.shape) : argument.toString());
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return kernel + " " + shape();
    }
}
