package dev.triptych.check.vectors;

import dev.triptych.decoder.IterativeDecoding;
import dev.triptych.echo.ContrastHead;
import dev.triptych.echo.EchoContrast;
import dev.triptych.echo.EchoSampling;
import dev.triptych.echo.SquareWindow;
import dev.triptych.echo.Uniformity;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.nn.Scope;
import dev.triptych.program.CodeOperations.Candidates;
import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import dev.triptych.sorcen.CodeMask;
import dev.triptych.sorcen.MaskRatio;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Parts of Sorcen: masks, echoes, windows, contrast, the schedule of generation.
final class SorcenUnits {
    private static final Pattern ECHO = Pattern.compile("intermediates\\.(.*)k([0-9]+)\\.echo");
    private static final Pattern SCHEDULE = Pattern.compile("intermediates\\.N([0-9]+)_T([0-9]+)");

    static final List<Family> ALL = Stream.of(TokenizerFamilies.ALL, SorcenCases.ALL, List.of(
            new Family("contrast", c -> c.has("inputs.teacher_pooled") && c.has("inputs.z"), SorcenUnits::contrast),
            new Family("echo sampling", c -> c.has("inputs.logits") && c.states("K"), SorcenUnits::echoes),
            new Family("window", c -> !c.names("draws\\..*u_side").isEmpty(), SorcenUnits::windows),
            new Family("mask ratio", c -> c.states("mu") && c.states("sigma"), SorcenUnits::ratios),
            new Family("mask selection", c -> !c.names("draws\\..*noise").isEmpty(), SorcenUnits::masks),
            new Family("re-mask schedule", c -> !c.names(SCHEDULE.pattern()).isEmpty(), SorcenUnits::schedule)))
            .flatMap(List::stream).toList();

    private SorcenUnits() {
    }

    private static void contrast(Comparison c) {
        for (String tag : List.of("con", "uni", "total")) {
            contrast(c, tag);
        }
        var b = new Bench(c);
        int n = 4;
        float[] unit = new float[n * n];
        for (int i = 0; i < n; i++) {
            unit[i * n + i] = 1f;
        }
        Tensor orthonormal = b.number("orthonormal", unit, n, n);
        float tau = (float) c.hyper("tau");
        b.loss("losses.con_orthonormal_B4", new EchoContrast(tau, EchoContrast.Direction.ECHOES)
                .of(b.program(), orthonormal, orthonormal).loss());
        b.loss("losses.uni_orthonormal_B4", Uniformity.of(b.program(), orthonormal));
        float[] same = new float[n * n];
        for (int i = 0; i < same.length; i++) {
            same[i] = 0.3f + i % n;
        }
        b.loss("losses.uni_coinciding", Uniformity.of(b.program(), b.number("coinciding", same, n, n)));
        b.run();
    }

    /// The losses on given latents, with the gradients of one of them.
    private static void contrast(Comparison c, String tag) {
        var b = new Bench(c);
        Program p = b.program();
        Tensor z = b.input("inputs.z");
        int batch = z.side(0);
        int length = z.side(1);
        int d = z.side(2);
        int[] cells = new int[batch * (length - 1)];
        Arrays.setAll(cells, i -> i / (length - 1) * length + 1 + i % (length - 1));
        Tensor kept = p.gatherRows(p.reshape(z, batch * length, d), RowIndex.of(p, "cells", batch * length, cells));
        Tensor pooled = p.groupMeans(p.reshape(kept, batch, length - 1, d));
        b.give("intermediates.student_pooled", pooled);
        Tensor g = head(c, b, "proj", pooled);
        Tensor q = head(c, b, "pred", g);
        Tensor zbar = p.stopGradient("teacher", head(c, b, "teacher_proj", b.given("inputs.teacher_pooled")));
        var contrast = new EchoContrast((float) c.hyper("tau"), EchoContrast.Direction.ECHOES).of(p, zbar, q);
        b.give("intermediates.teacher_unit", contrast.teacher());
        b.give("intermediates.student_unit", contrast.student());
        b.give("intermediates.similarity_over_tau", contrast.similarity());
        Tensor uni = Uniformity.of(p, p.groupMeans(z));
        Tensor total = p.addScaled(p.scale(uni, (float) c.hyper("weight_uni")), 1f, contrast.loss(),
                (float) c.hyper("weight_con"));
        b.loss("losses.con", contrast.loss());
        b.loss("losses.uni", uni);
        b.loss("losses.total", total);
        b.gradients(switch (tag) {
            case "con" -> contrast.loss();
            case "uni" -> uni;
            default -> total;
        }, "grads." + tag + ".");
        b.run();
    }

