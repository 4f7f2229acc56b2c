package dev.triptych.triptych;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.data.codes.CodeUse;
import dev.triptych.device.Session;
import dev.triptych.measure.code.BitCodes;
import dev.triptych.measure.code.BitStatistics;
import dev.triptych.measure.code.SlotInformation;
import dev.triptych.measure.feature.ArgMax;
import dev.triptych.measure.feature.Spectrum;
import dev.triptych.method.Health;
import dev.triptych.program.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// The state of a training, from the values of the last step: what, where, messages, prediction of dropped cells.
public final class TriptychHealth {
    /// The mean entropy of a bit of the teacher's token messages.
    static final String TOKEN_ENTROPY = "token bit entropy";
    /// The mean entropy of a bit of the teacher's CLS messages.
    static final String CLS_ENTROPY = "cls bit entropy";

    private static final int ROWS = 512;

    private TriptychHealth() {
    }

    /// Values that a step has to keep for them.
    static List<Tensor> kept(Triptych.Objective o) {
        var taught = o.taught();
        return Stream.of(o.whole().factors().sparse(), o.whole().factors().localization(),
                o.whole().decoding() == null ? null : o.whole().decoding().prediction(),
                o.masked() == null ? null : o.masked().logits(),
                taught == null ? null : taught.tokenLogits(), taught == null ? null : taught.clsLogits())
                .filter(Objects::nonNull).toList();
    }

    /// Mean entropy of the rows of L (of at most ln K), effective rank and mean cosine of S; with codes, the share of
    /// cells whose most likely code is the true one, of the whole view and of dropped cells; of messages, the entropy
    /// of a bit, the agreement of both views of CLS, what a bit and what the whole message says about the slot. NaN
    /// where one cannot be computed.
    ///
    /// @param bits whether the teacher's targets are messages
    public static Map<String, Double> of(Session session, Triptych.Objective o, boolean bits) {
        var figures = new LinkedHashMap<String, Double>();
        Tensor l = o.whole().factors().localization();
        float[] where = session.download(l);
        figures.put("L entropy", Health.orNaN(() -> Spectrum.meanRowEntropy(where, 0, l.rows(), l.columns())));
        Tensor s = o.whole().factors().sparse();
        float[] what = session.download(s);
        int rows = Math.min(ROWS, s.rows());
        figures.put("S effective rank", Health.orNaN(() -> Spectrum.effectiveRank(what, 0, rows, s.columns())));
        figures.put("S mean cosine", Health.orNaN(() -> Spectrum.meanCosine(what, 0, rows, s.columns())));
        if (o.inputs().codes() != null) {
            codes(figures, session, o);
        }
        if (o.taught() != null && bits) {
            messages(figures, session, o.taught());
        }
        return figures;
    }

    private static void codes(Map<String, Double> figures, Session session, Triptych.Objective o) {
        int[] codes = session.downloadIntegers(o.inputs().codes());
        int classes = o.whole().decoding() == null
                ? o.masked().logits().columns()
                : o.whole().decoding().prediction().columns();
        if (o.whole().decoding() != null) {
            int[] best = ArgMax.ofRows(session.download(o.whole().decoding().prediction()), 0, codes.length, classes);
            figures.put("code accuracy", (double) CodeTargets.equal(best, codes, codes.length) / codes.length);
        }
        if (o.masked() != null && o.masked().logits() != null) {
            int[] best = ArgMax.ofRows(session.download(o.masked().logits()), 0, codes.length, classes);
            float[] weights = session.download(o.inputs().dropped());
            double right = 0;
            for (int i = 0; i < codes.length; i++) {
                right += best[i] == codes[i] ? weights[i] : 0;
            }
            figures.put("masked accuracy", right);
        }
        var use = new CodeUse(classes);
        use.add(codes, codes.length);
        figures.put("commonest code", use.commonest());
    }

    private static void messages(Map<String, Double> figures, Session session, AcrossViews.Taught taught) {
        Tensor t = taught.tokenLogits();
        int n = t.side(1);
        int k = t.side(2);
        int bits = t.side(3);
        float[] tokens = session.download(t);
        float[] cls = session.download(taught.clsLogits());
        figures.put(TOKEN_ENTROPY, Health.orNaN(
                () -> BitStatistics.meanEntropy(BitCodes.of(tokens, Triptych.GLOBAL * n * k, bits))));
        figures.put(CLS_ENTROPY,
                Health.orNaN(() -> BitStatistics.meanEntropy(BitCodes.of(cls, Triptych.GLOBAL * n, bits))));
        figures.put("cls bit agreement", Health.orNaN(() -> BitStatistics.agreement(
                BitCodes.of(Arrays.copyOf(cls, n * bits), n, bits),
                BitCodes.of(Arrays.copyOfRange(cls, n * bits, 2 * n * bits), n, bits))));
        figures.put("I(slot; bit)", Health.orNaN(
                () -> SlotInformation.ofBits(BitCodes.of(tokens, Triptych.GLOBAL * n * k, bits), k)));
        // learnt on g_1, judged on g_2
        figures.put("I(slot; message)", Health.orNaN(() -> SlotInformation.ofMessages(
                BitCodes.of(Arrays.copyOf(tokens, n * k * bits), n * k, bits),
                BitCodes.of(Arrays.copyOfRange(tokens, n * k * bits, 2 * n * k * bits), n * k, bits), k)));
    }
}
