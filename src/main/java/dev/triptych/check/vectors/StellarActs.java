package dev.triptych.check.vectors;

import dev.triptych.alignment.TokenMatching;
import dev.triptych.encoder.Encoding;
import dev.triptych.encoder.View;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.program.Tensor;
import dev.triptych.stellar.Stellar;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/// Gives the results in between of a training step under the names of the authors' code: each of its functions is
/// numbered by its calls. The same walk gives the gradients, with another way from tensors to numbers.
final class StellarActs {
    private final Comparison data;
    private final StellarModel model;
    private final Stellar.Views views;
    private final Stellar.Objective objective;
    private final String prefix;
    private final Function<Tensor, float[]> numbers;
    private final Map<String, Integer> calls = new HashMap<>();
    private final boolean values;

    /// @param prefix `intermediates.acts.`, or the same behind `grads.`
    /// @param numbers of a tensor, or its gradient; null where there is none
    StellarActs(Comparison data, StellarModel model, Stellar.Objective objective, String prefix,
            Function<Tensor, float[]> numbers) {
        this.data = data;
        this.model = model;
        this.views = objective.views();
        this.objective = objective;
        this.prefix = prefix;
        this.numbers = numbers;
        this.values = !prefix.startsWith("grads.");
    }

    private float[] numbers(Tensor tensor) {
        return tensor == null ? null : numbers.apply(tensor);
    }

    private Tensor term(String name) {
        return objective.loss().term(name);
    }

    private void give(String name, Tensor tensor) {
        give(name, numbers(tensor));
    }

    private void give(String name, float[] computed) {
        if (computed != null) {
            data.give(prefix + name, computed);
        }
    }

    /// The name of the next call of a function, such as `koleo.0`.
    private String call(String function) {
        return function + "." + (calls.merge(function, 1, Integer::sum) - 1) + ".";
    }

    /// Walks through the step in the order of the authors' code.
    void give() {
        Stellar.Seen full = objective.full();
        Stellar.Seen masked = objective.masked();
        Stellar.Targets q = objective.targets();
        Stellar.Seen teacher = objective.teacher();
        boolean own = teacher == null;
        image(0, full, input("image"));
        String spatial = call("spatial_distribution");
        give(spatial + "in0", values ? full.dense() : null);
        give(spatial + "in1", values ? full.sparse() : null);
        give(spatial + "out0", objective.factors().localization());
        koleo("koleo", full.sparse());
        reconstruction();
        if (!own) {
            teacherHead("teacher_head", teacher.logits(), q.tokens(), teacher.sparse());
            teacherHead("teacher_cls_head", teacher.clsLogits(), q.cls(), teacher.cls());
            if (full.matches() != null && full.matches().plan() != null) {
                match(full, teacher.sparse());
            }
        }
        if (q != null) {
            head("clustering_head", full.sparse(), full.logits(), own ? q.tokens() : null, "clustering");
            if (!own) {
                contrast(full.logits(), q.tokens(), full.matches(), "clustering");
            }
            if (term("cls clustering") != null) {
                head("cls_cluster_head", full.cls(), full.clsLogits(), own ? q.cls() : null, "cls clustering");
                if (!own) {
                    contrast(full.clsLogits(), q.cls(), null, "cls clustering");
                }
            }
        }
        if (masked != null) {
            maskedImages(masked);
            koleo("masked koleo", masked.sparse());
            match(masked, own ? full.sparse() : teacher.sparse());
            head("clustering_head", masked.sparse(), masked.logits(), null, null);
            contrast(masked.logits(), q.tokens(), masked.matches(), "mask");
            if (masked.clsLogits() != null) {
                head("cls_cluster_head", masked.cls(), masked.clsLogits(), null, null);
                contrast(masked.clsLogits(), q.cls(), null, "cls masked");
            }
        }
        if (objective.local() != null) {
            image(masked == null ? 1 : 2, objective.local(),
                    values ? model.first("inputs.local_views", views.localCrops()) : null);
            head("cls_cluster_head", objective.local().cls(), objective.local().clsLogits(), null, null);
            contrast(objective.local().clsLogits(), q.cls(), null, "cls local");
        }
    }

