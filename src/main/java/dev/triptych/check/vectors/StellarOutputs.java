package dev.triptych.check.vectors;

import dev.triptych.device.HostSession;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.tokens.LowRankFeatures;

/// The results that the authors' model returns, under `intermediates.out.`.
final class StellarOutputs {
    private StellarOutputs() {
    }

    /// Gives all of them.
    ///
    /// @param values of which the prediction may be null
    static void give(Comparison data, StellarModel model, int batch, HostSession session, LowRankFeatures values) {
        float[] sparse = session.download(values.sparse());
        float[] spatial = session.download(values.localization());
        int k = model.settings().tokens();
        int d = sparse.length / batch / k;
        int n = spatial.length / batch / k;
        String out = "intermediates.out.";
        data.give(out + "cls", session.download(values.cls()));
        data.give(out + "dense", session.download(values.dense()));
        data.give(out + "sparse", sparse);
        data.give(out + "spatial", spatial);
        data.give(out + "lowrank", session.download(values.lowRank()));
        data.give(out + "concat", concat(sparse, spatial, batch, k, d, n));
        float[] peak = new float[batch * k];
        for (int i = 0; i < spatial.length; i++) {
            int token = i / (n * k) * k + i % k;
            peak[token] = Math.max(peak[token], spatial[i]);
        }
        data.give(out + "peak_dist", peak);
        if (values.prediction() != null) {
            data.give(out + "x_hat", picture(model, batch, session.download(values.prediction())));
            data.give(out + "x_original", AxisOrder.narrow(data.doubles("inputs.image")));
        }
        if (data.has(out + "gold_labels")) {
            data.give(out + "gold_labels", data.doubles("inputs.labels"));
        }
    }

    /// [S ; L^T] (batch, k, d + n).
    static float[] concat(float[] sparse, float[] spatial, int batch, int k, int d, int n) {
        float[] both = new float[batch * k * (d + n)];
        for (int i = 0; i < both.length; i++) {
            int c = i % (d + n);
            int token = i / (d + n);
            both[i] = c < d ? sparse[token * d + c] : spatial[(token / k * n + c - d) * k + token % k];
        }
        return both;
    }

    /// A prediction as images, or as it is with a code head.
    static float[] picture(StellarModel model, int batch, float[] prediction) {
        var s = model.settings();
        return prediction == null || s.decoder().codes() > 0
                ? prediction
                : AxisOrder.images(prediction, batch, 3, s.encoder().grid(), s.encoder().grid(), s.encoder().patch());
    }
}
