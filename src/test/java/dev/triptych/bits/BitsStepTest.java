package dev.triptych.bits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.channel.BitAgreement;
import dev.triptych.channel.BitsHead;
import dev.triptych.channel.CodingRate;
import dev.triptych.channel.HeadReset;
import dev.triptych.channel.Messages;
import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.method.TrainingStep;
import dev.triptych.methods.Methods;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Arena;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Recipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole training steps of recipe `bits-micro` on the plain device: the acceptance tests of the specification's
/// section 11 that need a model.
class BitsStepTest {
    private static Recipe recipe(String... overrides) {
        var all = new ArrayList<>(List.of("training.batch=4", "data.train-images=8"));
        all.addAll(List.of(overrides));
        return Methods.RECIPES.load("bits-micro", all).recipe();
    }

    /// A model with one batch of noise bound to a session; parameters as drawn, the teacher equal to the student.
    private static final class Run implements AutoCloseable {
        private final BitsPrograms programs;
        private final TrainingStep<Bits.Objective> step;
        private final HostSession session;
        private final AdamWRates rates;
        private final Recipe recipe;

        Run(String... overrides) {
            recipe = recipe(overrides);
            programs = new BitsPrograms(recipe);
            step = programs.train(recipe.training().stages().getFirst());
            session = new PlainDevice(false).bind(programs.state(), step.program());
            session.initialize(programs.state(), 3);
            programs.state().buffers().forEach((name, b) -> session.upload(b, programs.state().bufferValues(name)));
            var random = CounterRandom.of(3, Stream.CHECK, 3, 0);
            step.program().inputs().forEach((name, input) -> {
                float[] values = new float[input.count()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = name.equals("droppath") ? 1f : random.uniform();
                }
                session.upload(input, values);
            });
            rates = new AdamWRates(step.descent().parameters(), t -> recipe.optimizer().decayVectors() || t.rank() > 1,
                    recipe.optimizer().beta1(), recipe.optimizer().beta2());
            momentum(0.9f);
        }

        State state() {
            return programs.state();
        }

        void momentum(float m) {
            session.upload(step.momentum(), new float[]{m});
        }

        void step(double lr) {
            session.upload(step.descent().rates(), rates.next(lr, 0.04));
            session.run(step.program());
        }

        float output(String name) {
            return session.value(step.program().outputs().get(name));
        }

        Map<String, float[]> students() {
            var values = new HashMap<String, float[]>();
            state().parameters().forEach((name, t) -> values.put(name, session.download(t)));
            return values;
        }

        Map<String, float[]> teachers() {
            var values = new HashMap<String, float[]>();
            state().teachers().forEach((name, t) -> values.put(name, session.download(t)));
            return values;
        }

        @Override
        public void close() {
            session.close();
        }
    }

    private static boolean equal(Map<String, float[]> a, Map<String, float[]> b) {
        return a.keySet().equals(b.keySet())
                && a.keySet().stream().allMatch(name -> Arrays.equals(a.get(name), b.get(name)));
    }

    /// Section 11.9: every ablation of section 7 is a flag.
    @ParameterizedTest
    @ValueSource(strings = {"seed=1", "bits.targets=soft", "bits.agreement=cosine", "bits.teacher-in-rate=true",
            "bits.centred=true", "bits.head-batch-norm=true", "bits.bits=3", "bits.beta=0", "bits.epsilon=0.5",
            "optimizer.clip-norm=0.3", "optimizer.clip=none", "bits.drop-path=0", "bits.local-crops=0",
            "bits.head-gain=null"})
    void everySwitchTrains(String override) {
        try (var run = new Run(override)) {
            var losses = new ArrayList<Float>();
            for (int i = 0; i < 12; i++) {
                run.step(2e-3);
                losses.add(run.output("total"));
            }
            assertTrue(losses.stream().allMatch(Float::isFinite), losses::toString);
            assertTrue(losses.getLast() < losses.getFirst(), losses::toString);
            String agreement = override.contains("cosine") ? "cosine" : "bce";
            float beta = (float) BitsSection.of(run.recipe).beta();
            assertEquals(beta > 0, run.step.program().outputs().containsKey("rate"));
            float rate = beta > 0 ? run.output("rate") : 0;
            assertEquals(run.output(agreement) + beta * rate, run.output("total"), 1e-5);
        }
    }

