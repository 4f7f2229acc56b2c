package dev.triptych.check.vectors;

import dev.triptych.decoder.PatchDecoder;
import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.encoder.Encoding;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.mae.Mae;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Arena;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.UpdateOperations.AdamW;
import dev.triptych.program.call.LinearCalls.Linear;
import dev.triptych.trial.Precision;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// MAE's whole model: one loss with its gradients, and steps of its optimizer.
final class MaeCases {
    private static final String MODEL = "params.decoder.mask_token";

    static final List<Family> ALL = List.of(
            new Family("steps", c -> c.has(MODEL) && c.has("inputs.step1.images"), MaeCases::steps),
            new Family("objective", c -> c.has(MODEL) && c.has("inputs.images"), MaeCases::objective));

    private final Comparison data;
    private final State state = new State();
    private final Mae model;
    private final int kept;
    private final int batch;

    /// @param step `""`, or `step1.` and so on
    private MaeCases(Comparison data, String step) {
        this.data = data;
        this.model = new Mae(state, settings(data));
        this.batch = data.shape("inputs." + step + "images")[0];
        this.kept = data.shape("draws." + step + "kept")[1];
    }

    private static Mae.Settings settings(Comparison c) {
        int[] patches = c.shape("params.encoder.patch_embed.weight");
        int n = c.shape("params.encoder.pos_embed")[1] - 1;
        int grid = (int) Math.round(Math.sqrt(n));
        if (grid * grid != n || patches[2] != patches[3]) {
            throw new IllegalArgumentException("only square grids of square patches are supported, here " + n
                    + " positions and patches of " + patches[2] + " x " + patches[3]);
        }
        float eps = (float) c.hyper("ln_eps", 1e-12);
        if (!(c.data().hyper().get("decoder") instanceof Map<?, ?> decoder)
                || !(decoder.get("heads") instanceof Number heads)) {
            throw new IllegalArgumentException("hyper.decoder.heads is missing");
        }
        if (c.hyper("pixel_eps", 1e-6) != 1e-6) {
            throw new IllegalArgumentException("pixel_eps is " + c.hyper("pixel_eps") + ", expected 1e-6");
        }
        var encoder = new VisionTransformer.Settings(grid, patches[2], patches[0], depth(c, "encoder"),
                c.whole("heads"), c.shape("params.encoder.blocks.0.mlp.fc1.weight")[0], eps);
        int[] embed = c.shape("params.decoder.embed.weight");
        var decoding = new PatchDecoder.Settings(grid, patches[2], embed[1], embed[0], depth(c, "decoder"),
                heads.intValue(), c.shape("params.decoder.blocks.0.mlp.fc1.weight")[0], eps, false);
        return new Mae.Settings(encoder, decoding, Boolean.TRUE.equals(c.data().hyper().get("norm_pixels")),
                VisionTransformer.Pixels.PLAIN);
    }

    private static int depth(Comparison c, String part) {
        return c.names("params\\." + part + "\\.blocks\\.[0-9]+\\.norm1\\.weight").size();
    }

    /// The authors' name of a parameter.
    private static String theirs(String ours) {
        return ours.replace("encoder.patch.", "encoder.patch_embed.").replaceFirst("^encoder\\.cls$",
                "encoder.cls_token").replaceFirst("\\.positions$", ".pos_embed");
    }

    private static void objective(Comparison c) {
        var run = new MaeCases(c, "");
        var p = new Program("objective", run.state);
        Mae.Objective objective = run.model.objective(p, run.batch, run.kept);
        Gradients gradients = p.gradient(objective.loss().total());
        HostSession session = run.bind(p);
        run.feed(session, objective.inputs(), "");
        session.run(p);
        run.give(session, objective, "");
        run.gradients(session, gradients, "");
    }

    private HostSession bind(Program p) {
        HostSession session = new PlainDevice(false).bind(state, p);
        load(session, "params.");
        return session;
    }

    private void load(HostSession session, String prefix) {
        state.parameters().forEach((name, tensor) -> session.upload(tensor,
                AxisOrder.narrow(data.doubles(prefix + theirs(name)))));
    }

    /// Stored images are as the model reads them.
    private float[] pixels(String step) {
        return AxisOrder.narrow(data.doubles("inputs." + step + "images"));
    }

    private void feed(HostSession session, Mae.Inputs in, String step) {
        session.upload(in.image(), pixels(step));
        in.give(data.integers("draws." + step + "kept"), session::upload, session::upload);
        masks(in, step);
    }

    /// What the draws have to say of the noise: the lowest is kept, in the order of `hyper.kept_order`.
    private void masks(Mae.Inputs in, String step) {
        int n = in.masked().patches();
        double[] noise = data.doubles("draws." + step + "noise");
        boolean ascending = "ascending".equals(data.data().hyper().get("kept_order"));
        var low = IntStream.builder();
        var high = IntStream.builder();
        int[] mask = new int[batch * n];
        for (int b = 0; b < batch; b++) {
            int first = b * n;
            int[] order = IntStream.range(0, n).boxed()
                    .sorted(Comparator.comparingDouble(i -> noise[first + i])).mapToInt(i -> i).toArray();
            if (ascending) {
                Arrays.sort(order, 0, kept);
                Arrays.sort(order, kept, n);
            }
            for (int i = 0; i < n; i++) {
                (i < kept ? low : high).add(order[i]);
                mask[first + order[i]] = i < kept ? 0 : 1;
            }
        }
        same("draws." + step + "kept", low.build().toArray());
        same("draws." + step + "dropped", high.build().toArray());
        same("draws." + step + "mask", mask);
    }

