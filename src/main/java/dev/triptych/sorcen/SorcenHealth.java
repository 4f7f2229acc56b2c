package dev.triptych.sorcen;

import dev.triptych.device.Session;
import dev.triptych.measure.feature.ArgMax;
import dev.triptych.measure.feature.Spectrum;
import dev.triptych.method.Health;
import dev.triptych.program.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/// The health figures of Sorcen, from the values of the last step.
public final class SorcenHealth {
    /// Below this effective rank all images look alike to the encoder.
    static final double COLLAPSED = 1.05;

    private SorcenHealth() {
    }

    /// Share of masked codes whose most likely code is right, beside the share of the commonest code; with the
    /// contrast, whether echoes have begun and the share of echoes that find their own image among the batch; effective
    /// rank of the pooled latents over the batch.
    static Map<String, Double> of(Session session, Sorcen model, Sorcen.Objective o, double commonest, boolean echoes) {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("masked accuracy", (double) session.value(model.accuracy()));
        figures.put("commonest code", commonest);
        if (o.contrasted() != null) {
            Tensor similarity = o.contrasted().contrast().similarity();
            figures.put("echoes", echoes ? 1.0 : 0.0);
            figures.put("echo match", match(session.download(similarity), similarity.rows()));
        }
        Tensor z = o.encoding().tokens();
        float[] latent = session.download(z);
        int length = 1 + model.settings().kept();
        figures.put("effective rank", Health.orNaN(() -> rank(latent, length, z.columns())));
        return figures;
    }

    /// Share of the rows whose largest number is on the diagonal. similarity (n, n).
    static double match(float[] similarity, int n) {
        int[] best = ArgMax.ofRows(similarity, 0, n, n);
        int found = 0;
        for (int i = 0; i < n; i++) {
            found += best[i] == i ? 1 : 0;
        }
        return (double) found / n;
    }

    /// Effective rank of the means over each image's tokens. z (images length, d).
    private static double rank(float[] z, int length, int d) {
        int images = z.length / d / length;
        float[] means = new float[images * d];
        for (int i = 0; i < z.length; i++) {
            means[i / d / length * d + i % d] += z[i] / length;
        }
        return Spectrum.effectiveRank(means, 0, images, d);
    }
}