    /// No switch is lost on the way from the recipe to the equations.
    @Test
    void everySwitchReachesTheModel() {
        var s = BitsPrograms.settings(Methods.RECIPES.load("bits-micro", List.of("bits.targets=soft",
                "bits.target-temperature=0.05", "bits.agreement=cosine", "bits.teacher-in-rate=true",
                "bits.centred=true", "bits.head-batch-norm=true", "bits.bits=3", "bits.beta=0.3", "bits.epsilon=0.5",
                "bits.drop-path=0.25", "bits.head-gain=0.7", "bits.head-hidden=17")).recipe());
        assertEquals(new Messages(0.05f), s.messages());
        assertEquals(BitAgreement.COSINE, s.agreement());
        assertEquals(new CodingRate(0.5f, true, true), s.rate());
        assertEquals(new BitsHead.Settings(17, 3, 0.7f, true), s.head());
        assertEquals(0.3f, s.beta());
        assertEquals(List.of(0f, 0.25f), s.dropPath());
        var paper = BitsPrograms.settings(Methods.RECIPES.load("bits-micro", List.of("bits.head-gain=null")).recipe());
        assertEquals(new BitsHead.Settings(32, 16, 0f, false), paper.head());
        assertEquals(Messages.HARD, paper.messages());
        assertEquals(new CodingRate(0.05f, false, false), paper.rate());
    }

    /// Section 11.4: after m = 1 the teacher is unchanged, after m = 0 it is the student that the optimizer left.
    @Test
    void theTeacherFollowsTheStudentAfterTheOptimizer() {
        try (var run = new Run()) {
            run.step(1e-2);
            Map<String, float[]> before = run.teachers();
            run.momentum(1f);
            run.step(1e-2);
            assertTrue(equal(before, run.teachers()));
            run.momentum(0f);
            run.step(1e-2);
            assertTrue(equal(run.students(), run.teachers()));
            assertFalse(equal(before, run.teachers()));
        }
    }

    @Test
    void vectorsAreNotDecayed() {
        try (var run = new Run()) {
            List<String> vectors = run.step.descent().parameters().stream().filter(t -> t.rank() == 1).map(Tensor::name)
                    .toList();
            assertTrue(vectors.stream().allMatch(n -> n.endsWith(".bias") || n.contains("norm")), vectors::toString);
            assertTrue(List.of("encoder.cls", "encoder.positions").stream().noneMatch(vectors::contains));
            assertEquals(run.step.descent().parameters().size(),
                    run.step.program().outputs().get("gradient norm").count());
        }
    }

    /// Section 11.5.
    @Test
    void aResetDrawsOneHeadForStudentAndTeacher() {
        try (var run = new Run("bits.head-batch-norm=true"); var other = new Run("bits.head-batch-norm=true")) {
            for (Run each : List.of(run, other)) {
                each.step(1e-2);
                each.step(1e-2);
            }
            Map<String, float[]> students = run.students();
            Map<String, float[]> teachers = run.teachers();
            Bits.RESET.apply(run.session, run.state(), run.rates, 7, 1);
            run.students().forEach((name, values) -> {
                if (!name.startsWith("head.")) {
                    assertArrayEquals(students.get(name), values, name);
                    assertArrayEquals(teachers.get(name), run.teachers().get(name), name);
                    return;
                }
                assertArrayEquals(values, run.teachers().get(name), name);
                assertFalse(Arrays.equals(students.get(name), values), name);
                assertFalse(Arrays.equals(teachers.get(name), values), name);
                for (Arena arena : List.of(Arena.FIRST_MOMENTS, Arena.SECOND_MOMENTS)) {
                    Tensor moment = run.state().mirror(run.state().parameter(name), arena);
                    assertArrayEquals(new float[values.length], run.session.download(moment), name);
                }
            });
            long[] steps = run.rates.steps();
            for (int i = 0; i < steps.length; i++) {
                assertEquals(Bits.RESET.isHead(run.step.descent().parameters().get(i)) ? 0 : 2, steps[i]);
            }
            assertArrayEquals(run.state().bufferValues("head.norm.running"),
                    run.session.download(run.state().buffers().get("head.norm.running")));
            float[] rates = run.rates.next(0.1, 0.2);
            float[] without = other.rates.next(0.1, 0.2);
            for (int i = 0; i < steps.length; i++) {
                assertEquals(without[4 * i], rates[4 * i], "the learning rate goes on");
                assertEquals(without[4 * i + 1], rates[4 * i + 1], "the weight decay goes on");
            }
        }
    }

