package dev.triptych.check.vectors;

import dev.triptych.io.vectors.Comparison;
import dev.triptych.program.Arena;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.UpdateOperations.AdamW;
import dev.triptych.program.call.OptimizerCalls.ClipFactors;
import dev.triptych.recipe.Schedules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;

/// AdamW, clipping, moving averages and schedules.
final class UpdateFamilies {
    private static final double CLIP_EPS = 1e-6;

    static final List<Family> ALL = List.of(
            new Family("adamw", c -> c.states("betas") && c.has("inputs.lr"), UpdateFamilies::adamw),
            new Family("gradient clip", c -> c.states("max_norm"), UpdateFamilies::clip),
            new Family("ema", c -> c.has("params.teacher") && c.has("params.student"), UpdateFamilies::ema),
            new Family("schedules", c -> c.states("total_steps"), UpdateFamilies::schedules));

    private UpdateFamilies() {
    }

    /// A loss whose gradient for each parameter is a given tensor: the sum of their dot products.
    private static Gradients givenGradients(Bench b, Map<Tensor, Tensor> gradients) {
        Program p = b.program();
        Tensor loss = null;
        for (Map.Entry<Tensor, Tensor> entry : gradients.entrySet()) {
            Tensor term = p.scaledSum(p.rowDots(entry.getKey(), entry.getValue()), 1f);
            loss = loss == null ? term : p.add(loss, term);
        }
        return p.gradient(loss);
    }

    private static void adamw(Comparison c) {
        if (!(c.data().hyper().get("betas") instanceof List<?> betas) || betas.size() != 2
                || !(betas.get(0) instanceof Number beta1) || !(betas.get(1) instanceof Number beta2)) {
            throw new IllegalArgumentException("hyper.betas is " + c.data().hyper().get("betas") + ", expected two");
        }
        List<String> names = c.names("params\\..+").stream().map(n -> n.substring("params.".length())).toList();
        var b = new Bench(c);
        var gradients = new LinkedHashMap<Tensor, Tensor>();
        var slots = new ArrayList<Tensor>();
        for (String name : names) {
            Tensor p = b.parameter("params." + name);
            slots.add(b.number("grad." + name, new float[p.count()], p.shape()));
            gradients.put(p, slots.getLast());
        }
        Gradients g = givenGradients(b, gradients);
        int n = names.size();
        Tensor rates = b.number("rates", new float[4 * n], n, 4);
        b.program().adamw(new AdamW(beta1.doubleValue(), beta2.doubleValue(), (float) c.hyper("eps"), 0f, true), g,
                rates);
        double[] lr = c.doubles("inputs.lr");
        double[] wd = c.doubles("inputs.wd");
        List<?> decayed = c.data().hyper().get("decayed") instanceof List<?> list ? list : names;
        for (int k = 1; k <= lr.length; k++) {
            float[] rate = new float[4 * n];
            for (int i = 0; i < n; i++) {
                rate[4 * i] = (float) lr[k - 1];
                rate[4 * i + 1] = (float) (decayed.contains(names.get(i)) ? lr[k - 1] * wd[k - 1] : 0);
                rate[4 * i + 2] = (float) (1 - Math.pow(beta1.doubleValue(), k));
                rate[4 * i + 3] = (float) (1 - Math.pow(beta2.doubleValue(), k));
                b.upload(slots.get(i), AxisOrder.narrow(c.doubles("inputs.step" + k + ".grad." + names.get(i))));
            }
            b.upload(rates, rate);
            b.run();
            String step = "intermediates.step" + k;
            for (String name : names) {
                Tensor p = b.state().parameter("params." + name);
                c.give(step + ".params_after." + name, b.numbers(p));
                c.give(step + ".adam_m." + name, b.numbers(b.state().mirror(p, Arena.FIRST_MOMENTS)));
                c.give(step + ".adam_v." + name, b.numbers(b.state().mirror(p, Arena.SECOND_MOMENTS)));
            }
        }
    }

