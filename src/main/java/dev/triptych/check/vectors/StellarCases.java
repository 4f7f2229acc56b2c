package dev.triptych.check.vectors;

import dev.triptych.device.HostSession;
import dev.triptych.encoder.Encoding;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Arena;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.UpdateOperations.AdamW;
import dev.triptych.stellar.Stellar;
import dev.triptych.stellar.StellarNames;
import dev.triptych.tokens.LowRankFeatures;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// STELLAR's whole models: training and validation, inference, optimiser steps and probes.
final class StellarCases {
    private static final String MODEL = "params.encoder.embeddings.cls_token";

    static final List<Family> ALL = List.of(
            new Family("probe", c -> c.has("params.classification_head.weight"), StellarProbes::classification),
            new Family("segmentation", c -> c.has("params.decoder_head.1.weight"), StellarProbes::segmentation),
            new Family("steps", c -> c.has(MODEL) && c.has("inputs.step0.image"), StellarCases::steps),
            new Family("objective", c -> c.has(MODEL) && c.has("losses.total"), StellarCases::objective),
            new Family("inference", c -> c.has(MODEL) && c.has("intermediates.out.sparse"), StellarCases::inference));

    private StellarCases() {
    }

    /// Weights of the terms for the settings of a case, as the authors' code has them.
    ///
    /// @param more what is added to a term's own coefficient, by its name in the authors' code
    private static Stellar.Weights weights(Comparison c, Map<String, Float> more) {
        boolean clustering = StellarModel.flag(c, "do_clustering");
        boolean masking = clustering && StellarModel.flag(c, "do_masking");
        boolean cls = clustering && StellarModel.flag(c, "do_cls");
        boolean codes = c.shape("params.reconstruction_head.weight").length == 2;
        Object stated = c.data().value("rec_coeff");
        float reconstruction = stated instanceof Number n ? n.floatValue() : codes ? 0.05f : 10f;
        float koleo = 0.1f * (1f + more.getOrDefault("koleo_loss", 0f));
        boolean spread = StellarModel.flag(c, "do_koleo");
        return new Stellar.Weights(
                StellarModel.flag(c, "do_recon")
                        ? reconstruction + more.getOrDefault(codes ? "VQ-CE" : "MSE", 0f)
                        : 0f,
                spread ? koleo : 0f, spread && masking ? koleo : 0f,
                clustering ? 1f + more.getOrDefault("clustering_loss", 0f) : 0f,
                cls ? 1f + more.getOrDefault("cls_clustering_loss", 0f) : 0f,
                masking ? 1f + more.getOrDefault("mask_loss", 0f) : 0f,
                cls && masking ? 1f + more.getOrDefault("cls_loss", 0f) : 0f);
    }

    private static void excuse(Comparison c) {
        c.excuse("params\\.(.+\\.|teacher_)?(encoder|decoder)\\.pooler\\..+");
        c.excuse("params\\.decoder\\.embeddings\\..+");
        c.excuse("inputs\\.(step[0-9]+\\.)?(labels|local_views|global_views)");
    }

    private static void objective(Comparison c) {
        excuse(c);
        boolean train = !"valid".equals(c.data().value("mode"));
        var model = new StellarModel(c, "params.", weights(c, Map.of()));
        Stellar.Views views = model.views("");
        var p = new Program("objective", model.state()).makingAll();
        Tensor momentum = views.teacher() && train ? model.stellar().updateTeacher(p) : null;
        Stellar.Objective objective = model.stellar().objective(p, views);
        Gradients gradients = p.gradient(objective.loss().total());
        HostSession session = model.bind(p);
        model.feed(session, objective, momentum, "");
        Bench.computes(c, p);
        session.run(p);
        losses(c, session, model, objective, "losses.");
        new StellarActs(c, model, objective, "intermediates.acts.", t -> numbers(session, t)).give();
        var full = objective.full();
        StellarOutputs.give(c, model, views.batch(), session, new LowRankFeatures(full.cls(), full.dense(),
                full.sparse(), objective.factors().localization(), objective.factors().lowRank(),
                objective.decoding() == null ? null : objective.decoding().prediction()));
        if (views.teacher()) {
            teacher(c, session, model, views, train);
        } else if (StellarModel.flag(c, "momentum_teacher")) { // the authors' code returns before it updates
            c.excuse("params\\.teacher_.+");
            String after = "intermediates.params_after_ema.";
            for (String name : c.names(java.util.regex.Pattern.quote(after) + ".+")) {
                c.give(name, c.doubles("params." + name.substring(after.length())));
            }
        }
        gradients.parameters().forEach(t -> model.split(t.name(), session.download(gradients.of(t)),
                (name, values) -> c.give("grads.params." + name, values)));
        activationGradients(c, views, train);
    }

