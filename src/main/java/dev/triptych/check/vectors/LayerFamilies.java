package dev.triptych.check.vectors;

import dev.triptych.io.vectors.Comparison;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.List;

/// Linear layers, normalisations, GELU and dropout.
final class LayerFamilies {
    static final List<Family> ALL = List.of(
            new Family("batchnorm", c -> c.has("params.running_mean"), LayerFamilies::batchNorm),
            new Family("groupnorm", c -> c.states("groups"), LayerFamilies::groupNorm),
            new Family("layernorm", c -> c.states("eps") && c.has("params.weight"), LayerFamilies::layerNorm),
            new Family("l2 normalise", c -> c.states("eps") && c.has("intermediates.u"), LayerFamilies::normalize),
            new Family("linear", c -> c.has("params.weight") && c.shape("params.weight").length == 2,
                    LayerFamilies::linear),
            new Family("dropout", c -> c.states("dropout") || c.states("drop_path"), LayerFamilies::dropout),
            new Family("gelu", c -> c.has("intermediates.dydx"), LayerFamilies::gelu));

    private LayerFamilies() {
    }

    private static void linear(Comparison c) {
        var b = new Bench(c);
        Tensor y = b.linear(b.input("inputs.x"), "params");
        b.give("intermediates.y", y);
        b.differentiate("dot", b.dot(y, "inputs.upstream"));
        b.run();
    }

    private static void layerNorm(Comparison c) {
        var b = new Bench(c);
        Tensor y = b.program().layerNorm(b.input("inputs.x"), b.parameter("params.weight"), b.parameter("params.bias"),
                (float) c.hyper("eps"));
        b.give("intermediates.y", y);
        b.differentiate("dot", b.dot(y, "inputs.upstream"));
        b.run();
    }

    private static void groupNorm(Comparison c) {
        var b = new Bench(c);
        Program p = b.program();
        int[] shape = c.shape("inputs.x");
        int channels = shape[1];
        int places = shape[2] * shape[3];
        int[] rows = AxisOrder.rows(shape[0], channels, places);
        Tensor x = ordered(p, b.input("inputs.x"), rows, shape[0] * places, channels);
        Tensor normal = p.groupNorm(x, shape[0], c.whole("groups"), b.parameter("params.weight"),
                b.parameter("params.bias"), (float) c.hyper("eps"));
        Tensor y = ordered(p, normal, AxisOrder.rows(shape[0], places, channels), shape);
        b.give("intermediates.y", y);
        b.differentiate("dot", b.dot(y, "inputs.upstream"));
        b.run();
    }

    /// The numbers of x in another order, `y[i] = x[from[i]]`, and their gradient in the old one.
    private static Tensor ordered(Program p, Tensor x, int[] from, int... shape) {
        Tensor each = p.reshape(x, from.length, 1);
        return p.reshape(p.gatherRows(each, RowIndex.of(p, "order", from.length, from)), shape);
    }

    private static void batchNorm(Comparison c) {
        var b = new Bench(c);
        Program p = b.program();
        float eps = (float) c.hyper("eps");
        Tensor x = b.input("inputs.x");
        Tensor gain = b.parameter("params.weight");
        Tensor shift = b.parameter("params.bias");
        double[] mean = c.doubles("params.running_mean");
        double[] variance = c.doubles("params.running_var");
        float[] pairs = new float[2 * mean.length];
        for (int i = 0; i < mean.length; i++) {
            pairs[2 * i] = (float) mean[i];
            pairs[2 * i + 1] = (float) variance[i];
        }
        int n = mean.length;
        Tensor running = b.state().buffer("running", pairs, n, 2);
        b.give("intermediates.y_eval", p.batchNormEvaluation(x, running, gain, shift, eps));
        Tensor moments = p.channelMoments(x);
        p.updateRunningMoments(x, moments, running, (float) c.hyper("momentum"));
        b.give("intermediates.batch_mean", moments, m -> AxisOrder.pick(m, n, i -> 2 * i));
        b.give("intermediates.batch_var_biased", moments, m -> AxisOrder.pick(m, n, i -> 2 * i + 1));
        b.give("intermediates.running_mean_after", running, m -> AxisOrder.pick(m, n, i -> 2 * i));
        b.give("intermediates.running_var_after", running, m -> AxisOrder.pick(m, n, i -> 2 * i + 1));
        Tensor y = p.batchNorm(x, moments, gain, shift, eps);
        b.give("intermediates.y", y);
        b.differentiate("dot", b.dot(y, "inputs.upstream"));
        b.run();
    }

    private static void normalize(Comparison c) {
        var b = new Bench(c);
        float eps = (float) c.hyper("eps");
        Tensor u = b.program().normalizeLength(b.input("inputs.x"), eps);
        b.give("intermediates.u", u);
        b.differentiate("dot", b.dot(u, "inputs.upstream"));
        if (c.has("inputs.clamped")) {
            b.give("intermediates.u_clamped", b.program().normalizeLength(b.given("inputs.clamped"), eps));
        }
        b.run();
    }

    private static void gelu(Comparison c) {
        var b = new Bench(c);
        Tensor y = b.program().gelu(b.input("inputs.x"));
        b.give("intermediates.y", y);
        b.differentiate("dot", b.dot(y, "inputs.upstream"));
        b.run();
        var derivative = new Bench(c);
        Tensor x = derivative.input("inputs.x");
        Tensor sum = derivative.program().scaledSum(derivative.program().gelu(x), 1f);
        derivative.give("intermediates.dydx", derivative.program().gradient(sum).of(x));
        derivative.run();
    }

    /// Dropout of x, and drop path of a branch added to x, with given masks or with the uniforms behind them.
    private static void dropout(Comparison c) {
        var b = new Bench(c);
        Program p = b.program();
        Tensor x = b.input("inputs.x");
        Tensor total = null;
        if (c.has("intermediates.dropout")) {
            double rate = c.hyper("dropout");
            Tensor y = p.dropout(x, keep(b, c, "dropout", rate), (float) rate);
            b.give("intermediates.dropout", y);
            total = b.dot(y, "inputs.upstream_dropout");
            b.loss("losses.dropout", total);
        }
        if (c.has("intermediates.droppath")) {
            double rate = c.hyper("drop_path");
            Tensor branch = b.input("inputs.branch");
            Tensor y = p.add(x, p.dropout(branch, keep(b, c, "droppath", rate), (float) rate));
            b.give("intermediates.droppath", y);
            Tensor loss = b.dot(y, "inputs.upstream_droppath");
            b.loss("losses.droppath", loss);
            total = total == null ? loss : b.sum(total, loss);
        }
        if (total == null) {
            throw new IllegalArgumentException("neither intermediates.dropout nor intermediates.droppath is stored");
        }
        b.differentiate("sum", total);
        b.run();
    }

    private static Tensor keep(Bench b, Comparison c, String kind, double rate) {
        String mask = "draws." + kind + "_keep";
        String uniform = "draws." + kind + "_uniform";
        double[] kept = c.has(mask) ? c.doubles(mask) : null;
        double[] drawn = c.has(uniform) ? c.doubles(uniform) : null;
        double[] keep = kept != null ? kept : drawn.clone();
        for (int i = 0; drawn != null && i < keep.length; i++) {
            double fromDraw = drawn[i] >= rate ? 1 : 0;
            if (kept != null && fromDraw != kept[i]) {
                throw new IllegalArgumentException(mask + " is not " + uniform + " >= " + rate + " at " + i);
            }
            keep[i] = fromDraw;
        }
        return b.number(mask, AxisOrder.narrow(keep), c.shape(kept != null ? mask : uniform));
    }
}
