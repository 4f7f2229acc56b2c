package dev.triptych.check.vectors;

import dev.triptych.decoder.IterativeDecoding;
import dev.triptych.device.HostSession;
import dev.triptych.echo.SquareWindow;
import dev.triptych.encoder.CodeSequences;
import dev.triptych.encoder.CodeTransformer;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.nn.AdamWRates;
import dev.triptych.nn.DropoutLayer;
import dev.triptych.nn.Scope;
import dev.triptych.program.Arena;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.UpdateOperations.AdamW;
import dev.triptych.recipe.Schedules;
import dev.triptych.sorcen.CodeMask;
import dev.triptych.sorcen.Sorcen;
import dev.triptych.trial.Precision;
import java.util.Arrays;
import java.util.List;

/// Sorcen's whole models: masked prediction with its gradients, features, generation, and training steps.
final class SorcenCases {
    private static final String MODEL = "params.embed.token";

    static final List<Family> ALL = List.of(
            new Family("steps", c -> c.has(MODEL) && c.has("inputs.step1.tokens"), SorcenCases::steps),
            new Family("masked prediction", c -> c.has(MODEL) && c.has("losses.rec"), SorcenCases::prediction),
            new Family("features", c -> c.has(MODEL) && c.states("feature_ln_eps"), SorcenCases::features),
            new Family("generation", c -> c.has(MODEL) && c.states("choice_temperature"), SorcenCases::generation));

    private SorcenCases() {
    }

    private static void prediction(Comparison c) {
        var model = new SorcenModel(c);
        int[] codes = c.integers("inputs.tokens");
        CodeMask[] masks = model.masks("");
        var p = new Program("objective", model.state());
        Sorcen.Objective objective = model.sorcen().objective(p, masks.length);
        Gradients gradients = p.gradient(objective.reconstruction().loss());
        HostSession session = model.bind(p);
        model.feed(session, objective.inputs().masked(), codes, masks);
        Bench.computes(c, p);
        session.run(p);
        String out = "intermediates.";
        var encoding = objective.encoding();
        var decoding = objective.decoding();
        c.give(out + "embedded", embedded(c, model, codes, masks));
        layers(c, session, out + "enc", encoding.hidden());
        c.give(out + "z", session.download(encoding.tokens()));
        c.give(out + "dec_in", session.download(decoding.projected()));
        c.give(out + "dec_sequence", session.download(decoding.sequence()));
        layers(c, session, out + "dec", decoding.hidden());
        c.give(out + "dec_norm", session.download(decoding.tokens()));
        c.give(out + "head_u", session.download(decoding.head()));
        c.give(out + "logits", session.download(decoding.logits()));
        c.give(out + "position_loss", session.download(objective.reconstruction().positions()));
        c.give("losses.rec", session.value(objective.loss().term("reconstruction")));
        gradients(c, session, gradients, "grads.params.");
    }

    private static void layers(Comparison c, HostSession session, String name, List<Tensor> hidden) {
        for (int i = 0; i < hidden.size(); i++) {
            c.give(name + i, session.download(hidden.get(i)));
        }
    }

    private static void gradients(Comparison c, HostSession session, Gradients gradients, String prefix) {
        for (Tensor parameter : gradients.parameters()) {
            c.give(prefix + SorcenModel.theirs(parameter.name()), session.download(gradients.of(parameter)));
        }
    }

    /// The embedding of all cells, dropped ones included.
    private static float[] embedded(Comparison c, SorcenModel model, int[] codes, CodeMask[] masks) {
        CodeTransformer.Settings s = model.settings().encoder();
        int n = s.cells();
        var b = new Bench(c);
        var encoder = new CodeTransformer(Scope.of(b.state()), s);
        for (String name : b.state().parameters().keySet()) {
            b.start(b.state().parameter(name), "params." + SorcenModel.theirs(name));
        }
        int[] ids = new int[masks.length * (1 + n)];
        for (int i = 0; i < ids.length; i++) {
            int image = i / (1 + n);
            int cell = i % (1 + n) - 1;
            ids[i] = cell < 0 ? s.cls() : masks[image].masked(cell) ? s.mask() : codes[image * n + cell];
        }
        Program p = b.program();
        var sequences = CodeSequences.full(p, p.constant("ids", ids), masks.length, n, s.codes());
        Tensor embedded = encoder.embed(p, sequences, DropoutLayer.NONE);
        p.keep(embedded);
        b.run();
        return b.numbers(embedded);
    }