    private static float[] numbers(HostSession session, Tensor t) {
        if (!t.arena().isInteger()) {
            return session.download(t);
        }
        int[] whole = session.downloadIntegers(t);
        float[] numbers = new float[whole.length];
        for (int i = 0; i < whole.length; i++) {
            numbers[i] = whole[i];
        }
        return numbers;
    }

    /// The terms under the authors' names.
    private static void losses(Comparison c, HostSession session, StellarModel model, Stellar.Objective objective,
            String prefix) {
        sum(c, prefix + (model.settings().decoder().codes() > 0 ? "VQ-CE" : "MSE"), session, objective, 1,
                "reconstruction");
        sum(c, prefix + "koleo_loss", session, objective, model.settings().weights().koleo(), "koleo", "masked koleo");
        sum(c, prefix + "clustering_loss", session, objective, 1, "clustering");
        sum(c, prefix + "cls_clustering_loss", session, objective, 1, "cls clustering");
        sum(c, prefix + "mask_loss", session, objective, 1, "mask");
        sum(c, prefix + "cls_loss", session, objective, 1, "cls masked", "cls local");
        c.give(prefix + "total", session.value(objective.loss().total()));
    }

    private static void sum(Comparison c, String name, HostSession session, Stellar.Objective objective, double weight,
            String... parts) {
        var values = Arrays.stream(parts).map(objective.loss()::term).filter(Objects::nonNull).toList();
        if (!values.isEmpty()) {
            c.give(name, values.stream().mapToDouble(value -> weight * session.value(value)).sum());
        }
    }

    /// The averages after the update, and what the teacher's encoder made of its view.
    private static void teacher(Comparison c, HostSession session, StellarModel model, Stellar.Views views,
            boolean train) {
        averages(c, session, model, "intermediates.params_after_ema.", train ? c.hyper("teacher_momentum") : 1);
        float[] views0 = model.first("inputs.global_views", views.globalViews());
        int size = views0.length / views.batch() / views.globalViews();
        float[] second = AxisOrder.pick(views0, views.batch() * size,
                i -> (i / size * views.globalViews() + 1) * size + i % size);
        var encoder = new StellarEncoder(model, name -> session.download(model.state().teacher(name)), second,
                views.batch());
        Encoding e = encoder.encoding();
        int n = model.settings().encoder().patches();
        String call = "intermediates.acts.forward_teacher.0.";
        c.give(call + "in0", second);
        c.give(call + "out0", encoder.rows(e.tokens(), 0, 1));
        c.give(call + "out1", encoder.rows(e.tokens(), 1 + n, model.settings().tokens()));
        c.give(call + "out2", encoder.rows(e.tokens(), 1, n));
    }

    /// The teacher's parameters. The authors also average the pooler, which nothing runs and we do not have.
    private static void averages(Comparison c, HostSession session, StellarModel model, String prefix, double m) {
        model.state().teachers().forEach((name, tensor) -> model.split(name, session.download(tensor),
                (theirs, values) -> c.give(prefix + StellarNames.teacher(theirs), values)));
        for (String name : c.names("\\Q" + prefix + "\\Eteacher_encoder\\.pooler\\..+")) {
            String teacher = name.substring(prefix.length());
            double[] average = c.doubles("params." + teacher);
            double[] student = c.doubles("params." + StellarNames.student(teacher));
            for (int i = 0; i < average.length; i++) {
                average[i] = m * average[i] + (1 - m) * student[i];
            }
            c.give(name, average);
        }
    }

    /// Gradients of values in between. Where the case states `per_term_grad_norm`, its authors differentiated each term
    /// on its own before the total and these gradients are the sums: every term counts once more than in the total.
    private static void activationGradients(Comparison c, Stellar.Views views, boolean train) {
        if (c.names("grads\\.intermediates\\.acts\\..+").isEmpty()) {
            return;
        }
        var more = new java.util.HashMap<String, Float>();
        if (c.data().value("per_term_grad_norm") instanceof Map<?, ?> terms) {
            terms.keySet().forEach(term -> more.put(String.valueOf(term), 1f));
        }
        var model = new StellarModel(c, "params.", weights(c, more));
        var p = new Program("gradients", model.state()).makingAll();
        Tensor momentum = views.teacher() && train ? model.stellar().updateTeacher(p) : null;
        Stellar.Objective objective = model.stellar().objective(p, views);
        Gradients gradients = p.gradient(objective.loss().total());
        HostSession session = model.bind(p);
        model.feed(session, objective, momentum, "");
        Bench.computes(c, p);
        session.run(p);
        new StellarActs(c, model, objective, "grads.intermediates.acts.", t -> {
            Tensor g = gradients.of(t);
            return g == null ? null : session.download(g);
        }).give();
    }