    private float[] input(String name) {
        return values ? AxisOrder.narrow(data.doubles("inputs." + name)) : null;
    }

    private float[] rows(Tensor packed, int view, int from, int count) {
        float[] all = numbers(packed);
        return all == null ? null : StellarEncoder.rows(objective.encoding(), all, packed.columns(), view, from, count);
    }

    private void layers(String call, int view) {
        Encoding encoding = objective.encoding();
        View v = encoding.layout().views().get(view);
        for (int i = 0; i < encoding.hidden().size(); i++) {
            give(call + "enc_layer" + i + ".out0",
                    rows(encoding.hidden().get(i), view, 0, 1 + v.kept() + encoding.layout().sparse()));
        }
    }

    /// `forward_image` of a view that keeps all patches, and its `patch_embedding`.
    private void image(int view, Stellar.Seen seen, float[] pixels) {
        Encoding encoding = objective.encoding();
        int kept = encoding.layout().views().get(view).kept();
        String embedding = call("patch_embedding");
        give(embedding + "in0", pixels);
        give(embedding + "out0", rows(encoding.embedded(), view, 0, 1 + kept));
        String call = call("forward_image");
        give(call + "in0", pixels);
        layers(call, view);
        give(call + "out0", seen.cls());
        give(call + "out1",
                values ? rows(encoding.tokens(), view, 1 + kept, encoding.layout().sparse()) : numbers(seen.sparse()));
        give(call + "out2", values ? rows(encoding.tokens(), view, 1, kept) : numbers(seen.dense()));
    }

    /// `forward_masked`: the patches that the mask drops are embedded all the same, and have no gradient.
    private void maskedImages(Stellar.Seen masked) {
        Encoding encoding = objective.encoding();
        int n = model.settings().encoder().patches();
        int count = encoding.layout().views().get(1).count();
        int[] kept = model.keptPatches("");
        String embedding = call("patch_embedding");
        String call = call("forward_masked");
        if (values) {
            float[] pixels = model.first("inputs.global_views", views.maskedViews());
            give(embedding + "in0", pixels);
            give(call + "in0", pixels);
            var all = new StellarEncoder(model, name -> model.weights(name, x -> x), pixels, count);
            give(embedding + "out0", all.rows(all.encoding().embedded(), 0, 1 + n));
            float[] mask = AxisOrder.filled(count * n, 1f);
            for (int i = 0; i < kept.length; i++) {
                mask[i / views.kept() * n + kept[i]] = 0f;
            }
            give(call + "out2", mask);
            restore(call, kept, n, mask);
        } else {
            give(embedding + "out0", scattered(encoding.embedded(), count, kept, n));
        }
        layers(call, 1);
        give(call + "out0", values ? rows(encoding.tokens(), 1, 0, 1) : numbers(masked.cls()));
        give(call + "out1", masked.sparse());
    }

    /// The stored permutation must put the kept patches where the program put them; the rest of it decides nothing.
    private void restore(String call, int[] kept, int n, float[] mask) {
        if (data.has("draws.mask.0")) {
            double[] drawn = data.doubles("draws.mask.0");
            for (int i = 0; i < mask.length; i++) {
                if (drawn[i] != mask[i]) {
                    throw new IllegalArgumentException("draws.mask.0 and draws.ids_keep.0 disagree at " + i);
                }
            }
        }
        if (data.has("draws.ids_restore.0")) {
            int[] places = data.integers("draws.ids_restore.0");
            for (int i = 0; i < kept.length; i++) {
                if (places[i / views.kept() * n + kept[i]] != i % views.kept()) {
                    throw new IllegalArgumentException("draws.ids_restore.0 and draws.ids_keep.0 disagree at " + i);
                }
            }
            data.give(prefix + call + "out3", places);
        }
    }

