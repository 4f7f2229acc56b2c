package dev.triptych.sorcen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.methods.Methods;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.trial.Trial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Where gradients of Sorcen's objective stop, what they reach, what masked codes may change, and how it begins.
class SorcenObjectiveTest {
    private static final Predicate<Tensor> DECODES = t -> t.name().startsWith("decoder.")
            || t.name().startsWith("head.");

    static List<SorcenMiniature> miniatures() {
        return SorcenMiniature.all();
    }

    private static CounterRandom random() {
        return CounterRandom.of(5, Stream.CHECK, 2, 0);
    }

    private static SorcenMiniature miniature(String name) {
        return miniatures().stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
    }

    /// Sections 2.5, 2.6 and 4: the token head's W, the logits behind an echo, and what the teacher shares.
    @ParameterizedTest
    @MethodSource("miniatures")
    void gradientsStopWhereTheSpecificationSaysSo(SorcenMiniature miniature) {
        var expected = new ArrayList<>(List.of("token head: word embedding W"));
        if (miniature.echo() != null) {
            if (miniature.echo().candidates() != null) {
                expected.add("echo: the decoder's logits");
            }
            expected.addAll(List.of("teacher: the student's embedding", "teacher: the student's final layer norm"));
        }
        assertEquals(expected, miniature.trial(random()).program().stopGradients());
    }

    @ParameterizedTest
    @MethodSource("miniatures")
    void everyParameterGetsAGradientAndNoTeacherDoes(SorcenMiniature miniature) {
        Trial trial = miniature.trial(random());
        assertEquals(List.copyOf(trial.state().parameters().values()), trial.gradients().parameters());
        trial.state().teachers().values().forEach(t -> assertNull(trial.gradients().of(t)));
        assertEquals(miniature.echo() == null, trial.state().teachers().isEmpty());
        trial.state().teachers().keySet()
                .forEach(name -> assertTrue(name.startsWith("encoder.blocks.") || name.startsWith("projector."), name));
    }

    /// The objective of the main miniature on a program of its own.
    private record Built(Program program, Sorcen model, Sorcen.Objective objective) {
        static Built of(SorcenMiniature miniature) {
            var state = new State();
            var model = new Sorcen(state, miniature.settings());
            var program = new Program("test", state);
            return new Built(program, model, model.objective(program, miniature.batch()));
        }

        /// Values of inputs as in the miniature's trial.
        HostSession bind(SorcenMiniature miniature) {
            Trial trial = miniature.trial(random());
            HostSession session = new PlainDevice(false).bind(program.state(), program);
            session.initialize(program.state(), 3);
            program.inputs().forEach((name, tensor) -> {
                Tensor other = trial.program().inputs().get(name);
                if (tensor.arena().isInteger()) {
                    session.upload(tensor, trial.integers(other));
                } else {
                    session.upload(tensor, trial.values(other));
                }
            });
            return session;
        }
    }

    /// The contrast trains encoder, projector and predictor, and neither decoder nor token head (section 4).
    @Test
    void theContrastNeverTrainsTheDecoder() {
        var built = Built.of(miniature("main recipe"));
        Gradients gradients = built.program().gradient(built.objective().loss().term("contrast"));
        for (Tensor parameter : built.program().state().parameters().values()) {
            boolean decodes = DECODES.test(parameter);
            if (decodes) {
                assertNull(gradients.of(parameter), parameter::toString);
            } else {
                assertNotNull(gradients.of(parameter), parameter::toString);
            }
        }
    }

    /// The reconstruction trains encoder and decoder; W through the input only.
    @Test
    void theReconstructionNeverTrainsTheContrast() {
        var built = Built.of(miniature("main recipe"));
        Gradients gradients = built.program().gradient(built.objective().loss().term("reconstruction"));
        for (Tensor parameter : built.program().state().parameters().values()) {
            boolean contrasts = parameter.name().startsWith("projector.") || parameter.name().startsWith("predictor.");
            assertEquals(contrasts, gradients.of(parameter) == null, parameter::toString);
        }
    }