    @Test
    void eachResetIsADrawOfItsOwnFromTheInitialDistribution() {
        var programs = new BitsPrograms(recipe("bits.head-hidden=256"));
        State state = programs.state();
        var first = Bits.RESET.draw(state, 7, 1);
        assertTrue(equal(first, Bits.RESET.draw(state, 7, 1)));
        assertFalse(equal(first, Bits.RESET.draw(state, 7, 2)));
        assertFalse(equal(first, Bits.RESET.draw(state, 8, 1)));
        assertEquals(6, first.size());
        double squares = 0;
        float[] weight = first.get("head.fc2.weight");
        for (float w : weight) {
            squares += w * w;
        }
        // gain 0.9 over sqrt(256); the cut at -2 and 2 takes nothing of it
        assertEquals(0.9 / 16, Math.sqrt(squares / weight.length), 5e-4);
        assertArrayEquals(new float[256], first.get("head.fc2.bias"));
    }

    @Test
    void aHundredEpochsWithAPeriodOfTenHaveNineResets() {
        long perEpoch = 5;
        long length = 100 * perEpoch;
        long period = BitsSection.of(recipe("bits.reset-every=10")).resetSteps(perEpoch);
        List<Long> due = LongStream.rangeClosed(0, length).filter(t -> HeadReset.due(t, length, period) > 0).boxed()
                .toList();
        assertEquals(List.of(50L, 100L, 150L, 200L, 250L, 300L, 350L, 400L, 450L), due);
        assertEquals(9, HeadReset.due(450, length, period));
        assertEquals(0,
                HeadReset.due(450, length, BitsSection.of(recipe("bits.reset-every=null")).resetSteps(perEpoch)));
    }

    /// Section 11.8: features are the teacher's backbone's; another head changes the logits alone.
    @Test
    void featuresNeedNoHead() {
        var programs = new BitsPrograms(recipe());
        var evaluation = programs.evaluate(3);
        Program p = evaluation.program();
        Bits.Features values = evaluation.values();
        try (HostSession session = new PlainDevice().bind(programs.state(), p)) {
            session.initialize(programs.state(), 3);
            var random = CounterRandom.of(3, Stream.CHECK, 4, 0);
            float[] pixels = new float[evaluation.input().count()];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = random.uniform();
            }
            session.upload(evaluation.input(), pixels);
            session.run(p);
            float[] cls = session.download(values.cls());
            float[] dense = session.download(values.dense());
            float[] logits = session.download(values.logits());
            assertEquals(3 * 32, cls.length);
            assertEquals(3 * 16 * 32, dense.length);
            assertEquals(3 * 16, logits.length);
            // the student changes nothing at all
            programs.state().parameters().values().forEach(t -> session.upload(t, new float[t.count()]));
            session.run(p);
            assertArrayEquals(cls, session.download(values.cls()));
            assertArrayEquals(dense, session.download(values.dense()));
            assertArrayEquals(logits, session.download(values.logits()));
            Bits.RESET.draw(programs.state(), 1, 1)
                    .forEach((name, drawn) -> session.upload(programs.state().teacher(name), drawn));
            session.run(p);
            assertArrayEquals(cls, session.download(values.cls()));
            assertArrayEquals(dense, session.download(values.dense()));
            assertFalse(Arrays.equals(logits, session.download(values.logits())));
        }
    }

    @Test
    void thePapersProgramHasThePapersSizes() {
        var programs = new BitsPrograms(Methods.RECIPES.load("bits-paper", List.of()).recipe());
        var step = programs.train(programs.recipe().training().stages().getFirst());
        // section 1.2: 6 295 808 parameters of the head with 2048 rows of 768 inputs and 256 bits
        assertEquals(6_295_808, programs.state().parameters().values().stream().filter(Bits.RESET::isHead)
                .mapToLong(Tensor::size).sum());
        assertEquals(92_094_464, programs.state().parameterCount());
        assertArrayEquals(new int[]{12, 256, 256}, step.objective().studentLogits().shape());
        assertArrayEquals(new int[]{12, 2, 12 * 256}, step.objective().inputs().dropPath().keep().shape());
        var recipe = programs.recipe();
        long epochs = 100;
        assertEquals(5e-4, recipe.optimizer().learningRate(10, epochs, 1), 1e-12);
        assertEquals(6.36e-5, recipe.optimizer().learningRate(90, epochs, 1), 5e-7);
        assertEquals(0.3912, recipe.optimizer().weightDecayAt(90, epochs), 5e-5);
        assertEquals(0.99990, recipe.training().stages().getFirst().momentumAt(90, epochs), 5e-6);
    }
}
