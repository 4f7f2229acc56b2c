package dev.triptych.check.vectors;

import dev.triptych.io.vectors.Comparison;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.List;

/// Cross-entropies and Sinkhorn assignments.
final class LossFamilies {
    static final List<Family> ALL = List.of(
            new Family("sinkhorn", c -> c.states("temperature") && c.has("intermediates.M.0"), LossFamilies::sinkhorn),
            new Family("cross entropy", c -> c.states("temperature") && c.has("inputs.targets"),
                    LossFamilies::crossEntropy));

    private LossFamilies() {
    }

    private static void sinkhorn(Comparison c) {
        var b = new Bench(c);
        Program p = b.program();
        float eps = (float) c.hyper("eps");
        Tensor m = p.sinkhornStart(b.input("inputs.logits"), (float) (1 / c.hyper("temperature")));
        b.give("intermediates.M.0", m);
        for (int i = 1; i <= c.whole("iterations"); i++) {
            m = p.normalizeRows(p.normalizeColumns(m, eps, 1f), eps);
            b.give("intermediates.M." + i, m);
        }
        b.differentiate("dot", b.dot(m, "inputs.upstream"));
        b.run();
    }

    private static void crossEntropy(Comparison c) {
        float scale = (float) (1 / c.hyper("temperature"));
        soft(c, "inputs.logits", scale, "losses.ce", "grads.");
        if (c.has("inputs.logits_large")) {
            soft(c, "inputs.logits_large", scale, "losses.large", "grads.large.");
        }
        if (c.has("inputs.hard_targets")) {
            var b = new Bench(c);
            Program p = b.program();
            float smoothing = (float) c.stated("label smoothing s=([0-9.]*[0-9])", 0.1);
            Tensor loss = p.mean(p.crossEntropy(b.input("inputs.logits"), b.integers("inputs.hard_targets"), smoothing,
                    -100));
            b.give("losses.smooth", loss);
            b.gradients(loss, "grads.smooth.");
            b.run();
        }
        probabilities(c, scale);
    }

    private static void soft(Comparison c, String logits, float scale, String name, String gradient) {
        var b = new Bench(c);
        Program p = b.program();
        Tensor x = b.input(logits);
        Tensor rows = p.constant("rows", AxisOrder.count(x.rows()));
        Tensor loss = p.mean(p.softCrossEntropy(x, b.given("inputs.targets"), rows, scale));
        b.give(name, loss);
        b.gradients(loss, gradient);
        b.run();
    }

    /// softmax, and its logarithm as the cross-entropy of every row with every label.
    private static void probabilities(Comparison c, float scale) {
        var b = new Bench(c);
        Program p = b.program();
        Tensor x = b.given("inputs.logits");
        int n = x.rows();
        int classes = x.columns();
        b.give("intermediates.probs", p.softmax(x, scale));
        int[] row = new int[n * classes];
        int[] label = new int[n * classes];
        for (int i = 0; i < row.length; i++) {
            row[i] = i / classes;
            label[i] = i % classes;
        }
        Tensor repeated = p.gatherRows(p.scale(x, scale), RowIndex.of(p, "repeat", n, row));
        b.give("intermediates.log_softmax",
                p.scale(p.crossEntropy(repeated, p.constant("labels", label), 0f, -100), -1f));
        b.run();
    }
}
