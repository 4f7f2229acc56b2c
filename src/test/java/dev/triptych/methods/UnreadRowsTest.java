package dev.triptych.methods;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.bits.BitsMiniature;
import dev.triptych.device.HostSession;
import dev.triptych.encoder.View;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.stellar.StellarMiniature;
import dev.triptych.trial.Trial;
import dev.triptych.triptych.TriptychMiniature;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the last block does not make is read by nobody: losses have the same bits with it and without, gradients the
/// same numbers.
class UnreadRowsTest {
    record Case(String name, BiFunction<CounterRandom, Boolean, Trial> trial) {
        @Override
        public String toString() {
            return name;
        }
    }

    static java.util.stream.Stream<Case> cases() {
        return java.util.stream.Stream.of(
                BitsMiniature.all().stream().map(m -> new Case("BITS, " + m.name(), m::trial)),
                StellarMiniature.all().stream().map(m -> new Case("STELLAR, " + m.name(), m::trial)),
                TriptychMiniature.all().stream().map(m -> new Case("Triptych, " + m.name(), m::trial)))
                .flatMap(s -> s);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void lossesAndGradientsAreThoseOfAllRows(Case c) {
        Trial some = c.trial().apply(random(), false);
        Trial all = c.trial().apply(random(), true);
        try (HostSession s = some.bind(); HostSession a = all.bind()) {
            s.run(some.program());
            a.run(all.program());
            assertEquals(a.value(all.gradients().loss()), s.value(some.gradients().loss()));
            assertEquals(names(all), names(some));
            for (int i = 0; i < names(all).size(); i++) {
                float[] expected = a.download(all.gradients().of(all.gradients().parameters().get(i)));
                float[] found = s.download(some.gradients().of(some.gradients().parameters().get(i)));
                float largest = 1e-3f;
                for (float x : expected) {
                    largest = Math.max(largest, Math.abs(x));
                }
                assertArrayEquals(expected, found, 1e-6f * largest, names(all).get(i));
            }
        }
        assertTrue(some.program().flops() <= all.program().flops());
    }

    private static CounterRandom random() {
        return CounterRandom.of(5, Stream.CHECK, 2, 0);
    }

    private static List<String> names(Trial trial) {
        return trial.gradients().parameters().stream().map(Tensor::name).toList();
    }

    @Test
    void whereClsAloneIsReadTheLastBlockMakesClsAlone() {
        var state = new State();
        var settings = new VisionTransformer.Settings(3, 2, 8, 2, 2, 12, 1e-6f);
        var encoder = new VisionTransformer(Scope.of(state), settings, 1, "BITS section 1.1");
        var p = new Program("encode", state);
        Tensor images = p.input("images", 5, 3, 6, 6);
        View all = View.full(p, images, 2, 0, 1, 3);
        var encoding = encoder.encode(p, all, View.full(p, images, 2, 2, 1, 3).reading(View.Read.CLS_AND_SPARSE),
                View.full(p, images, 1, 4, 1, 3).reading(View.Read.CLS));
        assertArrayEquals(new int[]{5 * 11, 8}, encoding.hidden().getFirst().shape());
        assertArrayEquals(new int[]{2 * 11 + 2 * 2 + 1, 8}, encoding.hidden().getLast().shape());
        assertArrayEquals(new int[]{2, 1, 8}, encoding.sparse(p, 1).shape());
        assertArrayEquals(new int[]{1, 8}, encoding.cls(p, 2).shape());
        var e = assertThrows(IllegalArgumentException.class, () -> encoding.dense(p, 1));
        assertTrue(e.getMessage().contains("View.reading"), e.getMessage());
    }
}
