package dev.triptych.check.vectors;

import dev.triptych.bits.Bits;
import dev.triptych.channel.BitAgreement;
import dev.triptych.channel.BitsHead;
import dev.triptych.channel.CodingRate;
import dev.triptych.channel.Messages;
import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.util.Collections;
import java.util.List;

/// BITS with the sizes, settings and weights of a case. Sizes come from the shapes of the stored tensors.
final class BitsModel {
    private static final String STUDENT = "params.student.";

    private final Comparison data;
    private final State state = new State();
    private final Bits bits;

    BitsModel(Comparison data) {
        this.data = data;
        this.bits = new Bits(state, settings());
    }

    private Bits.Settings settings() {
        int[] patches = data.shape(STUDENT + "backbone.patch_embed.weight");
        int n = data.shape(STUDENT + "backbone.pos_embed")[1] - 1;
        int grid = (int) Math.round(Math.sqrt(n));
        if (grid * grid != n || patches[2] != patches[3]) {
            throw new IllegalArgumentException("only square grids of square patches are supported, here " + n
                    + " positions and patches of " + patches[2] + " x " + patches[3]);
        }
        int depth = data.names("params\\.student\\.backbone\\.blocks\\.[0-9]+\\.norm1\\.weight").size();
        int hidden = data.shape(STUDENT + "backbone.blocks.0.mlp.fc1.weight")[0];
        var encoder = new VisionTransformer.Settings(grid, patches[2], patches[0], depth, data.whole("heads"), hidden,
                (float) data.hyper("ln_eps", 1e-6));
        var head = new BitsHead.Settings(data.shape(STUDENT + "head.fc1.weight")[0],
                data.shape(STUDENT + "head.fc3.weight")[0], 1f, false);
        List<Float> dropPath = data.data().hyper().get("drop_path") instanceof List<?> rates
                ? rates.stream().map(r -> ((Number) r).floatValue()).toList()
                : Collections.nCopies(depth, 0f);
        return new Bits.Settings(encoder, head, Messages.HARD, BitAgreement.BCE,
                new CodingRate((float) data.hyper("e"), false, false), (float) data.hyper("beta"), dropPath,
                VisionTransformer.Pixels.IMAGENET);
    }

    Bits bits() {
        return bits;
    }

    State state() {
        return state;
    }

    /// The authors' name of a parameter.
    static String theirs(String ours) {
        return ours.equals("encoder.cls")
                ? "backbone.cls_token"
                : ours.equals("encoder.positions")
                        ? "backbone.pos_embed"
                        : ours.replaceFirst("^encoder\\.patch\\.", "backbone.patch_embed.")
                                .replaceFirst("^encoder\\.", "backbone.");
    }

    /// Binds a program and uploads the case's parameters, the teacher's as well.
    HostSession bind(Program program) {
        HostSession session = new PlainDevice(false).bind(state, program);
        load(session, "params.");
        return session;
    }

    /// Uploads student and teacher as stored under a prefix.
    void load(HostSession session, String prefix) {
        state.parameters().forEach((name, tensor) -> session.upload(tensor,
                AxisOrder.narrow(data.doubles(prefix + "student." + theirs(name)))));
        state.teachers().forEach((name, tensor) -> session.upload(tensor,
                AxisOrder.narrow(data.doubles(prefix + "teacher." + theirs(name)))));
    }

    /// The views of a step: `step` is `""`, or `step1.` and so on.
    Bits.Views views(String step) {
        int[] global = data.shape("inputs." + step + "global_views");
        String local = "inputs." + step + "local_views";
        int crops = data.has(local) ? data.shape(local)[0] : 0;
        return new Bits.Views(global[1], crops,
                crops == 0 ? 0 : data.shape(local)[3] / bits.settings().encoder().patch());
    }

    /// Uploads the images and masks of a step.
    void feed(HostSession session, Bits.Inputs in, String step) {
        session.upload(in.global(), pixels("inputs." + step + "global_views"));
        if (in.local() != null) {
            session.upload(in.local(), pixels("inputs." + step + "local_views"));
        }
        Tensor mask = in.dropPath().keep();
        if (mask != null) {
            session.upload(mask, keep(step, mask));
        }
    }

    /// Stored views (view, image, channel, row, column) are normalised; programs take pixels, image-major.
    private float[] pixels(String name) {
        int[] s = data.shape(name);
        float[] stored = AxisOrder.narrow(data.doubles(name));
        int plane = s[3] * s[4];
        int size = s[2] * plane;
        float[] all = AxisOrder.pick(stored, stored.length,
                i -> (i / size % s[0] * s[1] + i / size / s[0]) * size + i % size);
        for (int i = 0; i < all.length; i++) {
            all[i] = VisionTransformer.pixel(i / plane % s[2], all[i]);
        }
        return all;
    }

    /// The mask of all sequences out of those of global and of local views.
    private float[] keep(String step, Tensor mask) {
        double[] global = data.doubles("draws." + step + "keep_global");
        String name = "draws." + step + "keep_local";
        double[] local = data.has(name) ? data.doubles(name) : new double[0];
        int branches = mask.count() / mask.side(2);
        int first = global.length / branches;
        int second = local.length / branches;
        float[] keep = new float[mask.count()];
        for (int i = 0; i < keep.length; i++) {
            int sequence = i % (first + second);
            int branch = i / (first + second);
            keep[i] = (float) (sequence < first
                    ? global[branch * first + sequence]
                    : local[branch * second + sequence - first]);
        }
        return keep;
    }
}
