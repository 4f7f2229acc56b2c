package dev.triptych.device.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.triptych.device.Session;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.program.Arena;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.UpdateOperations.AdamW;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// TornadoVM hands buffers from each graph to the one that runs next, so that a graph which leaves one out would read
/// a stale copy of it. Programs of several graphs run in every order here, with reads and writes in between.
class GraphOrderTest {
    private static final int ROWS = 5;
    private static final int SIDE = 7;

    /// Two programs that train, with an average of the weights, and one that reads the average.
    private static final class Model {
        final State state = new State();
        final Program prior = new Program("prior", state);
        final Program main = new Program("main", state);
        final Program evaluate = new Program("evaluate", state);

        Model() {
            for (String name : List.of("a", "b")) {
                state.parameter(name, (values, random) -> {
                }, SIDE, SIDE);
                state.teacher(name);
            }
            train(prior, "a");
            train(main, "b");
            Tensor x = evaluate.input("x", ROWS, SIDE);
            evaluate.output("y", evaluate.productTransposed(evaluate.productTransposed(x, state.teacher("a")),
                    state.teacher("b")));
        }

        /// Both weights are in the loss; the second of them takes part once more.
        private void train(Program p, String again) {
            Tensor x = p.input("x", ROWS, SIDE);
            Tensor y = p.gelu(p.productTransposed(p.gelu(p.productTransposed(x, state.parameter("a"))),
                    state.parameter("b")));
            Tensor z = p.productTransposed(y, state.parameter(again));
            Tensor loss = p.mean(p.rowDots(z, z));
            p.output("loss", loss);
            Gradients gradients = p.gradient(loss);
            Tensor rates = p.input("rates", gradients.parameters().size(), 4);
            p.adamw(new AdamW(0.9, 0.999, 1e-8f, 1f, false), gradients, rates);
            p.emaUpdate(List.of(state.parameter("a"), state.parameter("b")), p.input("momentum", 1));
        }

        void start(Session session) {
            var random = new Random(1);
            state.parameters().values().forEach(p -> session.upload(p, normal(random, p.count())));
            session.copyToTeacher(state);
        }

        void run(Session session, Program program, int step) {
            var random = new Random(step);
            session.upload(program.inputs().get("x"), normal(random, ROWS * SIDE));
            if (program != evaluate) {
                session.upload(program.inputs().get("rates"),
                        new float[]{1e-3f, 1e-5f, 0.5f, 0.1f, 2e-3f, 1e-5f, 0.5f, 0.1f});
                session.upload(program.inputs().get("momentum"), new float[]{0.9f});
            }
            session.run(program);
        }

        private static float[] normal(Random random, int n) {
            float[] values = new float[n];
            for (int i = 0; i < n; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return values;
        }
    }

    private static void compare(Model model, Session plain, Session other, String order) {
        model.state.parameters().forEach((name, p) -> {
            assertArrayEquals(plain.download(p), other.download(p), 1e-4f, order + name);
            for (Arena arena : new Arena[]{Arena.TEACHER, Arena.FIRST_MOMENTS, Arena.SECOND_MOMENTS}) {
                Tensor t = arena == Arena.TEACHER ? model.state.teacher(name) : model.state.mirror(p, arena);
                assertArrayEquals(plain.download(t), other.download(t), 1e-4f, order + name + " " + arena);
            }
        });
    }

    @Test
    void afterThreeStepsInAnyOrderNothingIsStale() {
        assumeTrue(TornadoDevice.unavailable() == null, TornadoDevice::unavailable);
        var model = new Model();
        List<Program> programs = List.of(model.prior, model.main, model.evaluate);
        try (var plainDevice = new PlainDevice();
                var device = new TornadoDevice(-1, 4, false);
                Session plain = plainDevice.bind(model.state, programs);
                Session other = device.bind(model.state, programs)) {
            for (int order = 0; order < 27; order++) {
                model.start(plain);
                model.start(other);
                var text = new StringBuilder();
                for (int step = 0; step < 3; step++) {
                    Program program = programs.get(order / (step == 0 ? 1 : step == 1 ? 3 : 9) % 3);
                    text.append(program.name()).append(' ');
                    model.run(plain, program, 100 * order + step);
                    model.run(other, program, 100 * order + step);
                    for (Map.Entry<String, Tensor> output : program.outputs().entrySet()) {
                        assertArrayEquals(plain.download(output.getValue()), other.download(output.getValue()), 1e-3f,
                                text + output.getKey());
                    }
                    if (order % 2 == step % 2) {
                        Tensor b = model.state.parameter("b");
                        float[] reset = plain.download(b);
                        reset[3] += 0.25f;
                        plain.upload(b, reset);
                        other.upload(b, reset);
                    }
                }
                compare(model, plain, other, text.toString());
            }
            long launches = other.figures().launched();
            assertEquals(plain.figures().launched(), launches, "launches that were carried out");
        }
    }
}
