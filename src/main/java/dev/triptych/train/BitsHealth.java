package dev.triptych.train;

import dev.triptych.device.Session;
import dev.triptych.eval.BitCodes;
import dev.triptych.eval.Codes;
import dev.triptych.eval.Spectrum;
import dev.triptych.method.Bits;
import dev.triptych.method.BitsPrograms.Step;
import dev.triptych.program.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/// The state of the channel of BITS (specification sections 6.7 and 8.2), from the values of the last step.
public final class BitsHealth {
    /// The mean entropy of a bit of the teacher's messages over the images of a step.
    public static final String ENTROPY = "bit entropy";

    private BitsHealth() {
    }

    /// Mean entropy of the bits of the teacher's messages (of at most 1), the share of bits on which the messages of
    /// an image's two global crops agree, effective rank of the student's logits on the first one. NaN where one cannot
    /// be computed.
    public static Map<String, Double> of(Session session, Step step) {
        var values = step.objective().values();
        Tensor t = values.get("teacher logits");
        int n = t.side(1);
        int bits = t.side(2);
        float[] teacher = session.download(t);
        var figures = new LinkedHashMap<String, Double>();
        figures.put(ENTROPY, StellarHealth.figure(() -> new Codes(BitCodes.of(teacher, Bits.GLOBAL * n, bits),
                new int[Bits.GLOBAL * n]).meanEntropy()));
        figures.put("bit agreement", agreement(teacher, n * bits));
        float[] student = session.download(values.get("student logits"));
        figures.put("logit effective rank", StellarHealth.figure(() -> Spectrum.effectiveRank(student, 0, n, bits)));
        return figures;
    }

    /// The share of the bits of the first half of the logits that equal those of the second.
    static double agreement(float[] logits, int each) {
        int equal = 0;
        for (int i = 0; i < each; i++) {
            equal += logits[i] > 0 == logits[each + i] > 0 ? 1 : 0;
        }
        return (double) equal / each;
    }
}
