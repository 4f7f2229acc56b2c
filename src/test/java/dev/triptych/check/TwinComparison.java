package dev.triptych.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.HostSession;
import dev.triptych.trial.Trial;
import java.util.LinkedHashMap;
import java.util.function.BiConsumer;

/// The same objective in float32 and in the float64 twin, whose gradients finite differences prove.
public final class TwinComparison {
    private static final double LOSS = 1e-4;

    private TwinComparison() {
    }

    /// Runs both and compares losses and gradients.
    ///
    /// @param tolerance of the gradients' difference, relative to their norm
    /// @param before sees both sessions after the run, before the comparison
    public static void agree(Trial single, dev.triptych.twin.trial.Trial twin, double tolerance,
            BiConsumer<HostSession, dev.triptych.twin.device.HostSession> before) {
        try (HostSession a = single.bind(); dev.triptych.twin.device.HostSession b = twin.bind()) {
            a.run(single.program());
            b.run(twin.program());
            before.accept(a, b);
            double expected = b.value(twin.gradients().loss());
            assertEquals(expected, a.value(single.gradients().loss()), LOSS * Math.abs(expected));
            var found = new LinkedHashMap<String, float[]>();
            single.gradients().parameters()
                    .forEach(p -> found.put(p.name(), a.download(single.gradients().of(p))));
            double norm = 0;
            double difference = 0;
            for (var parameter : twin.gradients().parameters()) {
                double[] g = b.download(twin.gradients().of(parameter));
                float[] f = found.get(parameter.name());
                for (int i = 0; i < g.length; i++) {
                    norm += g[i] * g[i];
                    difference += (f[i] - g[i]) * (f[i] - g[i]);
                }
            }
            double error = Math.sqrt(difference / norm);
            assertTrue(error < tolerance, () -> "Gradients differ by " + error + " of their norm");
        }
    }
}
