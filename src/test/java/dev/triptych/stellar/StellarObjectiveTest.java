package dev.triptych.stellar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.triptych.check.TwinComparison;
import dev.triptych.device.HostSession;
import dev.triptych.program.Arena;
import dev.triptych.program.Launch;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.trial.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Where gradients of STELLAR's objective stop, what they reach, and that float32 computes what float64 proves.
class StellarObjectiveTest {
    /// Section 5: "no gradient through the choice".
    private static final String KOLEO = "KoLeo: choice of the nearest token";
    /// Section 4.2: targets are computed with "no grad"; section 4.3: "Targets detached".
    private static final String TOKENS = "token targets";
    private static final String CLS = "CLS targets";
    /// Section 4.5: "No gradient", on either side of the cost.
    private static final String MASKED = "matching of masked tokens";
    private static final String STUDENT = "matching of student tokens";
    private static final String OWN = "target tokens S";

    private static final List<String> MAIN = List.of(TOKENS, CLS, MASKED, OWN, KOLEO, KOLEO);

    /// By setting, in the order of the program. A teacher (section 4.7) has no gradient to stop.
    private static final Map<String, List<String>> STOPS = Map.of("main recipe", MAIN, "code head", MAIN,
            "no temperature of L", MAIN, "no local crops", MAIN, "EMA teacher", List.of(STUDENT, MASKED, KOLEO, KOLEO),
            "no matching", List.of(TOKENS, CLS, KOLEO, KOLEO), "KoLeo only", List.of(KOLEO, KOLEO), "no masking",
            List.of(TOKENS, CLS, KOLEO), "decoder reads D", MAIN);

    static List<StellarMiniature> miniatures() {
        return StellarMiniature.all();
    }

    private static CounterRandom random() {
        return CounterRandom.of(5, Stream.CHECK, 2, 0);
    }

    @ParameterizedTest
    @MethodSource("miniatures")
    void stopsTheGradientsThatTheSpecificationLists(StellarMiniature miniature) {
        var program = miniature.trial(random()).program();
        assertEquals(STOPS.get(miniature.name()), program.stopGradients());
        assertEquals(program.stopGradients().size(), program.pinned().size());
    }

    @ParameterizedTest
    @MethodSource("miniatures")
    void everyParameterOfATermInUseGetsAGradient(StellarMiniature miniature) {
        Trial trial = miniature.trial(random());
        List<String> reached = trial.gradients().parameters().stream().map(Tensor::name).toList();
        List<String> expected = trial.state().parameters().keySet().stream()
                .filter(name -> !miniature.name().equals("KoLeo only")
                        || name.startsWith("encoder.") || name.equals("sparse_tokens"))
                .filter(name -> !miniature.direct() || !name.matches("(dense|sparse)_proj\\..+"))
                .toList();
        assertEquals(expected, reached);
        try (HostSession session = trial.bind()) {
            session.run(trial.program());
            for (Tensor parameter : trial.gradients().parameters()) {
                float[] gradient = session.download(trial.gradients().of(parameter));
                assertFalse(isZero(gradient), () -> "The gradient of " + parameter + " is zero");
            }
        }
    }

    private static boolean isZero(float[] values) {
        for (float v : values) {
            if (v != 0f) {
                return false;
            }
        }
        return true;
    }

    @ParameterizedTest
    @MethodSource("miniatures")
    void theTeacherReceivesNoGradient(StellarMiniature miniature) {
        Trial trial = miniature.trial(random());
        assertEquals(miniature.teacher(), !trial.state().teachers().isEmpty());
        trial.state().teachers().forEach((name, tensor) -> {
            assertFalse(tensor.differentiable());
            assertNull(trial.gradients().of(tensor));
        });
        for (Launch launch : trial.program().launches()) {
            if (launch.output().arena() == Arena.TEACHER) {
                assertEquals("ema", launch.operation());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("miniatures")
    void float32AgreesWithFloat64(StellarMiniature miniature) {
        Trial single = miniature.trial(random());
        var twin = dev.triptych.twin.stellar.StellarMiniature.all().stream()
                .filter(m -> m.name().equals(miniature.name())).findFirst().orElseThrow().trial(random());
        TwinComparison.agree(single, twin, 1e-4, (a, b) -> compareDecisions(single, twin, a, b));
    }

    /// Matches and nearest neighbours, launch by launch.
    private static void compareDecisions(Trial single, dev.triptych.twin.trial.Trial twin, HostSession a,
            dev.triptych.twin.device.HostSession b) {
        var decisions = new ArrayList<int[]>();
        single.program().launches().stream().filter(l -> l.output().arena() == Arena.INTEGERS)
                .forEach(l -> decisions.add(a.downloadIntegers(l.output())));
        var expected = new ArrayList<int[]>();
        twin.program().launches().stream()
                .filter(l -> l.output().arena() == dev.triptych.twin.program.Arena.INTEGERS)
                .forEach(l -> expected.add(b.downloadIntegers(l.output())));
        assertFalse(decisions.isEmpty());
        assertArrayEquals(expected.toArray(), decisions.toArray());
    }
}