    private void same(String draw, int[] expected) {
        if (!Arrays.equals(data.integers(draw), expected)) {
            data.fail(draw + " does not follow from the noise");
        }
    }

    /// The loss and the values in between.
    private void give(HostSession session, Mae.Objective o, String step) {
        String values = "intermediates." + step;
        data.give("losses." + step + "reconstruction", session.value(o.loss().total()));
        patchTokens(session, step);
        Encoding e = o.encoding();
        data.give(values + "encoder.embedded", session.download(e.embedded()));
        for (int i = 0; i < e.hidden().size(); i++) {
            data.give(values + "encoder.block" + i, session.download(e.hidden().get(i)));
        }
        data.give(values + "encoder.latent", session.download(e.tokens()));
        var d = o.decoding();
        data.give(values + "decoder.embed", session.download(d.embedded()));
        data.give(values + "decoder.sequence", session.download(d.sequence()));
        for (int i = 0; i < d.hidden().size(); i++) {
            data.give(values + "decoder.block" + i, session.download(d.hidden().get(i)));
        }
        data.give(values + "decoder.norm", session.download(d.tokens()));
        data.give(values + "prediction", session.download(d.prediction()));
        data.give(values + "target", session.download(o.target()));
        float[] errors = session.download(o.patchErrors());
        for (int i = 0; i < errors.length; i++) {
            errors[i] /= o.target().columns();
        }
        data.give(values + "patch_loss", errors);
    }

    /// The embeddings of all patches; a step computes those of the kept ones alone.
    private void patchTokens(HostSession session, String step) {
        String name = "intermediates." + step + "patch_tokens";
        if (!data.has(name)) {
            return;
        }
        var p = new Program("evaluate", state);
        Tensor image = model.image(p, batch);
        model.evaluate(p, image);
        Tensor weight = state.parameter("encoder.patch.weight");
        Tensor tokens = p.calls(Linear.class).stream().filter(l -> l.w() == weight).findFirst().orElseThrow().y();
        p.keep(tokens);
        HostSession whole = new PlainDevice(false).bind(state, p);
        state.parameters().values().forEach(t -> whole.upload(t, session.download(t)));
        whole.upload(image, pixels(step));
        whole.run(p);
        data.give(name, whole.download(tokens));
    }

    private void gradients(HostSession session, Gradients gradients, String step) {
        for (Tensor parameter : gradients.parameters()) {
            data.give("grads." + step + "params." + theirs(parameter.name()),
                    session.download(gradients.of(parameter)));
        }
    }

    /// Steps of AdamW without a clip, no decay of vectors.
    private static void steps(Comparison c) {
        var run = new MaeCases(c, "step1.");
        var p = new Program("train", run.state);
        Mae.Objective objective = run.model.objective(p, run.batch, run.kept);
        Gradients gradients = p.gradient(objective.loss().total());
        List<Tensor> parameters = gradients.parameters();
        if (!(c.data().hyper().get("betas") instanceof List<?> betas)) {
            throw new IllegalArgumentException("hyper.betas is missing");
        }
        double beta1 = ((Number) betas.get(0)).doubleValue();
        double beta2 = ((Number) betas.get(1)).doubleValue();
        Tensor given = p.input("rates", parameters.size(), 4);
        p.adamw(new AdamW(beta1, beta2, (float) c.hyper("adam_eps"), 0f, false), gradients, given);
        HostSession session = run.bind(p);
        var rates = new AdamWRates(parameters, t -> t.rank() > 1, beta1, beta2);
        double[] lr = c.doubles("inputs.lr");
        double[] decay = c.doubles("inputs.wd");
        for (int k = 1; c.has("inputs.step" + k + ".images"); k++) {
            String step = "step" + k + ".";
            run.feed(session, objective.inputs(), step);
            float[][] before = run.state.parameters().values().stream().map(session::download)
                    .toArray(float[][]::new);
            session.upload(given, rates.next(lr[k - 1], decay[k - 1]));
            session.run(p);
            float[][] after = run.state.parameters().values().stream().map(session::download).toArray(float[][]::new);
            run.upload(session, before);
            run.give(session, objective, step);
            run.upload(session, after);
            run.gradients(session, gradients, step);
            run.after(session, "intermediates." + step);
        }
    }

    private void upload(HostSession session, float[][] values) {
        int i = 0;
        for (Tensor tensor : state.parameters().values()) {
            session.upload(tensor, values[i++]);
        }
    }

    /// State after a step. In float32 the next step starts from the stored state: the first steps of Adam are close to
    /// lr sign(gradient), so that rounding noise moves parameters.
    private void after(HostSession session, String prefix) {
        state.parameters().forEach((name, tensor) -> {
            String theirs = theirs(name);
            data.give(prefix + "params_after." + theirs, session.download(tensor));
            moments(session, tensor, Arena.FIRST_MOMENTS, prefix + "adam_m." + theirs);
            moments(session, tensor, Arena.SECOND_MOMENTS, prefix + "adam_v." + theirs);
        });
        if (Precision.NAME.equals("float32")) {
            load(session, prefix + "params_after.");
        }
    }

    private void moments(HostSession session, Tensor parameter, Arena arena, String name) {
        Tensor moment = state.mirror(parameter, arena);
        data.give(name, session.download(moment));
        if (Precision.NAME.equals("float32")) {
            session.upload(moment, AxisOrder.narrow(data.doubles(name)));
        }
    }
}
