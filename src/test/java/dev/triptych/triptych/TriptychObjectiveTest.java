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
import dev.triptych.decoder.FourierPositions;
import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.measure.feature.Spectrum;
import dev.triptych.program.Gradients;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.TotalLoss;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.stellar.Stellar;
import dev.triptych.trial.Trial;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
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
            "whole view alone", List.of(KOLEO), "pixels and messages", List.of(STUDENT, KOLEO, KOLEO), "no crops",
            List.of(STUDENT, KOLEO, KOLEO)));

    static List<TriptychMiniature> miniatures() {
        return TriptychMiniature.all();
    }

    private static TriptychMiniature miniature(String name) {
        return miniatures().stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
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
                    java.util.Arrays.setAll(t, i -> i % codes);
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

    /// Section 9: "the CLS part alone equals BITS's loss on the same logits".
    @Test
    void theClsPartIsBitsLoss() {
        var random = random();
        float[] s = new float[4 * 3 * 5];
        float[] t = new float[2 * 3 * 5];
        for (float[] x : List.of(s, t)) {
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.gaussian();
            }
        }
        var state = new State();
        var p = new Program("cls", state);
        Tensor student = p.input("s", 4, 3, 5);
        Tensor teacher = p.input("t", 2, 3, 5);
        var rate = new CodingRate(0.05f, false, false);
        var bits = new Alignment.Bits(null, rate);
        Tensor z = Messages.HARD.of(p, teacher);
        Tensor[] values = {bits.clsLoss(p, student, z), BitAgreement.BCE.loss(p, student, z),
                bits.rateLoss(p, p.slice(student, 0, 2)), rate.loss(p, student, teacher)};
        for (Tensor value : values) {
            p.keep(value);
        }
        try (HostSession session = new PlainDevice(false).bind(state, p)) {
            session.upload(student, s);
            session.upload(teacher, t);
            session.run(p);
            assertEquals(session.value(values[1]), session.value(values[0]));
            assertEquals(session.value(values[3]), session.value(values[2]));
            assertTrue(session.value(values[0]) > 0.3 && session.value(values[2]) < 0);
        }
    }

    /// Section 9: "rows of L' sum to 1 and rank of Z' is at most K".
    @Test
    void rowsOfTheMaskedLocalizationSumToOneAndZHasTheRankOfTheTokens() {
        Trial trial = miniature("every term").trial(random());
        try (HostSession session = trial.bind()) {
            session.run(trial.program());
            var softmax = trial.program().launches().stream().filter(l -> l.operation().equals("softmax")).toList();
            assertEquals(2, softmax.size(), "L and L'");
            Tensor l = softmax.getLast().output();
            float[] where = session.download(l);
            for (int r = 0; r < l.rows(); r++) {
                double sum = 0;
                for (int k = 0; k < l.columns(); k++) {
                    sum += where[r * l.columns() + k];
                }
                assertEquals(1, sum, 1e-6);
            }
            var products = trial.program().launches().stream()
                    .filter(x -> x.operation().equals("product") && x.output().shape().length == 3
                            && x.output().side(1) == 9 && x.output().columns() == 8)
                    .toList();
            float[] z = session.download(products.getLast().output());
            assertTrue(Spectrum.effectiveRank(z, 0, 9, 8) <= 3 + 1e-3);
            float[] dense = session.download(trial.program().launches().stream()
                    .filter(x -> x.section().startsWith("masked low rank") && x.operation().equals("gatherRows"))
                    .findFirst().orElseThrow().output());
            assertTrue(Spectrum.effectiveRank(dense, 0, 9, 8) > 3.3, "D' has more");
        }
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
