package dev.triptych.check.vectors;

import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.encoder.Positions;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.nn.FeatureMap;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.tokenizer.VqganDecoder;
import dev.triptych.tokenizer.VqganEncoder;
import dev.triptych.tokenizer.VqganSettings;
import dev.triptych.vqgan.Vqgan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// MaskGIT's VQGAN with the sizes and weights of a case: codes of images, images of codes, and its loss; as well the
/// frozen tokenizer inside cases of STELLAR.
final class VqganCases {
    private static final String FIRST = "encoder.conv_in.weight";
    private static final int PUBLISHED_GROUPS = 32;

    static final List<Family> ALL = List.of(
            new Family("loss", c -> c.has("params.tokenizer." + FIRST) && c.has("losses.codebook"), VqganCases::loss),
            new Family("codes and pictures", c -> c.has("params.tokenizer." + FIRST), VqganCases::codes));

    private final Comparison data;
    private final String prefix;
    private final State state = new State();
    private final Vqgan model;
    private final VqganSettings sizes;

    /// @param prefix of the tokenizer's parameters
    /// @param side pixels along a side of its images
    private VqganCases(Comparison data, String prefix, int side, float codebook, float commitment) {
        this.data = data;
        this.prefix = prefix;
        this.sizes = sizes(data, prefix, side);
        this.model = new Vqgan(state, new Vqgan.Settings(sizes, codebook, commitment));
    }

    /// The prefix of a tokenizer's parameters in a case; null where it has none.
    static String prefix(Comparison c) {
        return c.names("params\\..+\\." + Pattern.quote(FIRST)).stream().findFirst()
                .map(name -> name.substring(0, name.length() - FIRST.length())).orElse(null);
    }

    private static VqganSettings sizes(Comparison c, String prefix, int side) {
        int[] first = c.shape(prefix + FIRST);
        int[] codebook = c.shape(prefix + "quantize.embedding.weight");
        var widths = new ArrayList<Integer>();
        String level = prefix + "encoder.down.";
        while (c.has(level + widths.size() + ".block.0.conv1.weight")) {
            widths.add(c.shape(level + widths.size() + ".block.0.conv1.weight")[0]);
        }
        int blocks = c.names(Pattern.quote(level) + "0\\.block\\.[0-9]+\\.conv1\\.weight").size();
        return new VqganSettings(side, first[0], widths, blocks, groups(c), codebook[0], codebook[1]);
    }

    /// As stated, here or for the tokenizer alone; the published one has 32.
    private static int groups(Comparison c) {
        for (Object map : new Object[]{c.data().hyper(), c.data().hyper().get("tokenizer"),
                c.data().hyper().get("vq_model"), c.data().hyper().get("vqgan")}) {
            if (map instanceof Map<?, ?> settings && settings.get("groups") instanceof Number groups) {
                return groups.intValue();
            }
        }
        return PUBLISHED_GROUPS;
    }

    /// The codes (batch N) that the tokenizer of a case gives images (batch, 3, side, side), resized where its grid
    /// would not be `grid`.
    static int[] tokens(Comparison c, double[] images, int batch, int given, int grid) {
        var sizes = sizes(c, prefix(c), 0);
        var run = new VqganCases(c, prefix(c), grid * sizes.factor(), 1f, 1f);
        var p = new Program("tokens", run.state);
        Tensor image = p.input("given", batch, 3, given, given);
        Tensor codes = run.model.tokens(p, run.resized(p, image));
        HostSession session = run.bind(p);
        session.upload(image, AxisOrder.narrow(images));
        session.run(p);
        return session.downloadIntegers(codes);
    }

    private HostSession bind(Program p) {
        HostSession session = new PlainDevice(false).bind(state, p);
        state.parameters().forEach((name, tensor) -> {
            if (data.has(prefix + name)) {
                session.upload(tensor, AxisOrder.narrow(data.doubles(prefix + name)));
            }
        });
        return session;
    }

    /// Images of the tokenizer's side: bicubic, nothing limited.
    private Tensor resized(Program p, Tensor images) {
        int from = images.side(2);
        int to = sizes.side();
        if (from == to) {
            return images;
        }
        int planes = images.side(0) * 3;
        Tensor resize = p.constant("bicubic", Positions.squareGrid(from, to), to * to, from * from);
        return p.reshape(p.productTransposed(p.reshape(images, planes, from * from), resize), images.side(0), 3, to,
                to);
    }

    private void maps(HostSession session, String name, FeatureMap map) {
        int channels = map.rows().columns();
        float[] rows = session.download(map.rows());
        int[] from = AxisOrder.rows(map.batch(), map.height() * map.width(), channels);
        data.give(name, AxisOrder.pick(rows, rows.length, i -> from[i]));
    }

    private void give(HostSession session, VqganEncoder.Encoded e) {
        String name = "intermediates.encoder.";
        maps(session, name + "conv_in", e.first());
        each(session, name + "down.", e.levels());
        each(session, name + "mid.", e.middle());
        maps(session, name + "norm_out", e.norm());
        maps(session, "intermediates.z", e.latents());
    }

    private void give(HostSession session, VqganDecoder.Decoded d) {
        String name = "intermediates.decoder.";
        maps(session, name + "conv_in", d.first());
        each(session, name + "mid.", d.middle());
        each(session, name + "up.", d.levels());
        maps(session, name + "norm_out", d.norm());
        picture(session, "decoded", "clamped", d.pixels());
    }

