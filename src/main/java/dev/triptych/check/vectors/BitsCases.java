package dev.triptych.check.vectors;

import dev.triptych.bits.Bits;
import dev.triptych.channel.HeadReset;
import dev.triptych.device.HostSession;
import dev.triptych.encoder.Encoding;
import dev.triptych.encoder.Positions;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Arena;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.UpdateOperations.AdamW;
import dev.triptych.program.call.LinearCalls.Linear;
import dev.triptych.recipe.Schedules;
import dev.triptych.trial.Precision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// BITS's whole models: one loss with its gradients, and training steps with a reset of the head between them.
final class BitsCases {
    private static final String MODEL = "params.student.backbone.cls_token";

    static final List<Family> ALL = List.of(
            new Family("steps", c -> c.has(MODEL) && c.has("inputs.step1.global_views"), BitsCases::steps),
            new Family("objective", c -> c.has(MODEL) && c.has("inputs.global_views"), BitsCases::objective));

    private BitsCases() {
    }

    private static void objective(Comparison c) {
        var model = new BitsModel(c);
        var p = new Program("objective", model.state()).makingAll();
        Bits.Objective objective = model.bits().objective(p, model.views(""));
        Gradients gradients = p.gradient(objective.loss().total());
        Tensor[] positions = positions(p, model, model.views(""));
        HostSession session = model.bind(p);
        model.feed(session, objective.inputs(), "");
        Bench.computes(c, p);
        session.run(p);
        give(c, session, p, model, objective, positions, "");
        gradients(c, session, gradients, "grads.params.student.");
    }

    private static void gradients(Comparison c, HostSession session, Gradients gradients, String prefix) {
        for (Tensor parameter : gradients.parameters()) {
            c.give(prefix + BitsModel.theirs(parameter.name()), session.download(gradients.of(parameter)));
        }
    }

    /// Position tables of global and local views as the encoder adds them, before an update changes them.
    private static Tensor[] positions(Program p, BitsModel model, Bits.Views views) {
        Tensor table = model.state().parameter("encoder.positions");
        int grid = model.bits().settings().encoder().grid();
        if (views.localCrops() == 0) {
            return new Tensor[]{p.scale(table, 1f)};
        }
        int cells = views.localGrid() * views.localGrid();
        Tensor resize = p.constant("bicubic", Positions.squareGrid(grid, views.localGrid()), cells, grid * grid);
        Tensor local = p.concat(p.slice(table, 0, 1), p.product(resize, p.slice(table, 1, grid * grid)));
        return new Tensor[]{p.scale(table, 1f), local};
    }

    /// Losses and values in between.
    private static void give(Comparison c, HostSession session, Program p, BitsModel model, Bits.Objective objective,
            Tensor[] positions, String step) {
        String values = "intermediates." + step;
        objective.loss().terms().forEach(term -> c.give("losses." + step + term.name(), session.value(term.value())));
        c.give("losses." + step + "total", session.value(objective.loss().total()));
        c.give(values + "h", session.download(objective.studentCls()));
        c.give(values + "teacher_h", session.download(objective.teacherCls()));
        c.give(values + "student_logits", session.download(objective.studentLogits()));
        c.give(values + "teacher_logits", session.download(objective.teacherLogits()));
        c.give(values + "Z", session.download(objective.messages()));
        Encoding encoding = objective.student();
        Tensor weight = model.state().parameter("encoder.patch.weight");
        List<Tensor> patches = p.calls(Linear.class).stream().filter(l -> l.w() == weight).map(Linear::y).toList();
        for (int view = 0; view < encoding.layout().views().size(); view++) {
            String name = values + (view == 0 ? "global." : "local.");
            int length = 1 + encoding.layout().views().get(view).kept();
            c.give(name + "pos", session.download(positions[view]));
            c.give(name + "patch_tokens", session.download(patches.get(view)));
            c.give(name + "embedded", rows(session, encoding, encoding.embedded(), view, length));
            for (int i = 0; i < encoding.hidden().size(); i++) {
                c.give(name + "block" + i, rows(session, encoding, encoding.hidden().get(i), view, length));
            }
            c.give(name + "final_norm", rows(session, encoding, encoding.tokens(), view, length));
        }
    }

    private static float[] rows(HostSession session, Encoding encoding, Tensor packed, int view, int length) {
        return StellarEncoder.rows(encoding, session.download(packed), packed.columns(), view, 0, length);
    }