    private static void features(Comparison c) {
        var model = new SorcenModel(c);
        int batch = c.shape("inputs.tokens")[0];
        var p = new Program("evaluate", model.state());
        Tensor codes = model.sorcen().codes(p, batch);
        Sorcen.Features values = model.sorcen().evaluate(p, codes);
        HostSession session = model.bind(p);
        session.upload(codes, c.integers("inputs.tokens"));
        Bench.computes(c, p);
        session.run(p);
        c.excuse("params\\.enc_norm\\..+");
        c.give("intermediates.last_block", session.download(values.last()));
        c.give("intermediates.pooled", session.download(values.pooled()));
        float[] features = session.download(values.feature());
        c.give("intermediates.normalised", features);
        c.give("intermediates.standardised", standardised(features, batch, c.hyper("bn_eps")));
    }

    private static double[] standardised(float[] x, int n, double eps) {
        int d = x.length / n;
        double[] y = new double[x.length];
        for (int j = 0; j < d; j++) {
            double mean = 0;
            for (int i = 0; i < n; i++) {
                mean += (double) x[i * d + j] / n;
            }
            double variance = 0;
            for (int i = 0; i < n; i++) {
                variance += (x[i * d + j] - mean) * (x[i * d + j] - mean) / n;
            }
            for (int i = 0; i < n; i++) {
                y[i * d + j] = (x[i * d + j] - mean) / Math.sqrt(variance + eps);
            }
        }
        return y;
    }

    private static void generation(Comparison c) {
        var model = new SorcenModel(c);
        int batch = c.whole("batch");
        var sizes = model.settings().encoder();
        var decoding = new IterativeDecoding(c.whole("T"), c.hyper("choice_temperature"), sizes.cells(), sizes.codes());
        var p = new Program("generate", model.state());
        Tensor codes = model.sorcen().codes(p, batch);
        Tensor slots = model.sorcen().slots(p, batch);
        Tensor logits = model.sorcen().generate(p, codes, slots);
        HostSession session = model.bind(p);
        int[] ids = decoding.start(batch);
        for (int t = 1; t <= decoding.iterations(); t++) {
            String draws = "draws.t" + t + ".";
            String out = "intermediates.t" + t + ".";
            session.upload(codes, ids);
            session.upload(slots, decoding.slots(ids));
            Bench.computes(c, p);
            session.run(p);
            float[] a = session.download(logits);
            double[] gumbel = Arrays.stream(c.doubles(draws + "v")).map(v -> -Math.log(-Math.log(v))).toArray();
            double[] stored = c.doubles(draws + "gumbel");
            for (int i = 0; i < stored.length; i++) {
                if (!(Math.abs(stored[i] - gumbel[i]) <= 1e-9)) {
                    c.fail(draws + "gumbel is not -log(-log v) at " + i);
                }
            }
            c.give(out + "ids_in", ids);
            c.give(out + "logits", a);
            IterativeDecoding.Step step = decoding.step(t, a, ids, c.doubles(draws + "u"), gumbel);
            c.give(out + "sampled", step.sampled());
            c.give(out + "confidence", Arrays.stream(step.confidence()).map(x -> Math.min(x, 1e300)).toArray());
            c.give(out + "remask_count", step.remasked());
            c.give(out + "ids_out", step.ids());
            ids = step.ids();
            if (t == decoding.iterations()) {
                c.give("intermediates.result", step.sampled());
            }
        }
    }

    /// Training steps: schedules by the whole epoch, echoes after their warm-up, one clip for all gradients, no decay
    /// of vectors.
    private static void steps(Comparison c) {
        var model = new SorcenModel(c);
        int batch = c.whole("batch");
        var p = new Program("train", model.state());
        Tensor momentum = model.sorcen().updateTeacher(p);
        Sorcen.Objective objective = model.sorcen().objective(p, batch);
        Gradients gradients = p.gradient(objective.loss().total());
        List<Tensor> parameters = gradients.parameters();
        if (!(c.data().hyper().get("betas") instanceof List<?> betas)) {
            throw new IllegalArgumentException("hyper.betas is missing");
        }
        double beta1 = ((Number) betas.get(0)).doubleValue();
        double beta2 = ((Number) betas.get(1)).doubleValue();
        float clip = (float) c.hyper("clip_global");
        var adamw = new AdamW(beta1, beta2, (float) c.hyper("adam_eps"), clip, false);
        Tensor given = p.input("rates", parameters.size(), 4);
        Tensor norm = p.adamw(adamw, gradients, given);
        HostSession session = model.bind(p);
        var rates = new AdamWRates(parameters, t -> t.rank() > 1, beta1, beta2);
        for (int k = 1; c.has("inputs.step" + k + ".tokens"); k++) {
            String step = "step" + k + ".";
            double epoch = c.whole("first_epoch") + (k - 1) / (double) c.whole("steps_per_epoch");
            double lr = Schedules.epochRate(epoch, c.hyper("warmup_epochs"), c.hyper("epochs"), c.hyper("base_lr"), 0);
            double beta = Schedules.epochMomentum(epoch, c.hyper("epochs"), c.hyper("beta0"));
            c.give("intermediates." + step + "lr_beta", lr, beta);
            session.upload(given, rates.next(lr, c.hyper("weight_decay")));
            session.upload(momentum, new float[]{(float) beta});
            boolean echoes = Math.floor(epoch) > c.hyper("echo_warmup_last_epoch");
            int[] codes = c.integers("inputs." + step + "tokens");
            feed(c, session, objective.inputs(), model, step, codes, echoes);
            Bench.computes(c, p);
            session.run(p);
            losses(c, session, objective, session.value(norm), clip, step);
            values(c, session, objective, "intermediates." + step, codes, echoes);
            gradients(c, session, gradients, "grads." + step + "params.");
            after(c, session, model, "intermediates." + step);
        }
    }