    private static Tensor head(Comparison c, Bench b, String name, Tensor x) {
        String prefix = "params." + name + ".";
        int[] shape = c.shape(prefix + "fc1.weight");
        var head = ContrastHead.of(Scope.of(b.state()).in(name), shape[1], shape[0], c.shape(prefix + "fc2.weight")[0]);
        b.adopt(prefix + "fc1.weight", head.fc1().weight());
        b.adopt(prefix + "fc1.bias", head.fc1().bias());
        b.adopt(prefix + "bn.weight", head.norm().gain());
        b.adopt(prefix + "bn.bias", head.norm().shift());
        b.adopt(prefix + "fc2.weight", head.fc2().weight());
        b.adopt(prefix + "fc2.bias", head.fc2().bias());
        b.start(head.running(), SorcenModel.pairs(c, prefix + "bn.running_mean", prefix + "bn.running_var"));
        var made = head.apply(b.program(), x);
        String out = "intermediates." + name + ".";
        b.give(out + "fc1", made.hidden());
        b.give(out + "batch_mean", made.moments(), pairs -> SorcenModel.column(pairs, 0));
        b.give(out + "batch_var_biased", made.moments(), pairs -> SorcenModel.column(pairs, 1));
        b.give(out + "bn", made.normalised());
        b.give(out + "out", made.out());
        b.give(out + "running_mean_after", head.running(), pairs -> SorcenModel.column(pairs, 0));
        b.give(out + "running_var_after", head.running(), pairs -> SorcenModel.column(pairs, 1));
        return made.out();
    }

