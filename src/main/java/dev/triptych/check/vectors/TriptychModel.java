package dev.triptych.check.vectors;

import dev.triptych.alignment.TokenMatching;
import dev.triptych.channel.BitsHead;
import dev.triptych.channel.CodingRate;
import dev.triptych.decoder.LowRankDecoder;
import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.echo.EchoContrast;
import dev.triptych.echo.SquareWindow;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.stellar.StellarNames;
import dev.triptych.tokenizer.Codebook;
import dev.triptych.tokenizer.PatchCodebook;
import dev.triptych.triptych.Alignment;
import dev.triptych.triptych.PaintedEcho;
import dev.triptych.triptych.Triptych;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Triptych with the sizes, settings and weights of a case. Sizes come from the shapes of the stored tensors.
final class TriptychModel {
    private static final String PREFIX = "params.";

    private final Comparison data;
    private final State state = new State();
    private final Triptych.Settings settings;
    private final Triptych triptych;

    TriptychModel(Comparison data) {
        this.data = data;
        this.settings = read();
        this.triptych = new Triptych(state, settings,
                data.doubles(PREFIX + "position_embedding.positional_encoding_gaussian_matrix"),
                data.has(PREFIX + "codebook") ? AxisOrder.narrow(data.doubles(PREFIX + "codebook")) : new float[0]);
    }

    private Triptych.Settings read() {
        int[] patches = shape("encoder.embeddings.patch_embeddings.projection.weight");
        int n = shape("encoder.embeddings.position_embeddings")[1] - 1;
        int grid = (int) Math.round(Math.sqrt(n));
        if (grid * grid != n || patches[2] != patches[3]) {
            throw new IllegalArgumentException("only square grids of square patches are supported, here " + n
                    + " positions and patches of " + patches[2] + " x " + patches[3]);
        }
        var encoder = new VisionTransformer.Settings(grid, patches[2], patches[0], depth("encoder"),
                data.whole("heads"), shape("encoder.encoder.layer.0.intermediate.dense.weight")[0],
                (float) data.hyper("layer_norm_eps"));
        Map<?, ?> stated = data.data().hyper().get("decoder") instanceof Map<?, ?> map ? map : Map.of();
        int[] head = shape("reconstruction_head.weight");
        var decoder = new LowRankDecoder.Settings(shape("decoder_proj.weight")[0], depth("decoder"),
                ((Number) stated.get("heads")).intValue(),
                shape("decoder.encoder.layer.0.intermediate.dense.weight")[0], head.length == 2 ? head[0] : 0);
        int[] last = data.has(PREFIX + "token_head.fc3.weight") ? shape("token_head.fc3.weight") : new int[]{1, 1};
        var alignment = new Alignment.Bits(new BitsHead.Settings(last[1], last[0], 1f, false),
                new CodingRate((float) data.hyper("e"), false, false));
        return new Triptych.Settings(encoder, shape("sparse_tokens")[0], (float) data.hyper("spatial_temp"), decoder,
                (float) data.hyper("smoothing"), alignment,
                new TokenMatching(true, (float) data.hyper("match_eps"), data.whole("match_iterations")), echo(),
                weights());
    }

    private PaintedEcho.Settings echo() {
        if (!data.has(PREFIX + "proj.fc1.weight")) {
            return null;
        }
        int[] projector = shape("proj.fc2.weight");
        return new PaintedEcho.Settings(data.whole("echo_k"),
                new EchoContrast((float) data.hyper("tau_contrast"), EchoContrast.Direction.ECHOES), projector[1],
                projector[0], shape("pred.fc1.weight")[0]);
    }

    private Triptych.Weights weights() {
        return new Triptych.Weights(weight("reconstruction"), weight("masked"), weight("messages"), weight("rate"),
                weight("contrast"), weight("uniformity"), weight("koleo"), weight("koleo_masked"));
    }

    /// A weight of the loss, as stated.
    float weight(String name) {
        if (data.data().hyper().get("weights") instanceof Map<?, ?> weights
                && weights.get(name) instanceof Number number) {
            return number.floatValue();
        }
        throw new IllegalArgumentException("hyper.weights." + name + " is missing");
    }

    private int[] shape(String name) {
        return data.shape(PREFIX + name);
    }

