package dev.triptych.triptych;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.alignment.PrototypeHead;
import dev.triptych.alignment.SinkhornTargets;
import dev.triptych.channel.BitAgreement;
import dev.triptych.channel.CodingRate;
import dev.triptych.channel.Messages;
import dev.triptych.check.TwinComparison;
import dev.triptych.data.set.Scenes;
import dev.triptych.decoder.FourierPositions;
import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.methods.Methods;
import dev.triptych.program.Gradients;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.TotalLoss;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.stellar.Stellar;
import dev.triptych.tokens.DecoderTargets;
import dev.triptych.trial.Trial;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Triptych's objective: where gradients stop and what they reach, which terms are in the program, what sections become
/// where others are off, and that float32 computes what float64 proves.
class TriptychObjectiveTest {
    private static final String STUDENT = "matching: the student's S";
    private static final String ECHO = "echo: the decoder's logits";
    private static final String KOLEO = "KoLeo: choice of the nearest token";

    /// By setting, in the order of the program. A teacher has no gradient to stop.
    private static final Map<String, List<String>> STOPS = new TreeMap<>(Map.of(
            "without messages", List.of(KOLEO, ECHO, KOLEO), "without messages and rate", List.of(KOLEO, ECHO, KOLEO),
            "without contrast", List.of(STUDENT, KOLEO, KOLEO), "without KoLeo", List.of(STUDENT, ECHO),
            "without KoLeo of the whole view", List.of(STUDENT, ECHO, KOLEO), "without masked KoLeo",
            List.of(STUDENT, KOLEO, ECHO),
            "whole view alone", List.of(KOLEO), "pixels and messages", List.of(STUDENT, KOLEO, KOLEO), "no crops",
            List.of(STUDENT, KOLEO, KOLEO)));

    static List<TriptychMiniature> miniatures() {
        return TriptychMiniature.all();
    }

    /// The objective of `triptych-micro` on a batch, whose session has it computed.
    private record Computed(TriptychPrograms programs, Triptych.Objective objective, HostSession session)
            implements
                AutoCloseable {
        /// @param kept values that are downloaded
        static Computed of(Function<Triptych.Objective, List<Tensor>> kept) {
            var recipe = Methods.RECIPES.load("triptych-micro", List.of("training.batch=4", "data.train-images=16"))
                    .recipe();
            var targets = DecoderTargets.of(recipe, DecoderTargets.codebook(recipe), true);
            var images = new Scenes(1, 0, 16, 16);
            var programs = new TriptychTask(recipe, images, targets).programs();
            var state = programs.state();
            var p = new Program("objective", state);
            var objective = programs.model().objective(p, TriptychPrograms.views(recipe));
            kept.apply(objective).forEach(p::keep);
            HostSession session = new PlainDevice(false).bind(state, p);
            session.initialize(state, 3);
            // a teacher's heads of their own, so that its logits are not the student's
            Alignment.RESET.draw(state, 7, 1).forEach((name, x) -> session.upload(state.teacher(name), x));
            TriptychTask.upload(session, objective.inputs(), new TriptychViews(images, recipe, targets).make(0, null),
                    false);
            session.run(p);
            return new Computed(programs, objective, session);
        }

        @Override
        public void close() {
            session.close();
        }
    }

    private static CounterRandom random() {
        return CounterRandom.of(5, Stream.CHECK, 2, 0);
    }

    @ParameterizedTest
    @MethodSource("miniatures")
    void stopsTheGradientsThatTheSpecificationLists(TriptychMiniature miniature) {
        var program = miniature.trial(random()).program();
        assertEquals(STOPS.getOrDefault(miniature.name(), List.of(STUDENT, KOLEO, ECHO, KOLEO)),
                program.stopGradients());
        assertEquals(program.stopGradients().size(), program.pinned().size());
    }

    /// Section 6: without B the echo keeps the logits of x0m, and q and W_P get no gradient. Keys of attention get
    /// rounding noise alone, and so do biases before a batch norm.
    @ParameterizedTest
    @MethodSource("miniatures")
    void everyParameterOfATermInUseGetsAGradient(TriptychMiniature miniature) {
        Trial trial = miniature.trial(random());
        var missed = new TreeSet<>(trial.state().parameters().keySet());
        trial.gradients().parameters().forEach(p -> missed.remove(p.name()));
        var w = miniature.weights();
        var expected = new TreeSet<String>();
        if (w.masked() == 0 && w.contrast() != 0) {
            expected.addAll(List.of("place_query", "place_proj.weight"));
        }
        assertEquals(expected, missed);
        trial.state().teachers().values().forEach(t -> assertFalse(t.differentiable()));
    }