    private static void inference(Comparison c) {
        excuse(c);
        c.excuse("params\\.teacher_.+");
        var model = new StellarModel(c, "params.", weights(c, Map.of()));
        int batch = c.shape("inputs.image")[0];
        var p = new Program("evaluate", model.state());
        Tensor image = model.stellar().image(p, batch);
        LowRankFeatures values = model.stellar().evaluate(p, image);
        HostSession session = model.bind(p);
        float[] pixels = AxisOrder.narrow(c.doubles("inputs.image"));
        session.upload(image, pixels);
        Bench.computes(c, p);
        session.run(p);
        StellarOutputs.give(c, model, batch, session, new LowRankFeatures(values.cls(), values.dense(),
                values.sparse(), values.localization(), values.lowRank(), null));
        String acts = "intermediates.acts.";
        var encoder = new StellarEncoder(model, name -> model.weights(name, UnaryOperator.identity()), pixels, batch);
        Encoding e = encoder.encoding();
        int n = model.settings().encoder().patches();
        int k = model.settings().tokens();
        c.give(acts + "patch_embedding.0.in0", pixels);
        c.give(acts + "patch_embedding.0.out0", encoder.rows(e.embedded(), 0, 1 + n));
        c.give(acts + "forward_image.0.in0", pixels);
        for (int i = 0; i < e.hidden().size(); i++) {
            c.give(acts + "forward_image.0.enc_layer" + i + ".out0", encoder.rows(e.hidden().get(i), 0, 1 + n + k));
        }
        c.give(acts + "forward_image.0.out0", session.download(values.cls()));
        c.give(acts + "forward_image.0.out1", session.download(values.sparse()));
        c.give(acts + "forward_image.0.out2", session.download(values.dense()));
        c.give(acts + "spatial_distribution.0.in0", session.download(values.dense()));
        c.give(acts + "spatial_distribution.0.in1", session.download(values.sparse()));
        c.give(acts + "spatial_distribution.0.out0", session.download(values.localization()));
    }

    /// Steps of training with AdamW, decay on every tensor, and one clip for all gradients together.
    private static void steps(Comparison c) {
        excuse(c);
        if (!(c.data().value("optim") instanceof Map<?, ?> optim) || !(optim.get("betas") instanceof List<?> betas)) {
            throw new IllegalArgumentException("optim is " + c.data().value("optim") + ", expected AdamW's settings");
        }
        double beta1 = ((Number) betas.get(0)).doubleValue();
        double beta2 = ((Number) betas.get(1)).doubleValue();
        float clip = optim.get("clip_norm") instanceof Number limit ? limit.floatValue() : 0f;
        var model = new StellarModel(c, "params.", weights(c, Map.of()));
        Stellar.Views views = model.views("step0.");
        var p = new Program("train", model.state());
        Tensor momentum = views.teacher() ? model.stellar().updateTeacher(p) : null;
        Stellar.Objective objective = model.stellar().objective(p, views);
        Gradients gradients = p.gradient(objective.loss().total());
        List<Tensor> parameters = gradients.parameters();
        Tensor rates = p.input("rates", parameters.size(), 4);
        Tensor norm = p.adamw(new AdamW(beta1, beta2, number(optim, "eps"), clip, false), gradients, rates);
        HostSession session = model.bind(p);
        var counters = new AdamWRates(parameters, t -> true, beta1, beta2);
        for (int step = 0; c.has("inputs.step" + step + ".image"); step++) {
            String name = "step" + step + ".";
            model.feed(session, objective, momentum, name);
            session.upload(rates, counters.next(((Number) optim.get("lr")).doubleValue(),
                    ((Number) optim.get("weight_decay")).doubleValue()));
            Bench.computes(c, p);
            session.run(p);
            losses(c, session, model, objective, "losses." + name);
            c.give("losses." + name + "grad_norm_before_clip", session.value(norm));
        }
        String after = "intermediates.params_after.";
        model.state().parameters().forEach((name, tensor) -> model.split(name, session.download(tensor),
                (theirs, values) -> c.give(after + theirs, values)));
        model.state().teachers().forEach((name, tensor) -> model.split(name, session.download(tensor),
                (theirs, values) -> c.give(after + StellarNames.teacher(theirs), values)));
        moments(c, session, model, "adam_m", Arena.FIRST_MOMENTS);
        moments(c, session, model, "adam_v", Arena.SECOND_MOMENTS);
        // what no gradient reaches stays as it was
        for (String name : c.names("\\Q" + after + "\\E.*(pooler|decoder\\.embeddings|position_embedding)\\..+")) {
            c.give(name, c.doubles("params." + name.substring(after.length())));
        }
    }

    private static void moments(Comparison c, HostSession session, StellarModel model, String kind, Arena arena) {
        model.state().parameters().forEach((name, tensor) -> model.split(name,
                session.download(model.state().mirror(tensor, arena)),
                (theirs, values) -> c.give("intermediates." + kind + "." + theirs, values)));
    }

    private static float number(Map<?, ?> map, String key) {
        return ((Number) map.get(key)).floatValue();
    }
}
