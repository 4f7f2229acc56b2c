package dev.triptych.check.vectors;

import dev.triptych.alignment.PrototypeHead;
import dev.triptych.alignment.SinkhornTargets;
import dev.triptych.alignment.TokenMatching;
import dev.triptych.decoder.LowRankDecoder;
import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.stellar.Stellar;
import dev.triptych.stellar.StellarNames;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// STELLAR with the sizes, settings and weights of a case. Sizes come from the shapes of the stored tensors.
final class StellarModel {
    private static final float MATCHING_EPS = 0.1f;
    private static final int MATCHING_ITERATIONS = 5;

    private final Comparison data;
    private final String prefix;
    private final State state = new State();
    private final Stellar.Settings settings;
    private final Stellar stellar;

    /// @param data the case
    /// @param prefix of its parameters' names
    /// @param weights of the loss
    StellarModel(Comparison data, String prefix, Stellar.Weights weights) {
        this.data = data;
        this.prefix = prefix;
        this.settings = settings(weights);
        this.stellar = new Stellar(state, settings,
                data.doubles(prefix + "position_embedding.positional_encoding_gaussian_matrix"));
    }

    private Stellar.Settings settings(Stellar.Weights weights) {
        int[] patches = shape("encoder.embeddings.patch_embeddings.projection.weight");
        int n = shape("encoder.embeddings.position_embeddings")[1] - 1;
        int grid = (int) Math.round(Math.sqrt(n));
        if (grid * grid != n || patches[2] != patches[3]) {
            throw new IllegalArgumentException("only square grids of square patches are supported, here " + n
                    + " positions and patches of " + patches[2] + " x " + patches[3]);
        }
        float eps = (float) data.hyper("layer_norm_eps", 1e-12);
        var encoder = new VisionTransformer.Settings(grid, patches[2], patches[0], depth("encoder"),
                data.whole("heads"), hidden("encoder", data.data().hyper()), eps);
        Map<?, ?> decoder = data.data().hyper().get("decoder") instanceof Map<?, ?> map ? map : Map.of();
        int[] head = shape("reconstruction_head.weight");
        var decoding = new LowRankDecoder.Settings(shape("decoder_proj.weight")[0], depth("decoder"),
                ((Number) decoder.get("heads")).intValue(), hidden("decoder", decoder), head.length == 2 ? head[0] : 0);
        int[] prototypes = shape("clustering_head.layer.weight");
        List<String> predictor = predictor(data, prefix + "clustering_head.");
        int between = predictor.isEmpty() ? 0 : data.shape(predictor.getFirst() + ".weight")[0];
        boolean raw = data.data().hyper().containsKey("spatial_temp") && !data.states("spatial_temp");
        return new Stellar.Settings(encoder, shape("sparse_tokens")[0],
                raw ? 0f : (float) data.hyper("spatial_temp", 0.06),
                new PrototypeHead.Settings(predictor.size(), between, prototypes[1], prototypes[0]),
                new PrototypeHead.Settings(predictor.size(), between, prototypes[1], ofCls(prototypes[0])),
                new SinkhornTargets((float) data.hyper("sk_temp", 0.06), (int) data.hyper("n_sk_iter", 3),
                        (float) data.hyper("sk_scale", 1)),
                (float) data.hyper("logits_temp", 0.12),
                new TokenMatching(flag(data, "hungarian_match"), MATCHING_EPS, MATCHING_ITERATIONS), decoding,
                false, weights);
    }

    /// Prototypes of CLS; as many as of the tokens where the case has no such head.
    private int ofCls(int otherwise) {
        String head = prefix + "cls_cluster_head.layer.weight";
        return data.has(head) ? data.shape(head)[0] : otherwise;
    }

    /// Whether a switch among the settings is on.
    static boolean flag(Comparison data, String key) {
        return Boolean.TRUE.equals(data.data().hyper().get(key));
    }

    /// The linear layers of a prototype head's predictor, in order: `layers.0`, `layers.2`, ...; activations count too.
    /// A single one is `layers`.
    static List<String> predictor(Comparison c, String head) {
        String prefix = head + "predictor.layers.";
        if (c.has(prefix + "weight")) {
            return List.of(head + "predictor.layers");
        }
        return c.names(Pattern.quote(prefix) + "[0-9]+\\.weight").stream()
                .map(n -> n.substring(0, n.length() - ".weight".length()))
                .sorted(Comparator.comparingInt(n -> Integer.parseInt(n.substring(prefix.length())))).toList();
    }

    private int[] shape(String name) {
        return data.shape(prefix + name);
    }

    private int depth(String part) {
        return data.names(Pattern.quote(prefix + part) + "\\.encoder\\.layer\\.[0-9]+\\.layernorm_before\\.weight")
                .size();
    }

    private int hidden(String part, Map<?, ?> stated) {
        String first = prefix + part + ".encoder.layer.0.intermediate.dense.weight";
        return data.has(first) ? data.shape(first)[0] : ((Number) stated.get("mlp")).intValue();
    }

    Stellar stellar() {
        return stellar;
    }

    Stellar.Settings settings() {
        return settings;
    }

    State state() {
        return state;
    }

    /// Binds programs and uploads the case's parameters, the teacher's as well.
    HostSession bind(Program... programs) {
        HostSession session = new PlainDevice(false).bind(state, programs);
        state.parameters().forEach((name, tensor) -> upload(session, tensor, weights(name, n -> n)));
        state.teachers().forEach((name, tensor) -> upload(session, tensor, weights(name, StellarNames::teacher)));
        return session;
    }

