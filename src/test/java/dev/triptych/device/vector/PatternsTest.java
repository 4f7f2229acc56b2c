package dev.triptych.device.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.Device;
import dev.triptych.device.HostSession;
import dev.triptych.device.Session;
import dev.triptych.device.Window;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.nn.DropoutLayer;
import dev.triptych.nn.LayerNorm;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.nn.TransformerBlock;
import dev.triptych.program.Gradients;
import dev.triptych.program.Launch;
import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Launches that are carried out together give what they give one by one.
class PatternsTest {
    /// Two transformer blocks and a layer norm, evaluated and trained.
    private static final class Model {
        final State state = new State();
        final Program train = new Program("train", state);
        final Program evaluate = new Program("evaluate", state);
        final Gradients gradients;

        Model(int heads, int size, int... lengths) {
            Tensor y = forward(train, heads, heads * size, lengths);
            Tensor loss = train.mean(train.squaredError(y, train.input("target", y.rows(), y.columns())));
            gradients = train.gradient(loss);
            train.output("loss", loss);
            train.output("dx", gradients.of(train.inputs().get("x")));
            evaluate.output("y", forward(evaluate, heads, heads * size, lengths));
        }

        private Tensor forward(Program p, int heads, int width, int... lengths) {
            int rows = Arrays.stream(lengths).sum();
            var scope = state.parameters().isEmpty() ? Scope.of(state) : Scope.of(state).asTeacher();
            Tensor x = p == train ? p.differentiableInput("x", rows, width) : p.input("x", rows, width);
            Packing packing = Packing.of(p, heads, lengths);
            for (int i = 0; i < 2; i++) {
                x = TransformerBlock.of(scope.in("blocks." + i), width, 2 * width, 1e-6f).apply(p, x, packing);
            }
            x = LinearLayer.of(scope.in("out"), width, width).apply(p, LayerNorm.of(scope.in("norm"), width, 1e-6f)
                    .apply(p, x));
            return x;
        }

        Map<String, float[]> run(Device device) {
            try (Session session = device.bind(state, train, evaluate)) {
                start(session);
                var values = new TreeMap<String, float[]>();
                for (Program program : List.of(train, evaluate, train)) {
                    session.run(program);
                    program.outputs().forEach((name, t) -> values.put(name, session.download(t)));
                }
                gradients.parameters().forEach(t -> values.put(t.name(), session.download(gradients.of(t))));
                assertNull(session.firstNonFinite(train));
                return values;
            }
        }

        void start(Session session) {
            session.initialize(state, 3);
            var random = new Random(4);
            for (Program program : List.of(train, evaluate)) {
                for (Tensor t : program.inputs().values()) {
                    float[] numbers = new float[t.count()];
                    for (int i = 0; i < numbers.length; i++) {
                        numbers[i] = (float) random.nextGaussian();
                    }
                    session.upload(t, numbers);
                }
            }
        }
    }

    private static List<String> kernels(List<Launch> group) {
        return group.stream().map(l -> l.kernel().name()).toList();
    }

    @Property(tries = 12)
    void together(@ForAll @IntRange(min = 1, max = 3) int heads, @ForAll @IntRange(min = 5, max = 40) int size,
            @ForAll @IntRange(min = 1, max = 70) int first, @ForAll @IntRange(min = 1, max = 70) int second) {
        var model = new Model(heads, size, first, second, first);
        try (var plain = new PlainDevice();
                var vector = new VectorDevice(1);
                var apart = new VectorDevice(2, false);
                var shared = new VectorDevice(3)) {
            Map<String, float[]> expected = model.run(plain);
            Map<String, float[]> actual = model.run(vector);
            Map<String, float[]> oneByOne = model.run(apart);
            Map<String, float[]> threads = model.run(shared);
            expected.forEach((name, values) -> {
                float scale = 0f;
                for (float v : values) {
                    scale = Math.max(scale, Math.abs(v));
                }
                assertArrayEquals(values, actual.get(name), 2e-5f * scale + 1e-7f, name);
                assertArrayEquals(values, oneByOne.get(name), 2e-5f * scale + 1e-7f, name);
                assertArrayEquals(actual.get(name), threads.get(name), 0f, name);
            });
        }
    }

    @Test
    void everyPatternIsFoundInATransformer() {
        var model = new Model(2, 16, 20, 9);
        var found = EnumSet.noneOf(Pattern.class);
        for (Program program : List.of(model.train, model.evaluate, withDropout())) {
            List<List<Launch>> groups = Pattern.groups(program);
            assertEquals(program.launches(), groups.stream().flatMap(List::stream).toList());
            groups.stream().filter(g -> g.size() > 1)
                    .forEach(g -> found.add(Pattern.of(g, Window.mentions(program)).orElseThrow()));
        }
        assertEquals(EnumSet.allOf(Pattern.class), found);
    }

    private static Program withDropout() {
        var state = new State();
        var program = new Program("dropout", state);
        Tensor x = program.differentiableInput("x", 29, 32);
        Tensor y = TransformerBlock.of(Scope.of(state), 32, 64, 1e-6f).apply(program, x, Packing.of(program, 2, 20, 9),
                DropoutLayer.input(program, 0.1f));
        program.gradient(program.mean(program.squaredError(y, program.input("target", 29, 32))));
        return program;
    }

    @Test
    void valuesThatOthersReadAreWritten() {
        var state = new State();
        var program = new Program("p", state);
        Tensor x = program.input("x", 40, 24);
        Tensor w = state.parameter("w", (v, r) -> Arrays.fill(v, 0.1f), 24, 24);
        Tensor b = state.parameter("b", (v, r) -> Arrays.fill(v, 0.5f), 24);
        Tensor before = program.linear(x, w, b);
        Tensor after = program.gelu(before);
        Tensor branch = program.linear(after, w, b);
        Tensor sum = program.add(x, branch);
        Tensor kept = program.linear(sum, w, b);
        program.keep(kept);
        program.output("sum", program.add(sum, kept));
        program.output("before", before);
        program.output("branch", branch);
        List<List<String>> groups = Pattern.groups(program).stream().map(PatternsTest::kernels).toList();
        assertTrue(groups.contains(List.of("linear", "gelu")));
        assertFalse(groups.contains(List.of("linear", "weightedAdd")));
        try (HostSession expected = new PlainDevice().bind(state, program);
                var device = new VectorDevice(1);
                HostSession actual = device.bind(state, program)) {
            for (HostSession session : List.of(expected, actual)) {
                session.initialize(state, 1);
                float[] numbers = new float[x.count()];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = (i % 37) / 37f;
                }
                session.upload(x, numbers);
                session.run(program);
            }
            for (Tensor t : List.of(kept, program.outputs().get("sum"), program.outputs().get("before"),
                    program.outputs().get("branch"))) {
                assertArrayEquals(expected.download(t), actual.download(t), 1e-4f, t.name());
            }
        }
    }
}