    /// Changing the true code of a masked cell changes the loss, and no logit anywhere.
    @Test
    void masksLeakNothing() {
        SorcenMiniature miniature = miniature("main recipe");
        var built = Built.of(miniature);
        Trial trial = miniature.trial(random());
        float[] weights = trial.values(trial.program().inputs().get("mask.weights"));
        try (HostSession session = built.bind(miniature)) {
            session.run(built.program());
            Tensor loss = built.objective().loss().term("reconstruction");
            Tensor logits = built.objective().decoding().logits();
            float before = session.value(loss);
            float[] a = session.download(logits);
            int[] codes = trial.integers(trial.program().inputs().get("codes"));
            for (int i = 0; i < codes.length; i++) {
                codes[i] = weights[i] > 0 ? (codes[i] + 1) % 7 : codes[i];
            }
            session.upload(built.program().inputs().get("codes"), codes);
            session.run(built.program());
            assertArrayEquals(a, session.download(logits));
            assertFalse(before == session.value(loss));
        }
    }

    /// Section 3: logits begin with variance 0.0004 D, so the loss begins near ln K + 0.0002 D.
    @Test
    void theLossesBeginWhereTheyShould() {
        var recipe = Methods.RECIPES.load("sorcen-cifar", List.of("training.batch=16", "sorcen.dropout=0")).recipe();
        var programs = new SorcenPrograms(recipe);
        var step = programs.train(recipe.training().stages().getFirst());
        var sizes = programs.model().settings().encoder();
        int n = sizes.cells();
        var random = random();
        int[] codes = new int[16 * n];
        boolean[] masked = new boolean[codes.length];
        int[] kept = new int[codes.length / 2];
        float[] weights = new float[codes.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = random.below(sizes.codes());
            masked[i] = i % n < n / 2;
            weights[i] = masked[i] ? 2f / codes.length : 0f;
        }
        Arrays.setAll(kept, i -> n / 2 + i % (n / 2));
        Program p = step.program();
        try (HostSession session = new PlainDevice(true).bind(programs.state(), p)) {
            session.initialize(programs.state(), 1);
            var in = step.objective().inputs();
            in.masked().cells().give(codes, masked, kept, session::upload);
            session.upload(in.masked().codes(), codes);
            session.upload(in.masked().weights(), weights);
            int[] window = new int[codes.length];
            Arrays.fill(window, 2);
            session.upload(in.window(), window);
            session.upload(step.momentum(), new float[]{0.99f});
            session.run(p);
            assertEquals(Math.log(sizes.codes()) + 0.0002 * sizes.width(),
                    session.value(p.outputs().get("reconstruction")), 0.05);
            assertEquals(Math.log(16), session.value(p.outputs().get("contrast")), 1);
            float uniformity = session.value(p.outputs().get("uniformity"));
            assertTrue(uniformity >= 1f / 16 && uniformity <= 1.0001f, () -> "" + uniformity);
        }
    }

    /// Probes and generation see the student without dropout and without teacher.
    @Test
    void evaluationIsTheStudentsAlone() {
        var programs = new SorcenPrograms(Methods.RECIPES.load("sorcen-micro", List.of()).recipe());
        for (Program p : List.of(programs.evaluate(4).program(), programs.generate(4).program())) {
            assertFalse(p.inputs().containsKey("dropout"));
            assertTrue(p.launches().stream().flatMap(l -> l.tensors().stream())
                    .noneMatch(t -> t.name().startsWith("teacher.") || t.name().contains("projector")));
        }
        assertEquals(4, programs.evaluate(4).batch());
    }

    /// Section 2.1, with K + 2 ids instead of 2025.
    @Test
    void theModelOfThePaperHasItsSizes() {
        var state = new SorcenPrograms(Methods.RECIPES.load("sorcen-paper", List.of()).recipe()).state();
        assertEquals(85_056_000, count(state, "encoder.blocks.", "encoder.norm."));
        assertEquals(1_754_112 - 999 * 768,
                count(state, "encoder.codes", "encoder.positions", "encoder.embedding_norm."));
        assertEquals(57_492_480, count(state, "decoder."));
        assertEquals(594_153 - 999, count(state, "head."));
        assertEquals(5_255_680, count(state, "projector."));
        assertEquals(2_103_808, count(state, "predictor."));
        assertEquals(90_310_144, state.teachers().values().stream().mapToLong(Tensor::size).sum());
    }

    private static long count(State state, String... prefixes) {
        return state.parameters().values().stream()
                .filter(t -> Arrays.stream(prefixes).anyMatch(t.name()::startsWith)).mapToLong(Tensor::size).sum();
    }
}