    /// Each weight of 0 takes its term out of the program, and what only that needs.
    @ParameterizedTest
    @MethodSource("miniatures")
    void aWeightOfZeroLeavesTheTermOut(TriptychMiniature miniature) {
        Trial trial = miniature.trial(random());
        var w = miniature.weights();
        var sections = new TreeSet<String>();
        trial.program().launches().stream().map(Launch::section).forEach(sections::add);
        has(sections, "codes of dropped cells", w.masked() != 0);
        has(sections, "InfoNCE", w.contrast() != 0);
        has(sections, "echo:", w.contrast() != 0);
        has(sections, "uniformity", w.uniformity() != 0);
        has(sections, "coding rate", w.rate() != 0);
        has(sections, "teacher's encoder", w.teaches());
        has(sections, "optimal-transport", w.alignment() != 0);
        has(sections, "masked low rank", w.predicts());
        has(sections, "KoLeo", w.koleo() != 0 || w.maskedKoleo() != 0);
        has(sections, "reconstruction", w.reconstruction() != 0);
        var names = trial.state().parameters().keySet();
        assertEquals(w.aligns(), names.stream().anyMatch(n -> n.startsWith("token_head.")));
        assertEquals(w.predicts(), names.contains("place_query"));
        assertEquals(w.contrast() != 0, names.contains("projector.fc1.weight"));
        assertEquals(w.contrast() != 0, trial.state().buffers().containsKey("codebook"));
        assertEquals(w.teaches(), !trial.state().teachers().isEmpty());
    }

    private static void has(TreeSet<String> sections, String part, boolean expected) {
        assertEquals(expected, sections.stream().anyMatch(s -> s.contains(part)), part + " in " + sections);
    }

    @ParameterizedTest
    @MethodSource("miniatures")
    void float32AgreesWithFloat64(TriptychMiniature miniature) {
        Trial single = miniature.trial(random());
        var twin = dev.triptych.twin.triptych.TriptychMiniature.all().stream()
                .filter(m -> m.name().equals(miniature.name())).findFirst().orElseThrow().trial(random());
        TwinComparison.agree(single, twin, 2e-4, (a, b) -> {
        });
    }

    /// Section 9: "the loss without 3, 4 and 5 equals STELLAR's with clustering, masking and crops off, to the bit".
    @Test
    void withoutSectionsThreeToFiveTheLossIsStellars() {
        for (int codes : new int[]{0, 7}) {
            float reconstruction = codes == 0 ? 10f : 0.05f;
            var weights = new Triptych.Weights(reconstruction, 0f, 0f, 0f, 0f, 0f, 0.1f, 0.1f);
            Triptych.Settings s = new TriptychMiniature("alone", 2, codes, 0, false, weights).settings();
            var ours = new State();
            var p = new Program("triptych", ours);
            var triptych = new Triptych(ours, s, FourierPositions.draw(1, s.decoder().width()), new float[0]);
            var objective = triptych.objective(p, new Triptych.Views(2, 4, 5, 0, 0));
            var theirs = new State();
            var q = new Program("stellar", theirs);
            var stellar = new Stellar(theirs, new Stellar.Settings(s.encoder(), s.tokens(), s.spatialTemperature(),
                    new PrototypeHead.Settings(1, 4, 4, 4), new PrototypeHead.Settings(1, 4, 4, 4),
                    new SinkhornTargets(0.06f, 3, 1f), 0.12f, s.matching(), s.decoder(), false,
                    new Stellar.Weights(reconstruction, 0.1f, 0f, 0f, 0f, 0f, 0f)),
                    FourierPositions.draw(1, s.decoder().width()));
            var expected = stellar.objective(q, new Stellar.Views(2, 0, 0, 0, 0, 0, false));
            Gradients g = p.gradient(objective.loss().total());
            Gradients h = q.gradient(expected.loss().total());
            try (HostSession a = new PlainDevice(false).bind(ours, p);
                    HostSession b = new PlainDevice(false).bind(theirs, q)) {
                a.initialize(ours, 3);
                b.initialize(theirs, 3);
                var random = random();
                float[] pixels = new float[objective.inputs().image().count()];
                for (int i = 0; i < pixels.length; i++) {
                    pixels[i] = random.uniform();
                }
                a.upload(objective.inputs().image(), pixels);
                b.upload(expected.inputs().image(), pixels);
                if (codes > 0) {
                    int[] t = new int[18];
                    Arrays.setAll(t, i -> i % codes);
                    a.upload(objective.inputs().codes(), t);
                    b.upload(expected.inputs().codes(), t);
                }
                a.run(p);
                b.run(q);
                assertEquals(b.value(expected.loss().total()), a.value(objective.loss().total()));
                assertEquals(g.parameters().stream().map(Tensor::name).toList(),
                        h.parameters().stream().map(Tensor::name).toList());
                for (Tensor parameter : g.parameters()) {
                    assertArrayEquals(b.download(h.of(theirs.parameter(parameter.name()))),
                            a.download(g.of(parameter)), parameter.name());
                }
            }
        }
    }

