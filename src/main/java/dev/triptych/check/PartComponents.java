package dev.triptych.check;

import dev.triptych.alignment.KoleoLoss;
import dev.triptych.alignment.PrototypeHead;
import dev.triptych.decoder.LowRankDecoder;
import dev.triptych.encoder.Encoding;
import dev.triptych.encoder.MaskedPatches;
import dev.triptych.encoder.View;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.factorization.Factorization;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.trial.Component;
import dev.triptych.trial.Trial;
import java.util.ArrayList;
import java.util.List;

/// Encoder, factorization, decoder and what alignment consists of, each with respect to its parameters and inputs.
final class PartComponents {
    private static final float EPS = 1e-12f;

    private PartComponents() {
    }

    static List<Component> all() {
        var all = new ArrayList<Component>();
        all.add(Component.of("encoder: full, masked and cropped views together", PartComponents::encoder));
        all.add(Component.of("factorization: L and Z, temperature 0.06", t -> factorization(t, 0.06f)));
        all.add(Component.of("factorization: L and Z, scores over sqrt(d)", t -> factorization(t, 0f)));
        all.add(Component.of("decoder: pixels", t -> decoder(t, 0)));
        all.add(Component.of("decoder: codes", t -> decoder(t, 7)));
        for (int layers = 1; layers <= 3; layers++) {
            int n = layers;
            all.add(Component.weighed("alignment: prototype head, " + n + (n == 1 ? " layer" : " layers"),
                    t -> prototypes(t, n)));
        }
        all.add(Component.of("alignment: KoLeo", t -> KoleoLoss.of(t.program(), t.variable("tokens", 2, 4, 6))));
        all.add(Component.of("alignment: KoLeo of two tokens",
                t -> KoleoLoss.of(t.program(), t.variable("tokens", 3, 2, 5))));
        return all;
    }

    /// CLS, dense and sparse tokens of a full image, of two masked views and of one crop with its positions resized.
    private static Tensor encoder(Trial trial) {
        Program p = trial.program();
        var encoder = new VisionTransformer(Scope.of(trial.state()),
                new VisionTransformer.Settings(3, 2, 8, 2, 2, 12, EPS), 3, "STELLAR section 1");
        trial.enliven();
        Tensor image = trial.fixed("image", trial.uniform(108, 0, 1), 1, 3, 6, 6);
        Tensor global = trial.fixed("global", trial.uniform(216, 0, 1), 2, 3, 6, 6);
        Tensor local = trial.fixed("local", trial.uniform(48, 0, 1), 1, 3, 4, 4);
        var kept = MaskedPatches.input(p, 2, 4, 9);
        kept.give(trial.choices(2, 4, 9), 1, 1, trial::upload);
        View masked = View.masked(global, kept, 3);
        Encoding encoding = encoder.encode(p, View.full(p, image, 1, 0, 1, 3), masked, View.full(p, local, 1, 0, 1, 2));
        var tokens = new ArrayList<Tensor>();
        for (int view = 0; view < 3; view++) {
            for (Tensor kind : List.of(encoding.cls(p, view), encoding.dense(p, view), encoding.sparse(p, view))) {
                tokens.add(p.reshape(kind, kind.rows(), kind.columns()));
            }
        }
        return trial.weigh(p.concat(tokens.toArray(Tensor[]::new)));
    }

    private static Tensor factorization(Trial trial, float temperature) {
        var factorization = new Factorization(Scope.of(trial.state()), 6, temperature);
        var factors = factorization.apply(trial.program(), trial.variable("D", 2, 5, 6), trial.variable("S", 2, 3, 6));
        return trial.program().add(trial.weigh(factors.lowRank()), trial.weigh(factors.localization()));
    }

    private static Tensor decoder(Trial trial, int codes) {
        Program p = trial.program();
        var settings = new LowRankDecoder.Settings(8, 2, 2, 12, codes);
        double[] fourier = new double[8];
        for (int i = 0; i < fourier.length; i++) {
            fourier[i] = trial.random().gaussian();
        }
        var decoder = new LowRankDecoder(Scope.of(trial.state()), 6, 2, 2, EPS, settings, fourier);
        trial.enliven();
        var decoding = decoder.apply(p, trial.variable("Z", 2, 4, 6));
        if (codes == 0) {
            return decoder.pixelLoss(p, decoding, trial.fixed("image", trial.uniform(96, 0, 1), 2, 3, 4, 4));
        }
        int[] labels = new int[8];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = trial.random().below(codes);
        }
        return decoder.codeLoss(p, decoding, trial.labels("codes", labels));
    }

    private static Tensor prototypes(Trial trial, int layers) {
        var head = new PrototypeHead(Scope.of(trial.state()), 6, new PrototypeHead.Settings(layers, 7, 4, 5));
        return head.logits(trial.program(), trial.variable("x", 2, 3, 6));
    }
}