    private int depth(String part) {
        return data.names(Pattern.quote(PREFIX + part) + "\\.encoder\\.layer\\.[0-9]+\\.layernorm_before\\.weight")
                .size();
    }

    Triptych triptych() {
        return triptych;
    }

    Triptych.Settings settings() {
        return settings;
    }

    State state() {
        return state;
    }

    /// The stored names of a parameter: one tensor, or three whose rows follow each other.
    static List<String> theirs(String ours) {
        String name = ours.replaceFirst("^projector\\.", "proj.").replaceFirst("^predictor\\.", "pred.");
        return name.matches("(token_head|cls_head|proj|pred)\\..*") ? List.of(name) : StellarNames.theirs(name, false);
    }

    private float[] stored(String prefix, String ours) {
        return AxisOrder.narrow(theirs(ours).stream().map(name -> data.doubles(prefix + name))
                .flatMapToDouble(Arrays::stream).toArray());
    }

    /// Binds a program and uploads the case's parameters, the teacher's as well, and moving moments.
    HostSession bind(Program program) {
        HostSession session = new PlainDevice(false).bind(state, program);
        state.parameters().forEach((name, tensor) -> session.upload(tensor, stored(PREFIX, name)));
        state.teachers().forEach((name, tensor) -> session.upload(tensor, stored(PREFIX + "teacher_", name)));
        for (String head : List.of("proj", "pred", "teacher_proj")) {
            if (data.has(PREFIX + head + ".bn.running_mean")) {
                session.upload(running(head), SorcenModel.pairs(data, PREFIX + head + ".bn.running_mean",
                        PREFIX + head + ".bn.running_var"));
            }
        }
        return session;
    }

    /// The moving moments of a head.
    Tensor running(String head) {
        return state.buffers().get(switch (head) {
            case "proj" -> "projector.bn.running";
            case "pred" -> "predictor.bn.running";
            default -> "projector.bn.teacher_running";
        });
    }

    /// The views of the step.
    Triptych.Views views() {
        String local = "inputs.local_views";
        boolean crops = data.has(local);
        return new Triptych.Views(data.shape("inputs.image")[0],
                data.has("draws.kept_masked") ? data.shape("draws.kept_masked")[1] : 0,
                data.has("draws.kept_global") ? data.shape("draws.kept_global")[2] : 0,
                crops ? data.shape(local)[0] : 0, crops ? data.shape(local)[3] / settings.encoder().patch() : 0);
    }

    /// Nearest centroids of x0's patches; null where pixels are predicted.
    int[] codes() {
        if (settings.decoder().codes() == 0) {
            return null;
        }
        int[] book = shape("codebook");
        int n = data.shape("inputs.image")[0];
        var tokenizer = new PatchCodebook(new Codebook(AxisOrder.narrow(data.doubles(PREFIX + "codebook")), book[0],
                book[1]), data.shape("inputs.image")[2]);
        int[] codes = new int[n * settings.encoder().patches()];
        tokenizer.encode(AxisOrder.narrow(data.doubles("inputs.image")), n, codes);
        return codes;
    }

    /// The windows of the echo.
    List<SquareWindow> windows() {
        int grid = settings.encoder().grid();
        return TriptychUnits.windows(data, grid, SquareWindow.shared(grid, data.doubles("draws.u_side")[0]));
    }

    /// Uploads the inputs of the step.
    void feed(HostSession session, Triptych.Inputs in, int[] codes) {
        session.upload(in.image(), AxisOrder.narrow(data.doubles("inputs.image")));
        if (in.global() != null) {
            session.upload(in.global(), AxisOrder.narrow(data.doubles("inputs.global_views")));
        }
        if (in.local() != null) {
            session.upload(in.local(), AxisOrder.narrow(data.doubles("inputs.local_views")));
        }
        in.keep(in.masked() == null ? new int[0] : data.integers("draws.kept_masked"),
                in.maskedGlobal() == null ? new int[0] : data.integers("draws.kept_global"), session::upload,
                session::upload);
        if (in.codes() != null) {
            session.upload(in.codes(), codes);
        }
        if (in.echo() != null) {
            int[] drawn = new int[codes.length];
            Arrays.fill(drawn, 2);
            session.upload(in.echo().source(), drawn);
            session.upload(in.echo().draws(), AxisOrder.narrow(data.doubles("draws.u_echo")));
            in.echo().window().give(windows(), session::upload);
        }
    }
}
