package dev.triptych.check.vectors;

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
    StellarActs(Comparison data, StellarModel model, Stellar.Views views, Stellar.Objective objective, String prefix,
            Function<Tensor, float[]> numbers) {
        this.data = data;
        this.model = model;
        this.views = views;
        this.objective = objective;
        this.prefix = prefix;
        this.numbers = numbers;
        this.values = !prefix.startsWith("grads.");
    }

    private float[] numbers(Tensor tensor) {
        return tensor == null ? null : numbers.apply(tensor);
    }

    private Tensor value(String name) {
        return objective.values().get(name);
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
        boolean teacher = views.teacher();
        boolean masked = value("masked sparse") != null;
        boolean clusters = value("targets") != null;
        int local = value("local cls") == null ? -1 : masked ? 2 : 1;
        image(0, "sparse", "cls", "dense", input("image"));
        String spatial = call("spatial_distribution");
        give(spatial + "in0", values ? value("dense") : null);
        give(spatial + "in1", values ? value("sparse") : null);
        give(spatial + "out0", value("localization"));
        koleo("koleo", "sparse");
        reconstruction();
        if (teacher) {
            teacherHead("teacher_head", "teacher logits", "targets", "teacher sparse");
            teacherHead("teacher_cls_head", "teacher cls logits", "cls targets", "teacher cls");
            if (value("student plan") != null) {
                match("student", "sparse");
            }
        }
        if (clusters) {
            head("clustering_head", "sparse", "logits", teacher ? null : "targets", "clustering");
            if (teacher) {
                contrast("logits", "targets", "student matches", "clustering");
            }
            if (value("cls logits") != null && objective.terms().containsKey("cls clustering")) {
                head("cls_cluster_head", "cls", "cls logits", teacher ? null : "cls targets", "cls clustering");
                if (teacher) {
                    contrast("cls logits", "cls targets", null, "cls clustering");
                }
            }
        }
        if (masked) {
            maskedImages();
            koleo("masked koleo", "masked sparse");
            match("masked", "masked sparse");
            head("clustering_head", "masked sparse", "masked logits", null, null);
            contrast("masked logits", "targets", "masked matches", "mask");
            if (value("masked cls logits") != null) {
                head("cls_cluster_head", "masked cls", "masked cls logits", null, null);
                contrast("masked cls logits", "cls targets", null, "cls masked");
            }
        }
        if (local > 0) {
            image(local, null, "local cls", null,
                    values ? model.first("inputs.local_views", views.localCrops()) : null);
            head("cls_cluster_head", "local cls", "local cls logits", null, null);
            contrast("local cls logits", "cls targets", null, "cls local");
        }
    }

    private float[] input(String name) {
        return values ? AxisOrder.narrow(data.doubles("inputs." + name)) : null;
    }

    private float[] rows(Tensor packed, int view, int from, int count) {
        float[] all = numbers(packed);
        return all == null
                ? null
                : StellarEncoder.rows(objective.encoding(), all, packed.columns(), view, from, count);
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
    private void image(int view, String sparse, String cls, String dense, float[] pixels) {
        Encoding encoding = objective.encoding();
        int kept = encoding.layout().views().get(view).kept();
        String embedding = call("patch_embedding");
        give(embedding + "in0", pixels);
        give(embedding + "out0", rows(encoding.embedded(), view, 0, 1 + kept));
        String call = call("forward_image");
        give(call + "in0", pixels);
        layers(call, view);
        give(call + "out0", value(cls));
        give(call + "out1",
                values ? rows(encoding.tokens(), view, 1 + kept, encoding.layout().sparse()) : numbers(value(sparse)));
        give(call + "out2", values ? rows(encoding.tokens(), view, 1, kept) : numbers(value(dense)));
    }

    /// `forward_masked`: the patches that the mask drops are embedded all the same, and have no gradient.
    private void maskedImages() {
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
        give(call + "out0", values ? rows(encoding.tokens(), 1, 0, 1) : numbers(value("masked cls")));
        give(call + "out1", value("masked sparse"));
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

    private void koleo(String term, String tokens) {
        if (objective.terms().containsKey(term)) {
            String call = call("koleo");
            give(call + "in0", values ? value(tokens) : null);
            give(call + "out0", objective.terms().get(term));
        }
    }

    private void reconstruction() {
        var decoding = objective.decoding();
        if (decoding == null) {
            return;
        }
        String call = call("forward_decoder");
        give(call + "in0", values ? value("lowrank") : null);
        for (int i = 0; i < decoding.hidden().size(); i++) {
            give(call + "dec_layer" + i + ".out0", decoding.hidden().get(i));
        }
        give(call + "out0", decoding.tokens());
        String image = call("image_reconstruction");
        give(image + "in0", values ? decoding.tokens() : null);
        give(image + "in1", input("image"));
        boolean pixels = model.settings().decoder().codes() == 0;
        give(image + "out0." + (pixels ? "MSE" : "VQ-CE"), objective.terms().get("reconstruction"));
        give(image + "out0.x_hat", StellarOutputs.picture(model, views.batch(), numbers(decoding.prediction())));
        give(image + "out0.x_original", input("image"));
    }

    private void head(String function, String input, String logits, String targets, String term) {
        String call = call(function);
        give(call + "in0", values ? value(input) : null);
        give(call + "out0", value(logits));
        if (targets != null) {
            give(call + "out1", values ? value(targets) : null);
            give(call + "out2", objective.terms().get(term));
        }
    }

    /// A head of the teacher; the loss that the authors' head returns with it is never used.
    private void teacherHead(String function, String logits, String targets, String input) {
        if (!values || value(logits) == null) {
            return;
        }
        String call = call(function);
        give(call + "in0", value(input));
        give(call + "out0", value(logits));
        give(call + "out1", value(targets));
        var b = new Bench(data);
        Tensor l = value(logits);
        Tensor x = b.number("logits", numbers(l), l.shape());
        Tensor q = b.number("targets", numbers(value(targets)), l.shape());
        Tensor rows = b.program().constant("rows", AxisOrder.count(l.rows()));
        b.loss(prefix + call + "out2", b.program()
                .mean(b.program().softCrossEntropy(x, q, rows, 1f / model.settings().logitTemperature())));
        b.run();
    }

    private void match(String name, String pred) {
        if (!values) {
            return;
        }
        Tensor target = value(views.teacher() ? "teacher sparse" : "sparse");
        float[] tokens = numbers(target);
        String call = call("match_tokens");
        give(call + "in0", value(pred));
        give(call + "in1", tokens);
        if (value(name + " plan") == null) {
            return;
        }
        String matcher = call("matcher");
        int size = tokens.length / views.batch();
        int repeats = value(pred).count() / tokens.length;
        give(matcher + "in0", value(pred));
        give(matcher + "in1",
                AxisOrder.pick(tokens, repeats * tokens.length, i -> i / size / repeats * size + i % size));
        int[] rows = matches(name + " matches", target.side(1));
        data.give(prefix + call + "out0", rows);
        data.give(prefix + matcher + "out0", rows);
        give(call + "out1", value(name + " plan"));
        give(matcher + "out1", value(name + " plan"));
    }

    /// Matched rows as indices within each image. Integers travel as their own tensor kind.
    private int[] matches(String name, int tokens) {
        float[] rows = numbers(value(name));
        int[] within = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            within[i] = (int) rows[i] % tokens;
        }
        return within;
    }

    private void contrast(String logits, String targets, String matched, String term) {
        String call = call("contrastive_loss");
        if (values) {
            give(call + "in0", value(logits));
            give(call + "in1", value(targets));
            if (matched != null && value(matched.replace("matches", "plan")) != null) {
                data.give(prefix + call + "in2", matches(matched, model.settings().tokens()));
            }
        }
        give(call + "out0", objective.terms().get(term));
    }
}
