package dev.triptych.bench;

import dev.triptych.device.Session;
import dev.triptych.encoder.Encoding;
import dev.triptych.encoder.View;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.io.Safetensors;
import dev.triptych.io.TensorEntry;
import dev.triptych.nn.AdamWRates;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.UpdateOperations.AdamW;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/// One training step of a plain vision transformer, the yardstick that any framework can repeat: images of 32 x 32
/// pixels in patches of 4 x 4 and a CLS token, that is 65 tokens; pre-norm blocks with exact GELU; a final layer norm;
/// a linear classifier on CLS; mean cross-entropy; AdamW on every tensor, without clipping. Images (uniform in [0, 1))
/// and labels are random and stay the same in every step.
///
/// `export` writes weights, images, labels and constants to a file, with which `bench/pytorch_step.py` repeats it.
public final class VitStep implements Workload {
    private static final String FORMAT = "triptych-bench-1";
    private static final int SIDE = 32;
    private static final int PATCH = 4;
    private static final int CLASSES = 10;
    private static final int MLP_RATIO = 4;
    private static final float EPS = 1e-6f;
    private static final long SEED = 1;
    private static final double RATE = 1e-4;
    private static final double DECAY = 0.05;
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final float ADAM_EPS = 1e-8f;

    /// Sizes of the transformer and of the batch.
    ///
    /// @param dim width d of a token
    /// @param depth number of blocks
    /// @param heads of attention; they divide `dim`
    /// @param batch images of a step
    public record Settings(int dim, int depth, int heads, int batch) {
    }

    private final Settings settings;
    private final State state = new State();
    private final Program program = new Program("bench", state);
    private final Tensor imageInput;
    private final Tensor labelInput;
    private final Tensor rateInput;
    private final Tensor total;
    private final float[] images;
    private final int[] labels;
    private final AdamWRates rates;

    /// Builds the program; nothing is bound.
    public VitStep(Settings settings) {
        this.settings = settings;
        int grid = SIDE / PATCH;
        int batch = settings.batch();
        var scope = Scope.of(state);
        var transformer = new VisionTransformer(scope, new VisionTransformer.Settings(grid, PATCH, settings.dim(),
                settings.depth(), settings.heads(), MLP_RATIO * settings.dim(), EPS), 0, "benchmark");
        var head = LinearLayer.transformer(scope.in("head"), settings.dim(), CLASSES);
        imageInput = program.input("images", batch, 3, SIDE, SIDE);
        labelInput = program.integerInput("labels", batch);
        Encoding encoding = transformer.encode(program, View.full(program, imageInput, batch, 0, 1, grid));
        Tensor cls = encoding.cls(program, 0);
        Tensor loss = program.section("classifier on CLS, cross-entropy", () -> program.mean(program.crossEntropy(
                head.apply(program, cls), labelInput, 0f, -1)));
        total = program.output("total", loss);
        Gradients gradients = program.gradient(loss);
        var parameters = gradients.parameters();
        rateInput = program.input("rates", parameters.size(), 4);
        try (var _ = program.section("AdamW")) {
            program.adamw(new AdamW(BETA1, BETA2, ADAM_EPS, 0f, false), gradients, rateInput);
        }
        rates = new AdamWRates(parameters, t -> true, BETA1, BETA2);
        var random = CounterRandom.of(SEED, Stream.CHECK, 0, 0);
        images = new float[imageInput.count()];
        for (int i = 0; i < images.length; i++) {
            images[i] = random.uniform();
        }
        labels = new int[batch];
        for (int i = 0; i < batch; i++) {
            labels[i] = random.below(CLASSES);
        }
    }

    /// Writes the first weights, the batch and every constant of the step as safetensors: F32 tensors by the names of
    /// the parameters, `images` (batch, 3, 32, 32), `labels` (batch, I64); sizes and constants in the metadata.
    public void export(Path file) throws IOException {
        var entries = new ArrayList<TensorEntry>();
        state.parameters().forEach(
                (name, tensor) -> entries.add(TensorEntry.of(name, tensor.shape(), state.draw(name, SEED))));
        entries.add(TensorEntry.of("images", imageInput.shape(), images));
        long[] wide = new long[labels.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = labels[i];
        }
        entries.add(TensorEntry.of("labels", new int[]{labels.length}, wide));
        var metadata = new LinkedHashMap<String, String>();
        metadata.put("format", FORMAT);
        description().forEach((name, value) -> metadata.put(name, String.valueOf(value)));
        metadata.put("gflop", Double.toString(program.flops() * 1e-9));
        Safetensors.write(file, metadata, entries);
    }

    @Override
    public Map<String, Object> description() {
        var values = new LinkedHashMap<String, Object>();
        values.put("model", "vit");
        values.put("dim", settings.dim());
        values.put("depth", settings.depth());
        values.put("heads", settings.heads());
        values.put("batch", settings.batch());
        values.put("tokens", 1 + SIDE / PATCH * (SIDE / PATCH));
        values.put("image", SIDE);
        values.put("patch", PATCH);
        values.put("classes", CLASSES);
        values.put("hidden", MLP_RATIO * settings.dim());
        values.put("layer_norm_eps", EPS);
        values.put("lr", RATE);
        values.put("weight_decay", DECAY);
        values.put("beta1", BETA1);
        values.put("beta2", BETA2);
        values.put("adam_eps", ADAM_EPS);
        return values;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public Program program() {
        return program;
    }

    @Override
    public Tensor loss() {
        return total;
    }

    @Override
    public int images() {
        return settings.batch();
    }

    @Override
    public void begin(Session session) {
        session.initialize(state, SEED);
        session.upload(imageInput, images);
        session.upload(labelInput, labels);
    }

    @Override
    public void feed(Session session, long step) {
        session.upload(rateInput, rates.next(RATE, DECAY));
    }

    @Override
    public double waitedSeconds() {
        return 0;
    }

    @Override
    public void close() {
        // holds nothing
    }
}
