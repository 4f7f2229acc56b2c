package dev.triptych.mae;

import dev.triptych.device.Session;
import dev.triptych.measure.feature.Spectrum;
import dev.triptych.method.Health;
import dev.triptych.program.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The health figures of MAE, from the values of the last step.
public final class MaeHealth {
    /// The share of the variance of the dropped patches' targets that the predictions explain.
    public static final String EXPLAINED = "explained variance";
    /// Effective rank of the encoder's tokens.
    public static final String RANK = "token effective rank";

    private static final int ROWS = 512;

    private MaeHealth() {
    }

    /// Values that a step has to keep for them.
    static List<Tensor> kept(Mae.Objective o) {
        return List.of(o.encoding().tokens(), o.decoding().prediction(), o.target());
    }

    /// The explained variance (1: all of it; 0: what the mean of all numbers explains), effective rank and mean cosine
    /// of the encoder's tokens (of at most 512). NaN where one cannot be computed.
    public static Map<String, Double> of(Session session, Mae.Objective o) {
        var figures = new LinkedHashMap<String, Double>();
        figures.put(EXPLAINED, explained(session.download(o.decoding().prediction()), session.download(o.target()),
                session.download(o.inputs().dropped())));
        Tensor z = o.encoding().tokens();
        float[] tokens = session.download(z);
        int rows = Math.min(ROWS, z.rows());
        figures.put(RANK, Health.orNaN(() -> Spectrum.effectiveRank(tokens, 0, rows, z.columns())));
        figures.put("token mean cosine", Health.orNaN(() -> Spectrum.meanCosine(tokens, 0, rows, z.columns())));
        return figures;
    }

    /// 1 - sum (x - t)^2 / sum (t - mean t)^2 over the numbers of dropped patches.
    ///
    /// @param dropped 1 for each dropped patch, else 0
    static double explained(float[] prediction, float[] target, float[] dropped) {
        int each = target.length / dropped.length;
        double error = 0;
        double sum = 0;
        double squares = 0;
        long count = 0;
        for (int i = 0; i < target.length; i++) {
            if (dropped[i / each] == 1f) {
                double difference = prediction[i] - (double) target[i];
                error += difference * difference;
                sum += target[i];
                squares += (double) target[i] * target[i];
                count++;
            }
        }
        double variance = squares - sum * sum / count;
        return variance > 0 ? 1 - error / variance : Double.NaN;
    }
}