    private static void echoes(Comparison c) {
        for (String name : c.names(ECHO.pattern())) {
            Matcher m = ECHO.matcher(name);
            if (!m.matches()) {
                throw new IllegalStateException(name);
            }
            String part = m.group(1);
            String out = "intermediates." + part + "k" + m.group(2) + ".";
            var b = new Bench(c);
            Program p = b.program();
            int[] shape = c.shape("inputs." + part + "logits");
            int cells = shape[0] * shape[1];
            Tensor logits = b.given("inputs." + part + "logits", cells, shape[2]);
            int k = Integer.parseInt(m.group(2));
            var echo = new EchoSampling(new Candidates(k, true, false)).draw(p, logits,
                    b.given("draws." + part + "u", cells));
            Tensor mixed = null;
            if (c.has(out + "echo_keep_visible")) {
                int[] masked = c.integers("draws.masked");
                int[] source = new int[cells];
                Arrays.setAll(source, i -> 1 + masked[i]);
                Tensor which = p.constant("source", source).reshape(shape[0], shape[1]);
                mixed = p.composeCodes(which, p.constant("tokens", c.integers("inputs.tokens")), echo.codes(), -1, -2);
            }
            b.run();
            c.give(out + "kept_codes", b.whole(echo.kept()));
            float[] probabilities = b.numbers(echo.probabilities());
            c.give(out + "probabilities", probabilities);
            double[] sums = new double[probabilities.length];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = probabilities[i] + (i % k == 0 ? 0 : sums[i - 1]);
            }
            c.give(out + "cdf", sums);
            c.give(name, b.whole(echo.codes()));
            if (mixed != null) {
                c.give(out + "echo_keep_visible", cells(b.whole(mixed), shape[1]));
            }
        }
    }

    /// Sequences of 1 + n ids without their first.
    static int[] cells(int[] sequences, int n) {
        int[] cells = new int[sequences.length / (1 + n) * n];
        Arrays.setAll(cells, i -> sequences[i / n * (1 + n) + 1 + i % n]);
        return cells;
    }

    private static void windows(Comparison c) {
        for (String name : c.names("draws\\..*u_side")) {
            String part = name.substring("draws.".length(), name.length() - "u_side".length());
            int[] tokens = c.integers("inputs." + part + "tokens");
            int[] shape = c.shape("inputs." + part + "tokens");
            windows(c, part, tokens, shape[0], shape[1]);
        }
    }

    private static void windows(Comparison c, String part, int[] tokens, int batch, int n) {
        int grid = (int) Math.round(Math.sqrt(n));
        SquareWindow[] windows = windows(c, part, grid);
        int[] source = new int[batch * n];
        Arrays.setAll(source, i -> windows[i / n].contains(i % n, grid) ? 1 : 0);
        var b = new Bench(c);
        Program p = b.program();
        Tensor codes = p.constant("tokens", tokens);
        Tensor ids = p.composeCodes(p.constant("source", source).reshape(batch, n), codes, codes, -1,
                c.whole("mask_id"));
        b.run();
        c.give("intermediates." + part + "window", cells(b.whole(ids), n));
    }

    /// The windows that the stored uniforms give, their sides and corners given to the comparison.
    static SquareWindow[] windows(Comparison c, String part, int grid) {
        double[] side = c.doubles("draws." + part + "u_side");
        double[] x = c.doubles("draws." + part + "u_x");
        double[] y = c.doubles("draws." + part + "u_y");
        var windows = new SquareWindow[side.length];
        Arrays.setAll(windows, i -> SquareWindow.of(grid, side[i], x[i], y[i]));
        String out = "intermediates." + part;
        c.give(out + "side", Arrays.stream(windows).mapToInt(SquareWindow::side).toArray());
        c.give(out + "x", Arrays.stream(windows).mapToInt(SquareWindow::x).toArray());
        c.give(out + "y", Arrays.stream(windows).mapToInt(SquareWindow::y).toArray());
        return windows;
    }

    private static void ratios(Comparison c) {
        var law = new MaskRatio(c.hyper("mu"), c.hyper("sigma"), c.hyper("low"), c.hyper("high"));
        c.give("intermediates.ratio", Arrays.stream(c.doubles("draws.u")).map(law::at).toArray());
        double a = law.cdf(law.low());
        double b = law.cdf(law.high());
        c.give("losses.cdf_low", a);
        c.give("losses.cdf_high", b);
        c.give("losses.median", law.at(0.5));
        c.give("losses.mean", law.mean() + law.deviation() * (density(law, law.low()) - density(law, law.high()))
                / (b - a));
    }

    private static double density(MaskRatio law, double ratio) {
        double x = (ratio - law.mean()) / law.deviation();
        return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    }

    private static void masks(Comparison c) {
        for (String name : c.names("draws\\..*noise")) {
            String part = name.substring("draws.".length(), name.length() - "noise".length());
            double[] noise = c.doubles(name);
            double[] ratio = c.doubles("draws." + part + "ratio");
            int n = noise.length / ratio.length;
            var masks = new CodeMask[ratio.length];
            Arrays.setAll(masks, b -> CodeMask.of(Arrays.copyOfRange(noise, b * n, (b + 1) * n), ratio[b],
                    SorcenModel.drops(n)));
            String out = "intermediates." + part;
            c.give(out + "rank", Arrays.stream(masks).flatMapToInt(m -> Arrays.stream(m.rank())).toArray());
            c.give(out + "n_mask", Arrays.stream(masks).mapToInt(CodeMask::masks).toArray());
            c.give(out + "kept", Arrays.stream(masks).flatMapToInt(m -> Arrays.stream(m.kept())).toArray());
            int[] masked = new int[noise.length];
            Arrays.setAll(masked, i -> masks[i / n].masked(i % n) ? 1 : 0);
            int[] dropped = new int[noise.length];
            Arrays.setAll(dropped, i -> masks[i / n].dropped(i % n) ? 1 : 0);
            c.give(out + "masked", masked);
            c.give(out + "dropped", dropped);
        }
    }

    private static void schedule(Comparison c) {
        for (String name : c.names(SCHEDULE.pattern())) {
            Matcher m = SCHEDULE.matcher(name);
            if (!m.matches()) {
                throw new IllegalStateException(name);
            }
            int cells = Integer.parseInt(m.group(1));
            int iterations = Integer.parseInt(m.group(2));
            var decoding = new IterativeDecoding(iterations, 1, cells, 2);
            int[] counts = new int[iterations];
            double[] raw = new double[iterations];
            int unknown = cells;
            for (int t = 1; t <= iterations; t++) {
                raw[t - 1] = cells * decoding.cosine(t);
                unknown = decoding.remasked(t, unknown);
                counts[t - 1] = unknown;
            }
            c.give(name, counts);
            c.give(name.replace("intermediates.", "intermediates.raw_"), raw);
        }
    }
}