    /// Section 9: "the CLS part alone equals BITS's loss on the same logits": that of the objective's own views, to the
    /// bit, and BITS Eq. 8 and 9 as they are written.
    @Test
    void theClsPartIsBitsLoss() {
        try (var computed = Computed.of(o -> List.of(o.aligned().clsLogits(), o.taught().clsLogits(),
                o.loss().term("cls messages"), o.loss().term("cls rate")))) {
            var o = computed.objective();
            Tensor sOf = o.aligned().clsLogits();
            Tensor tOf = o.taught().clsLogits();
            int n = 4;
            int bits = 16;
            assertArrayEquals(new int[]{4, n, bits}, sOf.shape(), "masked g_1, masked g_2 and two crops");
            assertArrayEquals(new int[]{2, n, bits}, tOf.shape());
            float[] s = computed.session().download(sOf);
            float[] t = computed.session().download(tOf);
            float bce = computed.session().value(o.loss().term("cls messages"));
            float rate = computed.session().value(o.loss().term("cls rate"));
            assertEquals(bitCrossEntropy(s, t, n * bits), bce, 1e-5);
            assertEquals(rate(s, n, bits, 0.05), rate, 1e-4);

            var state = new State();
            var p = new Program("BITS sections 3.1 to 3.3", state);
            Tensor student = p.input("s", sOf.shape());
            Tensor teacher = p.input("t", tOf.shape());
            Tensor agreement = BitAgreement.BCE.loss(p, student, Messages.HARD.of(p, teacher));
            Tensor spread = new CodingRate(0.05f, false, false).loss(p, student, teacher);
            p.keep(agreement);
            p.keep(spread);
            try (HostSession session = new PlainDevice(false).bind(state, p)) {
                session.upload(student, s);
                session.upload(teacher, t);
                session.run(p);
                assertEquals(session.value(agreement), bce);
                assertEquals(session.value(spread), rate);
            }
        }
    }

    /// BITS Eq. 8: the mean over teacher's view q, student's view v other than q, images and bits of softplus(s) - z s.
    ///
    /// @param each numbers of a view
    private static double bitCrossEntropy(float[] s, float[] t, int each) {
        double sum = 0;
        int count = 0;
        for (int q = 0; q < t.length / each; q++) {
            for (int v = 0; v < s.length / each; v++) {
                for (int i = 0; i < each && v != q; i++) {
                    double x = s[v * each + i];
                    sum += Math.log1p(Math.exp(x)) - (t[q * each + i] > 0 ? x : 0);
                    count++;
                }
            }
        }
        return sum / count;
    }

    /// BITS Eq. 9: -gamma / 2 of the sum over both large views of log det(I + B / (n e) U^T U) / 2.
    private static double rate(float[] s, int n, int bits, double e) {
        double sum = 0;
        for (int v = 0; v < 2; v++) {
            SimpleMatrix u = matrix(s, v, n, bits);
            for (int i = 0; i < n; i++) {
                u.insertIntoThis(i, 0, u.extractVector(true, i).divide(u.extractVector(true, i).normF()));
            }
            sum += Math.log(SimpleMatrix.identity(bits).plus(u.transpose().mult(u).scale(bits / (n * e)))
                    .determinant()) / 2;
        }
        return -(double) (bits + n) / (bits * n) * sum / 2;
    }

    private static SimpleMatrix matrix(float[] values, int number, int rows, int columns) {
        var matrix = new SimpleMatrix(rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            matrix.set(i / columns, i % columns, values[number * rows * columns + i]);
        }
        return matrix;
    }

    /// Section 9: "rows of L' sum to 1 and rank of Z' is at most K".
    @Test
    void rowsOfTheMaskedLocalizationSumToOneAndZHasTheRankOfTheTokens() {
        try (var computed = Computed.of(o -> List.of(o.masked().factors().localization(),
                o.masked().factors().lowRank(), o.masked().dense()))) {
            var masked = computed.objective().masked();
            float[] l = computed.session().download(masked.factors().localization());
            float[] z = computed.session().download(masked.factors().lowRank());
            float[] dense = computed.session().download(masked.dense());
            assertArrayEquals(new int[]{4, 16, 3}, masked.factors().localization().shape());
            for (int b = 0; b < 4; b++) {
                SimpleMatrix where = matrix(l, b, 16, 3);
                for (int i = 0; i < 16; i++) {
                    assertEquals(1, where.extractVector(true, i).elementSum(), 1e-6);
                }
                double[] values = matrix(z, b, 16, 32).svd().getSingularValues();
                assertTrue(values[3] <= 1e-5 * values[0], () -> "more than 3: " + Arrays.toString(values));
                double[] all = matrix(dense, b, 16, 32).svd().getSingularValues();
                assertTrue(all[3] > 1e-3 * all[0], () -> "D' has more: " + Arrays.toString(all));
            }
        }
    }

