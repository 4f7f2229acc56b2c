package dev.triptych.measure.code;

import java.util.Arrays;
import java.util.stream.IntStream;

/// What the messages of tokens say about the slot that they come from: of K slots, slot i mod K is that of row i. A
/// message that names its slot says nothing about the picture in as many bits as it takes to name it (at most log2 K).
public final class SlotInformation {
    private SlotInformation() {
    }

    /// The mean over bits of I(slot; bit) = H(bit) - sum over slots of H(bit | slot) / K, in bits; plug-in.
    public static double ofBits(BitCodes messages, int slots) {
        int[] slot = IntStream.range(0, messages.count()).map(i -> i % slots).toArray();
        return Arrays.stream(new BitStatistics(messages, slot).informations()).average().orElse(Double.NaN);
    }

    /// A lower bound of I(slot; message), in bits: log2 K less the cross-entropy of a naive Bayes classifier that
    /// learns from some messages which bits each slot sets, and is judged on others. A plug-in figure of whole messages
    /// would be log2 K as soon as no two are equal. At least 0: worse than chance tells nothing.
    public static double ofMessages(BitCodes learnt, BitCodes judged, int slots) {
        int bits = learnt.bits();
        double[] set = new double[slots * bits];
        for (int i = 0; i < learnt.count(); i++) {
            for (int b = 0; b < bits; b++) {
                set[i % slots * bits + b] += learnt.bit(i, b);
            }
        }
        double each = (double) learnt.count() / slots;
        for (int j = 0; j < set.length; j++) {
            set[j] = (set[j] + 1) / (each + 2);
        }
        double entropy = 0;
        double[] score = new double[slots];
        for (int i = 0; i < judged.count(); i++) {
            double top = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < slots; k++) {
                score[k] = 0;
                for (int b = 0; b < bits; b++) {
                    double p = set[k * bits + b];
                    score[k] += Math.log(judged.bit(i, b) == 1 ? p : 1 - p);
                }
                top = Math.max(top, score[k]);
            }
            double sum = 0;
            for (double s : score) {
                sum += Math.exp(s - top);
            }
            entropy += (top + Math.log(sum) - score[i % slots]) / Math.log(2);
        }
        return Math.max(0, Math.log(slots) / Math.log(2) - entropy / judged.count());
    }
}
