package dev.triptych.check;

import dev.triptych.channel.BitAgreement;
import dev.triptych.channel.BitsHead;
import dev.triptych.channel.CodingRate;
import dev.triptych.channel.Messages;
import dev.triptych.encoder.View;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.nn.DropPath;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.trial.Component;
import dev.triptych.trial.Trial;
import java.util.List;

/// The parts of BITS: coding rate, agreement, head, and an encoder with drop path.
final class ChannelComponents {
    private ChannelComponents() {
    }

    static List<Component> all() {
        return List.of(rate("n < B", 3, 5, false, false), rate("n > B", 7, 4, false, false),
                rate("centred, n < B", 3, 5, true, false), rate("centred, n > B", 6, 2, true, false),
                rate("teacher in the rate", 4, 6, false, true), rate("centred, teacher in the rate", 5, 3, true, true),
                agreement("cross-entropy of bits", BitAgreement.BCE, Messages.HARD),
                agreement("cross-entropy with soft targets", BitAgreement.BCE, new Messages(0.5f)),
                agreement("cosine", BitAgreement.COSINE, Messages.HARD),
                Component.weighed("channel: head", t -> head(t, false)),
                Component.weighed("channel: head with batch norm", t -> head(t, true)),
                Component.of("encoder: drop path, no sparse tokens, views by kind", ChannelComponents::encoder));
    }

    private static Component rate(String name, int n, int bits, boolean centred, boolean teacher) {
        return Component.of("channel: coding rate, " + name, t -> new CodingRate(0.05f, centred, teacher)
                .loss(t.program(), t.variable("S", 3, n, bits), t.fixed("T", 2, n, bits)));
    }

    private static Component agreement(String name, BitAgreement agreement, Messages messages) {
        return Component.of("channel: " + name, t -> agreement.loss(t.program(), t.variable("S", 4, 3, 5),
                messages.of(t.program(), t.fixed("T", 2, 3, 5))));
    }

    private static Tensor head(Trial trial, boolean batchNorm) {
        var head = new BitsHead(Scope.of(trial.state()).in("head"), 6, new BitsHead.Settings(7, 4, 0.9f, batchNorm));
        return head.logits(trial.program(), trial.variable("h", 5, 6));
    }

    private static Tensor encoder(Trial trial) {
        Program p = trial.program();
        var encoder = new VisionTransformer(Scope.of(trial.state()),
                new VisionTransformer.Settings(3, 2, 8, 3, 2, 12, 1e-6f), 0, "BITS section 1.1");
        trial.enliven();
        Tensor global = trial.fixed("global", trial.uniform(432, 0, 1), 4, 3, 6, 6);
        Tensor local = trial.fixed("local", trial.uniform(96, 0, 1), 2, 3, 4, 4);
        var rates = DropPath.linear(0.5f, 3);
        var path = DropPath.input(p, rates, 6);
        trial.upload(path.keep(), DropPath.draw(trial.random(), rates, 6));
        return trial.weigh(encoder.encode(p, path, View.byView(p, global, 2, 2, 3), View.byView(p, local, 2, 1, 2))
                .cls(p));
    }
}
