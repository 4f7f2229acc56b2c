package dev.triptych.bits;

import dev.triptych.channel.Messages;
import dev.triptych.device.Session;
import dev.triptych.measure.code.BitCodes;
import dev.triptych.measure.code.BitStatistics;
import dev.triptych.measure.feature.Spectrum;
import dev.triptych.method.Health;
import dev.triptych.program.Tensor;
import java.util.Arrays;
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
    public static Map<String, Double> of(Session session, Bits.Objective o) {
        Tensor t = o.teacherLogits();
        int n = t.side(1);
        int bits = t.side(2);
        float[] teacher = session.download(t);
        float[] student = session.download(o.studentLogits());
        var figures = new LinkedHashMap<String, Double>();
        figures.put(ENTROPY,
                Health.orNaN(() -> BitStatistics.meanEntropy(BitCodes.of(teacher, Messages.VIEWS * n, bits))));
        figures.put("bit agreement", Health.orNaN(() -> BitStatistics.agreement(message(teacher, 0, n, bits),
                message(teacher, 1, n, bits))));
        figures.put("logit effective rank", Health.orNaN(() -> Spectrum.effectiveRank(student, 0, n, bits)));
        return figures;
    }

    /// The messages of one of the teacher's views.
    private static BitCodes message(float[] logits, int view, int n, int bits) {
        return BitCodes.of(Arrays.copyOfRange(logits, view * n * bits, (view + 1) * n * bits), n, bits);
    }
}
