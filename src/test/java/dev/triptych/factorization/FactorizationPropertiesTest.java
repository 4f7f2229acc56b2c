package dev.triptych.factorization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.HostSession;
import dev.triptych.nn.Scope;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.trial.Trial;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.simple.SimpleMatrix;

/// What L, S and Z must satisfy whatever the features: STELLAR Eq. 1 and 14.
class FactorizationPropertiesTest {
    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void rowsOfLSumToOneAndZIsTheirProductOfRankAtMostK(
            @ForAll int seed,
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll @IntRange(min = 1, max = 20) int n,
            @ForAll @IntRange(min = 1, max = 6) int k,
            @ForAll @IntRange(min = 1, max = 12) int d,
            @ForAll boolean cosine) {
        var trial = new Trial("factorization", CounterRandom.of(seed, Stream.CHECK, 5, 0));
        var factors = new Factorization(Scope.of(trial.state()), d, cosine ? 0.06f : 0f)
                .apply(trial.program(), trial.fixed("D", batch, n, d), trial.fixed("S", batch, k, d));
        try (HostSession session = trial.bind()) {
            session.run(trial.program());
            float[] l = session.download(factors.localization());
            float[] s = session.download(factors.sparse());
            float[] z = session.download(factors.lowRank());
            for (int b = 0; b < batch; b++) {
                SimpleMatrix lb = matrix(l, b, n, k);
                SimpleMatrix zb = matrix(z, b, n, d);
                for (int i = 0; i < n; i++) {
                    assertEquals(1, lb.extractVector(true, i).elementSum(), 1e-5);
                    assertTrue(lb.extractVector(true, i).elementMin() >= 0);
                }
                SimpleMatrix product = lb.mult(matrix(s, b, k, d));
                assertEquals(0, zb.minus(product).elementMaxAbs(), 1e-5);
                double[] values = zb.svd().getSingularValues();
                for (int i = k; i < values.length; i++) {
                    assertTrue(values[i] <= 1e-5 * values[0], () -> "more than " + k + " singular values");
                }
            }
        }
    }

    private static SimpleMatrix matrix(float[] values, int number, int rows, int columns) {
        var matrix = new SimpleMatrix(rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            matrix.set(i / columns, i % columns, values[number * rows * columns + i]);
        }
        return matrix;
    }
}