    private static void upload(HostSession session, Tensor tensor, float[] values) {
        if (values.length > 0) {
            session.upload(tensor, values);
        }
    }

    private List<String> theirs(String ours) {
        return StellarNames.theirs(ours, data.has(prefix + "clustering_head.predictor.layers.weight"));
    }

    /// The stored numbers of a parameter; none where the case has no such part.
    float[] weights(String ours, UnaryOperator<String> rename) {
        List<String> names = theirs(ours).stream().map(n -> prefix + rename.apply(n)).toList();
        if (names.stream().noneMatch(data::has)) {
            return new float[0];
        }
        return AxisOrder.narrow(names.stream().map(data::doubles).flatMapToDouble(java.util.Arrays::stream).toArray());
    }

    /// Takes the numbers of a parameter apart into the tensors of the authors' names.
    void split(String ours, float[] values, BiConsumer<String, float[]> each) {
        List<String> names = theirs(ours);
        int n = values.length / names.size();
        for (int i = 0; i < names.size(); i++) {
            each.accept(names.get(i), Arrays.copyOfRange(values, i * n, (i + 1) * n));
        }
    }

    /// The views of a training step.
    ///
    /// @param step `""`, or `step0.` and so on
    Stellar.Views views(String step) {
        boolean clustering = flag(data, "do_clustering");
        boolean masking = clustering && flag(data, "do_masking");
        boolean crops = masking && flag(data, "do_cropping") && flag(data, "do_cls");
        boolean teacher = clustering && flag(data, "momentum_teacher");
        int given = clustering
                ? Math.min(data.whole("num_masks"), data.shape("inputs." + step + "global_views")[1])
                : 0;
        String local = "inputs." + step + "local_views";
        return new Stellar.Views(data.shape("inputs." + step + "image")[0], given, masking ? given : 0,
                masking ? data.shape(kept(step))[1] : 0,
                crops ? Math.min(data.whole("num_local_crops"), data.shape(local)[1]) : 0,
                crops ? data.shape(local)[3] / settings.encoder().patch() : 0, teacher);
    }

    private static String kept(String step) {
        return step.isEmpty() ? "draws.ids_keep.0" : "draws." + step + "ids_keep";
    }

    /// Kept patches of every masked view, flattened.
    int[] keptPatches(String step) {
        return data.integers(kept(step));
    }

    /// Uploads the inputs of one step, as far as a program takes them.
    ///
    /// @param momentum of the teacher; null without an update
    void feed(HostSession session, Stellar.Objective objective, Tensor momentum, String step) {
        var in = objective.inputs();
        var views = objective.views();
        session.upload(in.image(), AxisOrder.narrow(data.doubles("inputs." + step + "image")));
        if (in.global() != null) {
            session.upload(in.global(), first("inputs." + step + "global_views", views.globalViews()));
        }
        if (in.local() != null) {
            session.upload(in.local(), first("inputs." + step + "local_views", views.localCrops()));
        }
        if (in.masked() != null) {
            in.masked().give(keptPatches(step), views.maskedViews(), views.globalViews(), session::upload);
        }
        if (in.codes() != null) {
            session.upload(in.codes(), codes(step, in.codes().count()));
        }
        if (momentum != null) {
            session.upload(momentum, new float[]{(float) data.hyper("teacher_momentum")});
        }
    }

    /// The first `count` views of each image out of a tensor (B, stored, ...).
    float[] first(String name, int count) {
        int[] s = data.shape(name);
        double[] all = data.doubles(name);
        int size = all.length / s[0] / s[1];
        return AxisOrder.pick(AxisOrder.narrow(all), s[0] * count * size,
                i -> i / size / count * s[1] * size + i / size % count * size + i % size);
    }

    /// What the frozen tokenizer of the case gives the images; null where it is not in the file.
    private int[] tokens(String step) {
        String name = "inputs." + step + "image";
        int[] shape = data.shape(name);
        return VqganCases.prefix(data) == null
                ? null
                : VqganCases.tokens(data, data.doubles(name), shape[0], shape[2], settings.encoder().grid());
    }

    /// The tokenizer's codes of the images: those that the case's own tokenizer gives, or else the whole numbers of
    /// that count that are neither labels nor part of masks and matches. Where they are stored, all have to be equal.
    /// What is recorded of the tokenizer's calls is given the images.
    private int[] codes(String step, int count) {
        int[] codes = tokens(step);
        for (String name : data.names("(inputs|draws|intermediates)\\..+")) {
            boolean fits = Arrays.stream(data.shape(name)).reduce(1, Math::multiplyExact) == count;
            boolean other = name.matches(".*(labels|mask|ids_|match|contrastive|views|image$).*");
            if (fits && !other && name.contains(step) && data.isInteger(name)) {
                codes = codes == null ? data.integers(name) : codes;
                data.give(name, codes);
            }
        }
        if (codes == null) {
            throw new IllegalArgumentException("the code head needs " + count + " codes (one per patch), and no "
                    + "integer tensor among inputs, draws and intermediates has that size");
        }
        data.excuse("\\Q" + prefix + "\\E(.+\\.)?(tokenizer|vq_model)\\..+");
        data.names("intermediates\\.acts\\.[a-z_.]*(tokenizer|vq)[a-z_.]*\\.[0-9]+\\.in0")
                .forEach(name -> data.give(name, data.doubles("inputs." + step + "image")));
        return codes;
    }
}