    private static void feed(Comparison c, HostSession session, Sorcen.Inputs in, SorcenModel model, String step,
            int[] codes, boolean echoes) {
        int n = model.settings().encoder().cells();
        int grid = c.whole("grid");
        model.feed(session, in.masked(), codes, model.masks(step));
        SquareWindow[] windows = SorcenUnits.windows(c, step, grid);
        int[] window = new int[codes.length];
        Arrays.setAll(window, i -> windows[i / n].contains(i % n, grid) ? echoes ? 2 : 1 : 0);
        session.upload(in.window(), window);
        session.upload(in.draws(), AxisOrder.narrow(c.doubles("draws." + step + "u_echo")));
    }

    private static void losses(Comparison c, HostSession session, Sorcen.Objective objective, double norm, double clip,
            String step) {
        String out = "losses." + step;
        c.give(out + "rec", session.value(objective.loss().term("reconstruction")));
        c.give(out + "uni", session.value(objective.loss().term("uniformity")));
        c.give(out + "con", session.value(objective.loss().term("contrast")));
        c.give(out + "total", session.value(objective.loss().total()));
        c.give(out + "grad_norm", norm);
        c.give(out + "clip_coefficient", Math.min(1, clip / (norm + 1e-6)));
    }

    private static void values(Comparison c, HostSession session, Sorcen.Objective objective, String out, int[] codes,
            boolean echoes) {
        Sorcen.Contrasted made = objective.contrasted();
        c.give(out + "logits", session.download(objective.decoding().logits()));
        c.give(out + "z", session.download(objective.encoding().tokens()));
        int[] echo = session.downloadIntegers(made.echo().codes());
        c.give(out + "sampled_echo", echo);
        c.give(out + "teacher_source_tokens", echoes ? echo : codes);
        int n = c.whole("grid") * c.whole("grid");
        c.give(out + "window_tokens", SorcenUnits.cells(session.downloadIntegers(made.window()), n));
        c.give(out + "student_pooled", session.download(made.pooled()));
        c.give(out + "student_projection", session.download(made.projection()));
        c.give(out + "student_prediction", session.download(made.prediction()));
        c.give(out + "teacher_latent", session.download(made.teacher()));
        c.give(out + "teacher_pooled", session.download(made.teacherPooled()));
        c.give(out + "teacher_projection", session.download(made.teacherProjection()));
    }

    /// State after a step. In float32 the next step starts from the stored state: the first steps of Adam are close to
    /// lr sign(gradient), so that rounding noise moves parameters.
    private static void after(Comparison c, HostSession session, SorcenModel model, String prefix) {
        boolean restart = Precision.NAME.equals("float32");
        model.state().parameters().forEach((name, tensor) -> {
            String theirs = SorcenModel.theirs(name);
            c.give(prefix + "params_after." + theirs, session.download(tensor));
            moments(c, session, model, tensor, Arena.FIRST_MOMENTS, prefix + "adam_m." + theirs, restart);
            moments(c, session, model, tensor, Arena.SECOND_MOMENTS, prefix + "adam_v." + theirs, restart);
        });
        model.state().teachers().forEach((name, tensor) -> c
                .give(prefix + "teacher_after_ema." + SorcenModel.teacher(name), session.download(tensor)));
        model.state().buffers().forEach((name, tensor) -> {
            if (name.contains("running")) {
                float[] pairs = session.download(tensor);
                String norm = prefix + "buffers_after." + SorcenModel.norm(name);
                c.give(norm + "running_mean", SorcenModel.column(pairs, 0));
                c.give(norm + "running_var", SorcenModel.column(pairs, 1));
            }
        });
        if (restart) {
            model.load(session, prefix + "params_after.", prefix + "teacher_after_ema.", prefix + "buffers_after.");
        }
    }

    private static void moments(Comparison c, HostSession session, SorcenModel model, Tensor parameter, Arena arena,
            String name, boolean restart) {
        Tensor moment = model.state().mirror(parameter, arena);
        c.give(name, session.download(moment));
        if (restart) {
            session.upload(moment, AxisOrder.narrow(c.doubles(name)));
        }
    }
}