    private float[] scattered(Tensor embedded, int count, int[] kept, int n) {
        float[] some = rows(embedded, 1, 0, 1 + views.kept());
        if (some == null) {
            return null;
        }
        int d = embedded.columns();
        float[] all = new float[count * (1 + n) * d];
        for (int s = 0; s < count; s++) {
            for (int i = 0; i <= views.kept(); i++) {
                int cell = i == 0 ? 0 : 1 + kept[s * views.kept() + i - 1];
                System.arraycopy(some, (s * (1 + views.kept()) + i) * d, all, (s * (1 + n) + cell) * d, d);
            }
        }
        return all;
    }

    private void koleo(String name, Tensor tokens) {
        if (term(name) != null) {
            String call = call("koleo");
            give(call + "in0", values ? tokens : null);
            give(call + "out0", term(name));
        }
    }

    private void reconstruction() {
        var decoding = objective.decoding();
        if (decoding == null) {
            return;
        }
        String call = call("forward_decoder");
        give(call + "in0", values ? objective.factors().lowRank() : null);
        for (int i = 0; i < decoding.hidden().size(); i++) {
            give(call + "dec_layer" + i + ".out0", decoding.hidden().get(i));
        }
        give(call + "out0", decoding.tokens());
        String image = call("image_reconstruction");
        give(image + "in0", values ? decoding.tokens() : null);
        give(image + "in1", input("image"));
        boolean pixels = model.settings().decoder().codes() == 0;
        give(image + "out0." + (pixels ? "MSE" : "VQ-CE"), term("reconstruction"));
        give(image + "out0.x_hat", StellarOutputs.picture(model, views.batch(), numbers(decoding.prediction())));
        give(image + "out0.x_original", input("image"));
    }

    private void head(String function, Tensor input, Tensor logits, Tensor targets, String term) {
        String call = call(function);
        give(call + "in0", values ? input : null);
        give(call + "out0", logits);
        if (targets != null) {
            give(call + "out1", values ? targets : null);
            give(call + "out2", term(term));
        }
    }

    /// A head of the teacher; the loss that the authors' head returns with it is never used.
    private void teacherHead(String function, Tensor logits, Tensor targets, Tensor input) {
        if (!values) {
            return;
        }
        String call = call(function);
        give(call + "in0", input);
        give(call + "out0", logits);
        give(call + "out1", targets);
        var b = new Bench(data);
        Tensor x = b.number("logits", numbers(logits), logits.shape());
        Tensor q = b.number("targets", numbers(targets), logits.shape());
        Tensor rows = b.program().constant("rows", AxisOrder.count(logits.rows()));
        b.loss(prefix + call + "out2", b.program()
                .mean(b.program().softCrossEntropy(x, q, rows, 1f / model.settings().logitTemperature())));
        b.run();
    }

    private void match(Stellar.Seen seen, Tensor target) {
        if (!values) {
            return;
        }
        float[] tokens = numbers(target);
        String call = call("match_tokens");
        give(call + "in0", seen.sparse());
        give(call + "in1", tokens);
        Tensor plan = seen.matches().plan();
        if (plan == null) {
            return;
        }
        String matcher = call("matcher");
        int size = tokens.length / views.batch();
        int repeats = seen.sparse().count() / tokens.length;
        give(matcher + "in0", seen.sparse());
        give(matcher + "in1",
                AxisOrder.pick(tokens, repeats * tokens.length, i -> i / size / repeats * size + i % size));
        int[] rows = within(seen.matches().rows(), target.side(1));
        data.give(prefix + call + "out0", rows);
        data.give(prefix + matcher + "out0", rows);
        give(call + "out1", plan);
        give(matcher + "out1", plan);
    }

    /// Matched rows as indices within each image. Integers travel as their own tensor kind.
    private int[] within(Tensor matched, int tokens) {
        float[] rows = numbers(matched);
        int[] within = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            within[i] = (int) rows[i] % tokens;
        }
        return within;
    }

    private void contrast(Tensor logits, Tensor targets, TokenMatching.Matches matches, String term) {
        String call = call("contrastive_loss");
        if (values) {
            give(call + "in0", logits);
            give(call + "in1", targets);
            if (matches != null && matches.plan() != null) {
                data.give(prefix + call + "in2", within(matches.rows(), model.settings().tokens()));
            }
        }
        give(call + "out0", term(term));
    }
}
