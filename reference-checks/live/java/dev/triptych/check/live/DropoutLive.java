package dev.triptych.check.live;

import dev.triptych.program.Packing;
import dev.triptych.program.Tensor;
import java.util.Arrays;
import java.util.List;

/// Dropout by hash: `dropout.py` has the hash once more, in libtorch's integers.
final class DropoutLive {
    private DropoutLive() {
    }

    static List<LiveRow> rows() {
        return List.of(new LiveRow("hashedDropout", DropoutLive::hashedDropout),
                new LiveRow("droppedAttention", DropoutLive::droppedAttention));
    }

    private static Tensor key(Live t) {
        t.count("launch", t.program().launches().size());
        return t.trial().labels("key", t.trial().random().nextInt());
    }

    private static void hashedDropout(Live t) {
        float rate = t.number("rate", 0.1 * t.side());
        Tensor x = t.variable("x", t.side(), t.side(), t.side());
        t.agrees(t.program().hashedDropout(x, key(t), rate),
                "x * kept(key, launch, x.numel(), rate).reshape_as(x) / (1 - rate)");
    }

    private static void droppedAttention(Live t) {
        float rate = t.number("rate", 0.1 * t.side());
        int[] lengths = t.counts("lengths", t.side(), t.side());
        int heads = t.count("heads", t.side());
        Tensor qkv = t.variable("qkv", Arrays.stream(lengths).sum(), 3 * heads * t.side());
        t.agrees(t.program().droppedAttention(qkv, Packing.of(t.program(), heads, lengths), key(t), rate), """
                keep = kept(key, launch, int((lengths * lengths).sum() * heads), rate)
                return dropped_attention(qkv, lengths, int(heads), keep, float(rate))
                """);
    }
}
