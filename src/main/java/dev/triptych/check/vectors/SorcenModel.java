package dev.triptych.check.vectors;

import dev.triptych.decoder.CodeDecoder;
import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.echo.EchoContrast;
import dev.triptych.encoder.CodeTransformer;
import dev.triptych.io.vectors.Comparison;
import dev.triptych.program.CodeOperations.Candidates;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.sorcen.CodeMask;
import dev.triptych.sorcen.Sorcen;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Sorcen with the sizes, settings and weights of a case.
final class SorcenModel {
    private static final Map<String, String> PREFIXES = prefixes();

    private final Comparison data;
    private final State state = new State();
    private final Sorcen.Settings settings;
    private final Sorcen sorcen;

    SorcenModel(Comparison data) {
        this.data = data;
        this.settings = read();
        this.sorcen = new Sorcen(state, settings);
    }

    private static Map<String, String> prefixes() {
        var map = new LinkedHashMap<String, String>();
        map.put("encoder.codes", "embed.token");
        map.put("encoder.positions", "embed.pos");
        map.put("encoder.embedding_norm.", "embed.norm.");
        map.put("encoder.blocks.", "enc.");
        map.put("encoder.norm.", "enc_norm.");
        map.put("decoder.proj.", "dec_in.");
        map.put("decoder.positions", "dec_pos");
        map.put("decoder.blocks.", "dec.");
        map.put("decoder.norm.", "dec_norm.");
        map.put("head.bias", "head.out_bias");
        map.put("projector.", "proj.");
        map.put("predictor.", "pred.");
        return map;
    }

    /// The case's name of a parameter.
    static String theirs(String ours) {
        for (Map.Entry<String, String> prefix : PREFIXES.entrySet()) {
            if (ours.startsWith(prefix.getKey())) {
                return prefix.getValue() + ours.substring(prefix.getKey().length());
            }
        }
        return ours;
    }

    /// The case's name of the teacher's average of a parameter.
    static String teacher(String ours) {
        String name = theirs(ours);
        return name.startsWith("proj.") ? "teacher_" + name : "teacher." + name;
    }

    private Sorcen.Settings read() {
        int codes = data.whole("K");
        int grid = data.whole("grid");
        int cells = grid * grid;
        int width = data.whole("D");
        int hidden = width * data.whole("mlp_ratio");
        float eps = (float) data.hyper("ln_eps");
        if (data.whole("cls_id") != codes || data.whole("mask_id") != codes + 1) {
            throw new IllegalArgumentException("the class id must be K and the MASK id K + 1");
        }
        var encoder = new CodeTransformer.Settings(codes, cells, width, data.whole("enc_depth"),
                data.whole("enc_heads"), hidden, eps);
        var decoder = new CodeDecoder.Settings(codes, cells, width, data.whole("dec_depth"), data.whole("dec_heads"),
                hidden, eps, (float) data.hyper("head_ln_eps"));
        Sorcen.Echo echo = data.states("echo_k") ? echo() : null;
        return new Sorcen.Settings(encoder, cells - drops(cells), decoder, (float) data.hyper("dropout", 0), true,
                (float) data.hyper("smoothing"), (float) data.hyper("weight_uni", 0), true, echo);
    }

    private Sorcen.Echo echo() {
        List<?> projector = (List<?>) data.data().hyper().get("proj");
        List<?> predictor = (List<?>) data.data().hyper().get("pred");
        return new Sorcen.Echo((float) data.hyper("weight_con"), new Candidates(data.whole("echo_k"), true, false),
                new EchoContrast((float) data.hyper("tau"), EchoContrast.Direction.ECHOES),
                ((Number) projector.get(1)).intValue(), ((Number) projector.get(2)).intValue(),
                ((Number) predictor.get(1)).intValue(), false, false);
    }

    /// n_drop = ceil(0.5 N).
    static int drops(int cells) {
        return (int) Math.ceil(0.5 * cells);
    }

    Sorcen sorcen() {
        return sorcen;
    }

    Sorcen.Settings settings() {
        return settings;
    }

    State state() {
        return state;
    }