    /// Training steps: schedules by the global step, resets of the head, a clip for each tensor, no decay of vectors.
    private static void steps(Comparison c) {
        var model = new BitsModel(c);
        Bits.Views views = model.views("step1.");
        var p = new Program("train", model.state()).makingAll();
        Bits.Objective objective = model.bits().objective(p, views);
        Gradients gradients = p.gradient(objective.loss().total());
        List<Tensor> parameters = gradients.parameters();
        if (!(c.data().hyper().get("betas") instanceof List<?> betas)) {
            throw new IllegalArgumentException("hyper.betas is missing");
        }
        double beta1 = ((Number) betas.get(0)).doubleValue();
        double beta2 = ((Number) betas.get(1)).doubleValue();
        Tensor[] positions = positions(p, model, views);
        var adamw = new AdamW(beta1, beta2, (float) c.hyper("adam_eps"), (float) c.hyper("clip_per_tensor"), true);
        Tensor given = p.input("rates", parameters.size(), 4);
        Tensor norms = p.adamw(adamw, gradients, given);
        Tensor momentum = model.bits().updateTeacher(p);
        HostSession session = model.bind(p);
        var rates = new AdamWRates(parameters, t -> t.rank() > 1, beta1, beta2);
        for (int k = 1; c.has("inputs.step" + k + ".global_views"); k++) {
            String step = "step" + k + ".";
            schedules(c, session, model, rates, given, momentum, step, c.whole("first_step_index") + k - 1);
            model.feed(session, objective.inputs(), step);
            Bench.computes(c, p);
            session.run(p);
            give(c, session, p, model, objective, positions, step);
            gradients(c, session, gradients, "grads." + step + "params.student.");
            if (session.download(norms).length != parameters.size()) {
                c.fail("the clip has not one norm for each tensor");
            }
            after(c, session, model, "intermediates." + step);
        }
    }

    /// What happens before a step: a reset if one is due, and the rates.
    private static void schedules(Comparison c, HostSession session, BitsModel model, AdamWRates rates, Tensor given,
            Tensor momentum, String step, long t) {
        long total = c.whole("total_steps");
        long period = (long) (c.hyper("n_reset_epochs", 0) * c.whole("steps_per_epoch"));
        if (HeadReset.due(t, total, period) > 0) {
            Map<String, float[]> head = new HashMap<>();
            model.state().parameters().values().stream().filter(Bits.RESET::isHead)
                    .forEach(parameter -> head.put(parameter.name(),
                            AxisOrder.narrow(c.doubles("draws.reset." + parameter.name()))));
            Bits.RESET.apply(session, model.state(), rates, head);
        }
        double lr = Schedules.linspaceWarmup(t, c.whole("warmup_steps"), total, c.hyper("base_lr"), c.hyper("min_lr"));
        double decay = Schedules.cosine(c.hyper("wd_start"), c.hyper("wd_end"), t, total);
        double m = Schedules.cosine(c.hyper("ema_start"), c.hyper("ema_end"), t, total);
        c.give("intermediates." + step + "lr_wd_m", lr, decay, m);
        session.upload(given, rates.next(lr, decay));
        session.upload(momentum, new float[]{(float) m});
    }

    /// State after a step. In float32 the next step starts from the stored state: the first steps of Adam are close to
    /// lr sign(gradient), so that rounding noise moves parameters.
    private static void after(Comparison c, HostSession session, BitsModel model, String prefix) {
        model.state().parameters().forEach((name, tensor) -> {
            String theirs = BitsModel.theirs(name);
            c.give(prefix + "params_after.student." + theirs, session.download(tensor));
            c.give(prefix + "params_after.teacher." + theirs, session.download(model.state().teacher(name)));
            moments(c, session, model, tensor, Arena.FIRST_MOMENTS, prefix + "adam_m.student." + theirs);
            moments(c, session, model, tensor, Arena.SECOND_MOMENTS, prefix + "adam_v.student." + theirs);
        });
        if (Precision.NAME.equals("float32")) {
            model.load(session, prefix + "params_after.");
        }
    }

    private static void moments(Comparison c, HostSession session, BitsModel model, Tensor parameter, Arena arena,
            String name) {
        Tensor moment = model.state().mirror(parameter, arena);
        c.give(name, session.download(moment));
        if (Precision.NAME.equals("float32")) {
            session.upload(moment, AxisOrder.narrow(c.doubles(name)));
        }
    }
}