    private void each(HostSession session, String name, List<FeatureMap> maps) {
        for (int i = 0; i < maps.size(); i++) {
            maps(session, name + i, maps.get(i));
        }
    }

    /// A picture as planes, and limited to [0, 1].
    private float[] picture(HostSession session, String name, String limited, FeatureMap pixels) {
        float[] rows = session.download(pixels.rows());
        int[] from = AxisOrder.rows(pixels.batch(), pixels.height() * pixels.width(), 3);
        float[] planes = AxisOrder.pick(rows, rows.length, i -> from[i]);
        data.give("intermediates." + name, planes);
        float[] clamped = planes.clone();
        for (int i = 0; i < clamped.length; i++) {
            clamped[i] = Math.max(0f, Math.min(1f, clamped[i]));
        }
        data.give("intermediates." + limited, clamped);
        return clamped;
    }

    /// Codes, their vectors, and the distances to all of them.
    private void quantised(HostSession session, FeatureMap z, Vqgan.Quantised q) {
        data.give("intermediates.ids", session.downloadIntegers(q.codes()));
        maps(session, "intermediates.quantised", z.map(_ -> q.vectors()));
        float[] latents = session.download(z.rows());
        float[] book = session.download(model.codebook());
        int d = sizes.dim();
        float[] distance = new float[latents.length / d * sizes.codes()];
        for (int i = 0; i < distance.length; i++) {
            float sum = 0f;
            for (int j = 0; j < d; j++) {
                float e = latents[i / sizes.codes() * d + j] - book[i % sizes.codes() * d + j];
                sum += e * e;
            }
            distance[i] = sum;
        }
        data.give("intermediates.distance", distance);
    }

    private static void codes(Comparison c) {
        int[] shape = c.shape("inputs.images");
        int side = c.states("image") ? c.whole("image") : shape[2];
        var run = new VqganCases(c, prefix(c), side, 1f, 1f);
        boolean decodes = c.has("params.tokenizer.decoder.conv_in.weight");
        var p = new Program("codes", run.state);
        Tensor given = p.input("given", shape);
        Tensor images = run.resized(p, given);
        Vqgan.Seen seen = run.model.see(p, images, decodes);
        boolean alone = decodes && c.has("inputs.codes");
        Tensor codes = alone ? p.integerInput("codes", c.shape("inputs.codes")) : null;
        FeatureMap picture = alone
                ? new FeatureMap(run.model.decodeCodes(p, codes), codes.side(0), side, side)
                : null;
        HostSession session = run.bind(p);
        session.upload(given, AxisOrder.narrow(c.doubles("inputs.images")));
        if (alone) {
            session.upload(codes, c.integers("inputs.codes"));
        }
        session.run(p);
        c.give("intermediates.resized", session.download(images));
        run.give(session, seen.encoded());
        run.quantised(session, seen.encoded().latents(), seen.quantised());
        if (decodes) {
            run.give(session, seen.decoded());
            run.error(session, seen.decoded().pixels());
        }
        if (alone) {
            run.picture(session, "decoded_codes", "decoded_codes_clamped", picture);
        }
    }

    /// Mean square error of the limited picture.
    private void error(HostSession session, FeatureMap pixels) {
        float[] rows = session.download(pixels.rows());
        int[] from = AxisOrder.rows(pixels.batch(), pixels.height() * pixels.width(), 3);
        double[] image = data.doubles("inputs.images");
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            double e = Math.max(0, Math.min(1, rows[from[i]])) - image[i];
            sum += e * e;
        }
        data.give("losses.mse_clamped", sum / rows.length);
    }

    private static void loss(Comparison c) {
        float beta = (float) c.hyper("beta", 0.25);
        var swapped = run(c, beta, 1f);
        swapped.gradients("grads.swapped.");
        c.give("losses.swapped", swapped.session.value(swapped.objective.loss().total()));
        var run = run(c, 1f, beta);
        run.gradients("grads.");
        var o = run.objective;
        for (String term : List.of("reconstruction", "codebook", "commitment")) {
            c.give("losses." + term, run.session.value(o.loss().term(term)));
        }
        c.give("losses.total", run.session.value(o.loss().total()));
        run.model.give(run.session, o.encoded());
        run.model.quantised(run.session, o.encoded().latents(), o.quantised());
        run.model.give(run.session, o.decoded());
    }

    /// The loss with its gradients, after it ran.
    private record Ran(VqganCases model, Program program, HostSession session, Vqgan.Objective objective,
            Gradients found) {
        void gradients(String prefix) {
            for (Tensor parameter : found.parameters()) {
                model.data.give(prefix + model.prefix + parameter.name(), session.download(found.of(parameter)));
            }
        }
    }

    private static Ran run(Comparison c, float codebook, float commitment) {
        int[] shape = c.shape("inputs.images");
        var model = new VqganCases(c, prefix(c), shape[2], codebook, commitment);
        var p = new Program("loss", model.state);
        var objective = model.model.objective(p, shape[0]);
        Gradients gradients = p.gradient(objective.loss().total());
        HostSession session = model.bind(p);
        session.upload(objective.inputs().image(), AxisOrder.narrow(c.doubles("inputs.images")));
        session.run(p);
        return new Ran(model, p, session, objective, gradients);
    }
}