    /// Binds a program and uploads what the case holds of parameters, teacher and moments of batch normalisation.
    HostSession bind(Program program) {
        HostSession session = new PlainDevice(false).bind(state, program);
        load(session, "params.", "params.", "params.");
        return session;
    }

    /// Uploads parameters, teacher and moving moments as stored under three prefixes.
    void load(HostSession session, String parameters, String teachers, String buffers) {
        state.parameters().forEach((name, tensor) -> upload(session, tensor, parameters + theirs(name)));
        state.teachers().forEach((name, tensor) -> upload(session, tensor, teachers + teacher(name)));
        state.buffers().forEach((name, tensor) -> {
            if (name.contains("running")) {
                String norm = buffers + norm(name);
                session.upload(tensor, pairs(data, norm + "running_mean", norm + "running_var"));
            }
        });
    }

    private void upload(HostSession session, Tensor tensor, String name) {
        if (data.has(name)) {
            session.upload(tensor, AxisOrder.narrow(data.doubles(name)));
        }
    }

    /// The case's batch normalisation of a buffer of moving moments.
    static String norm(String buffer) {
        boolean teacher = buffer.endsWith("teacher_running");
        return (teacher ? "teacher_" : "") + theirs(buffer).replaceFirst("(teacher_)?running$", "");
    }

    /// (mean, variance) of each channel.
    static float[] pairs(Comparison data, String mean, String variance) {
        double[] m = data.doubles(mean);
        double[] v = data.doubles(variance);
        float[] pairs = new float[2 * m.length];
        for (int i = 0; i < m.length; i++) {
            pairs[2 * i] = (float) m[i];
            pairs[2 * i + 1] = (float) v[i];
        }
        return pairs;
    }

    /// One column of pairs.
    static float[] column(float[] pairs, int which) {
        return AxisOrder.pick(pairs, pairs.length / 2, i -> 2 * i + which);
    }

    /// The masks that the stored noise and ratios give, one for each image; the stored decisions must be the same.
    ///
    /// @param step `""`, or `step1.` and so on
    CodeMask[] masks(String step) {
        String draws = "draws." + step;
        int cells = settings.encoder().cells();
        double[] noise = data.doubles(draws + "noise");
        double[] ratio = data.doubles(draws + "ratio");
        CodeMask[] masks = new CodeMask[ratio.length];
        for (int b = 0; b < masks.length; b++) {
            masks[b] = CodeMask.of(Arrays.copyOfRange(noise, b * cells, (b + 1) * cells), ratio[b], drops(cells));
        }
        same(draws + "kept", Arrays.stream(masks).flatMapToInt(m -> Arrays.stream(m.kept())).toArray());
        same(draws + "masked", flags(masks, cells, true));
        if (data.has(draws + "dropped")) {
            same(draws + "dropped", flags(masks, cells, false));
        }
        return masks;
    }

    private static int[] flags(CodeMask[] masks, int cells, boolean masked) {
        int[] flags = new int[masks.length * cells];
        for (int i = 0; i < flags.length; i++) {
            CodeMask m = masks[i / cells];
            flags[i] = (masked ? m.masked(i % cells) : m.dropped(i % cells)) ? 1 : 0;
        }
        return flags;
    }

    private void same(String name, int[] computed) {
        if (!Arrays.equals(data.integers(name), computed)) {
            data.fail(name + " is not what noise and ratio give");
        }
    }

    /// Uploads codes and masks of a step.
    void feed(HostSession session, Sorcen.MaskedInputs in, int[] codes, CodeMask[] masks) {
        int cells = settings.encoder().cells();
        boolean[] masked = new boolean[codes.length];
        int count = 0;
        for (int i = 0; i < codes.length; i++) {
            masked[i] = masks[i / cells].masked(i % cells);
            count += masked[i] ? 1 : 0;
        }
        float[] weights = new float[codes.length];
        for (int i = 0; i < codes.length; i++) {
            weights[i] = masked[i] ? (float) (1.0 / count) : 0f;
        }
        int[] kept = Arrays.stream(masks).flatMapToInt(m -> Arrays.stream(m.kept())).toArray();
        session.upload(in.codes(), codes);
        session.upload(in.weights(), weights);
        in.cells().give(codes, masked, kept, session::upload);
    }
}
