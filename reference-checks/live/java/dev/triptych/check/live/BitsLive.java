package dev.triptych.check.live;

import dev.triptych.bits.BitsMiniature;
import dev.triptych.channel.BitAgreement;
import dev.triptych.channel.CodingRate;
import dev.triptych.channel.Messages;

/// The whole loss of BITS, at a miniature's size, with random switches.
final class BitsLive {
    private BitsLive() {
    }

    static LiveRow row() {
        return new LiveRow("BITS, whole objective", BitsLive::objective);
    }

    private static void objective(Live t) {
        var messages = new Messages(t.number("temperature", 0.1 * t.below(2)));
        var agreement = t.count("cosine", t.below(2)) == 1 ? BitAgreement.COSINE : BitAgreement.BCE;
        var rate = new CodingRate(t.number("e", 0.05), t.count("centred", t.below(2)) == 1,
                t.count("teacher_in_rate", t.below(2)) == 1);
        var bits = new BitsMiniature("at random", t.count("n", t.side(2)), t.side(), t.count("local_crops", t.below(3)),
                messages, agreement, rate, t.below(2) == 1, t.number("beta", 0.1 * t.below(3)),
                t.number("drop_path", 0.4 * t.below(2)));
        var encoder = bits.settings().encoder();
        t.count("patch", encoder.patch());
        t.count("heads", encoder.heads());
        t.count("depth", encoder.depth());
        t.number("eps", encoder.eps());
        t.objective(bits.trial(t.trial().random()), "bits(p, s)");
    }
}