    /// Section 9: with nothing dropped and D'_i taken from the encoder, section 3 equals section 2, in whatever order
    /// cells are kept. A dropped cell has the query of its place, and then they differ.
    @Test
    void withNothingDroppedTheMaskedViewIsTheWholeOne() {
        var weights = new Triptych.Weights(1f, 1f, 0f, 0f, 0f, 0f, 0f, 0f);
        var settings = new TriptychMiniature("kept", 2, 7, 0, false, weights).settings();
        var state = new State();
        var model = new Triptych(state, settings, FourierPositions.draw(1, 8), new float[7 * 12]);
        var p = new Program("nothing dropped", state);
        var all = model.objective(p, new Triptych.Views(2, 9, 5, 0, 0));
        var q = new Program("one dropped", state);
        var most = model.objective(q, new Triptych.Views(2, 8, 5, 0, 0));
        compared(all).forEach(p::keep);
        compared(most).forEach(q::keep);
        try (HostSession session = new PlainDevice(false).bind(state, p, q)) {
            session.initialize(state, 3);
            int[] order = {4, 0, 8, 2, 6, 1, 7, 3, 5};
            for (boolean shuffled : new boolean[]{false, true}) {
                given(session, all, IntStream.range(0, 18).map(i -> shuffled ? order[i % 9] : i % 9).toArray());
                session.run(p);
                List<Tensor> pairs = compared(all);
                for (int i = 0; i < pairs.size(); i += 2) {
                    assertArrayEquals(session.download(pairs.get(i)), session.download(pairs.get(i + 1)),
                            shuffled ? 1e-4f : 1e-6f, pairs.get(i).name());
                }
            }
            // cell 4 of both pictures is dropped
            given(session, most, IntStream.range(0, 16).map(i -> i % 8 < 4 ? i % 8 : i % 8 + 1).toArray());
            session.run(q);
            float[] positions = session.download(state.parameter("encoder.positions"));
            float[] query = session.download(state.parameter("place_query"));
            float[] projection = session.download(state.parameter("place_proj.weight"));
            float[] dense = session.download(most.masked().dense());
            for (int j = 0; j < 8; j++) {
                double expected = query[j];
                for (int i = 0; i < 8; i++) {
                    expected += positions[(1 + 4) * 8 + i] * projection[j * 8 + i];
                }
                for (int b = 0; b < 2; b++) {
                    assertEquals(expected, dense[(b * 9 + 4) * 8 + j], 1e-6);
                }
            }
            float[] whole = session.download(most.whole().factors().lowRank());
            float[] masked = session.download(most.masked().factors().lowRank());
            double apart = IntStream.range(0, whole.length).mapToDouble(i -> Math.abs(whole[i] - masked[i])).max()
                    .orElseThrow();
            assertTrue(apart > 0.01, () -> "apart by " + apart);
        }
    }

    /// D and D', S and S', L and L', Z and Z', and what is decoded of both.
    private static List<Tensor> compared(Triptych.Objective o) {
        var whole = o.whole();
        var masked = o.masked();
        return List.of(whole.dense(), masked.dense(), whole.factors().sparse(), masked.sparse(),
                whole.factors().localization(), masked.factors().localization(), whole.factors().lowRank(),
                masked.factors().lowRank(), whole.decoding().prediction(), masked.logits());
    }

    private static void given(HostSession session, Triptych.Objective o, int[] kept) {
        var random = random();
        float[] pixels = new float[o.inputs().image().count()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.uniform();
        }
        session.upload(o.inputs().image(), pixels);
        session.upload(o.inputs().codes(), new int[o.inputs().codes().count()]);
        o.inputs().keep(kept, new int[0], session::upload, session::upload);
    }

    /// Every weight reaches its own term and no other.
    @Test
    void everyWeightReachesItsOwnTerm() {
        var w = new Triptych.Weights(2f, 3f, 5f, 7f, 11f, 13f, 17f, 19f);
        var m = new TriptychMiniature("primes", 3, 7, 2, false, w);
        var state = new State();
        var model = new Triptych(state, m.settings(), FourierPositions.draw(1, 8), new float[7 * 12]);
        var objective = model.objective(new Program("primes", state), new Triptych.Views(3, 4, 5, 2, 2));
        var found = new TreeMap<String, Float>();
        for (TotalLoss.Term term : objective.loss().terms()) {
            found.put(term.name(), term.weight());
        }
        assertEquals(new TreeMap<>(Map.of("reconstruction", 2f, "masked", 3f, "token messages", 5f, "cls messages", 5f,
                "token rate", 7f, "cls rate", 7f, "contrast", 11f, "uniformity", 13f, "koleo", 17f, "masked koleo",
                19f)), found);
    }
}