    /// Clipping happens inside AdamW: with both betas 0 the first moment is the clipped gradient.
    private static void clip(Comparison c) {
        if (c.hyper("eps", CLIP_EPS) != CLIP_EPS) {
            throw new IllegalArgumentException("hyper.eps is " + c.hyper("eps") + "; clipping adds " + CLIP_EPS);
        }
        for (boolean perTensor : new boolean[]{true, false}) {
            var b = new Bench(c);
            var gradients = new LinkedHashMap<Tensor, Tensor>();
            List<String> names = c.names("inputs\\.grad\\..+").stream().map(n -> n.substring("inputs.grad.".length()))
                    .toList();
            for (String name : names) {
                Tensor g = b.given("inputs.grad." + name);
                gradients.put(b.state().parameter(name, (v, random) -> {
                }, g.shape()), g);
            }
            Gradients g = givenGradients(b, gradients);
            Tensor rates = b.number("rates", AxisOrder.filled(4 * names.size(), 1f), names.size(), 4);
            Tensor norm = b.program().adamw(new AdamW(0f, 0f, 1f, (float) c.hyper("max_norm"), perTensor), g, rates);
            b.run();
            float[] norms = b.numbers(norm);
            float[] factors = b.numbers(b.call(ClipFactors.class).factor());
            for (int i = 0; i < names.size(); i++) {
                Tensor p = b.state().parameter(names.get(i));
                c.give("intermediates." + (perTensor ? "per_tensor." : "global.") + names.get(i),
                        b.numbers(b.state().mirror(p, Arena.FIRST_MOMENTS)));
                if (perTensor) {
                    c.give("losses.norm." + names.get(i), norms[i]);
                    c.give("losses.coefficient." + names.get(i), factors[i]);
                }
            }
            if (!perTensor) {
                c.give("losses.global_norm", norms[0]);
                c.give("losses.global_coefficient", factors[0]);
            }
        }
    }

    /// One update for each momentum named, as in `intermediates.after.m0.996`.
    private static void ema(Comparison c) {
        for (String name : c.names("intermediates\\.after\\.m[0-9.]+")) {
            var b = new Bench(c);
            Tensor student = b.parameter("params.student");
            Tensor teacher = b.state().teacher("params.student");
            b.start(teacher, "params.teacher");
            double momentum = Double.parseDouble(name.substring("intermediates.after.m".length()));
            b.program().emaUpdate(List.of(student), b.number("momentum", new float[]{(float) momentum}, 1));
            b.give(name, teacher);
            b.run();
        }
    }

    private static void schedules(Comparison c) {
        long steps = c.whole("total_steps");
        long warmup = c.whole("warmup_steps");
        double base = c.hyper("base_lr");
        double least = c.hyper("min_lr");
        give(c, "wd", steps, t -> Schedules.cosine(c.hyper("wd_start"), c.hyper("wd_end"), t, steps));
        give(c, "ema", steps, t -> Schedules.cosine(c.hyper("ema_start"), c.hyper("ema_end"), t, steps));
        give(c, "lr_linspace", steps, t -> Schedules.linspaceWarmup(t, warmup, steps, base, least));
        give(c, "lr_fraction", steps, t -> Schedules.fractionWarmup(t, warmup, steps, base, least));
        if (c.has("inputs.epoch_fraction")) {
            double[] e = c.doubles("inputs.epoch_fraction");
            double epochs = c.hyper("epochs", c.stated("\\bE=([0-9.]*[0-9])", 10));
            double warm = c.hyper("warmup_epochs", c.stated("\\bWe=([0-9.]*[0-9])", 4));
            double rate = c.hyper("epoch_base_lr", c.stated("\\bbase=([0-9.e+-]*[0-9])", 1e-3));
            double start = c.hyper("epoch_ema_start", c.stated("\\bbeta0=([0-9.]*[0-9])", 0.996));
            give(c, "lr_epoch", e.length, t -> Schedules.epochRate(e[(int) t], warm, epochs, rate, 0));
            give(c, "ema_epoch", e.length, t -> Schedules.epochMomentum(e[(int) t], epochs, start));
        }
        if (c.has("inputs.sample_epochs")) {
            int[] e = c.integers("inputs.sample_epochs");
            long epochs = (long) c.stated("([0-9]+)-epoch run", 100);
            long warm = (long) c.stated("([0-9]+) warm-up epochs", 10);
            double from = c.stated("\\bbase ([0-9.e+-]*[0-9])", 5e-4);
            double to = c.stated("\\bmin ([0-9.e+-]*[0-9])", 5e-5);
            give(c, "sample_lr", e.length, t -> Schedules.fractionWarmup(e[(int) t], warm, epochs, from, to));
            give(c, "sample_wd", e.length,
                    t -> Schedules.cosine(c.hyper("wd_start"), c.hyper("wd_end"), e[(int) t], epochs));
            give(c, "sample_ema", e.length,
                    t -> Schedules.cosine(c.hyper("ema_start"), c.hyper("ema_end"), e[(int) t], epochs));
        }
    }

    private static void give(Comparison c, String name, long steps, LongToDoubleFunction schedule) {
        c.give("intermediates." + name, LongStream.range(0, steps).mapToDouble(schedule).toArray());
    }
}
