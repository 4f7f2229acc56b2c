package dev.triptych.triptych;

import dev.triptych.alignment.PrototypeHead;
import dev.triptych.alignment.SinkhornTargets;
import dev.triptych.alignment.TokenMatching;
import dev.triptych.channel.BitsHead;
import dev.triptych.channel.CodingRate;
import dev.triptych.decoder.FourierPositions;
import dev.triptych.decoder.LowRankDecoder;
import dev.triptych.echo.EchoContrast;
import dev.triptych.echo.SquareWindow;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;
import dev.triptych.random.CounterRandom;
import dev.triptych.trial.Component;
import dev.triptych.trial.FiniteDifferences;
import dev.triptych.trial.Trial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A Triptych so small that every one of its parameters can be moved: width 8, two blocks, 9 patches of 2 x 2 pixels, 4
/// of them kept, 3 tokens, 7 codes. Each setting switches one of the terms off.
///
/// @param name what differs from the whole loss
/// @param batch n
/// @param codes of the decoder; 0 for pixels
/// @param localCrops M
/// @param prototypes whether in place of messages
/// @param weights of the terms
@Twinned
public record TriptychMiniature(String name, int batch, int codes, int localCrops, boolean prototypes,
        Triptych.Weights weights) {
    private static final int GRID = 3;
    private static final int CELLS = GRID * GRID;
    private static final int PATCH = 2;
    private static final int KEPT = 4;
    private static final int KEPT_GLOBAL = 5;
    private static final int LOCAL_GRID = 2;
    private static final int TOKENS = 3;
    private static final int CODES = 7;
    private static final int DECODER_WIDTH = 8;
    private static final FiniteDifferences.Effort SAMPLED = new FiniteDifferences.Effort(16, 8, 8);

    /// The settings, the whole loss first.
    public static List<TriptychMiniature> all() {
        return List.of(
                of("every term", w(1f, 1f, 0.7f, 0.1f, 0.6f, 0.2f, 0.1f, 0.1f)),
                of("without reconstruction", w(0f, 1f, 0.7f, 0.1f, 0.6f, 0.2f, 0.1f, 0.1f)),
                of("without masked codes", w(1f, 0f, 0.7f, 0.1f, 0.6f, 0.2f, 0.1f, 0.1f)),
                of("without messages", w(1f, 1f, 0f, 0.1f, 0.6f, 0.2f, 0.1f, 0.1f)),
                of("without rate", w(1f, 1f, 0.7f, 0f, 0.6f, 0.2f, 0.1f, 0.1f)),
                of("without messages and rate", w(1f, 1f, 0f, 0f, 0.6f, 0.2f, 0.1f, 0.1f)),
                of("without contrast", w(1f, 1f, 0.7f, 0.1f, 0f, 0.2f, 0.1f, 0.1f)),
                of("without uniformity", w(1f, 1f, 0.7f, 0.1f, 0.6f, 0f, 0.1f, 0.1f)),
                of("without KoLeo", w(1f, 1f, 0.7f, 0.1f, 0.6f, 0.2f, 0f, 0f)),
                of("without KoLeo of the whole view", w(1f, 1f, 0.7f, 0.1f, 0.6f, 0.2f, 0f, 0.1f)),
                of("without masked KoLeo", w(1f, 1f, 0.7f, 0.1f, 0.6f, 0.2f, 0.1f, 0f)),
                of("whole view alone", w(1f, 0f, 0f, 0f, 0f, 0f, 0.1f, 0.1f)),
                new TriptychMiniature("pixels and messages", 3, 0, 1, false, w(10f, 0f, 1f, 0.1f, 0f, 0f, 0.1f, 0.1f)),
                new TriptychMiniature("prototypes", 3, CODES, 1, true, w(1f, 1f, 0.7f, 0f, 0.6f, 0.2f, 0.1f, 0.1f)),
                new TriptychMiniature("no crops", 3, CODES, 0, false, w(1f, 1f, 0.7f, 0.1f, 0f, 0f, 0.1f, 0.1f)));
    }

    private static TriptychMiniature of(String name, Triptych.Weights weights) {
        return new TriptychMiniature(name, 3, CODES, 2, false, weights);
    }

    private static Triptych.Weights w(float reconstruction, float masked, float alignment, float rate, float contrast,
            float uniformity, float koleo, float maskedKoleo) {
        return new Triptych.Weights(reconstruction, masked, alignment, rate, contrast, uniformity, koleo, maskedKoleo);
    }

    /// Gradient checks of the whole objective with respect to every parameter: every entry of small tensors for the
    /// whole loss, a sample of entries and random directions for the switches.
    public static List<Component> components() {
        return all().stream().map(m -> new Component("Triptych, whole objective: " + m.name(),
                m.name().equals("every term") ? FiniteDifferences.Effort.FULL : SAMPLED, m::trial)).toList();
    }

    /// The objective with its gradient, values in all inputs and parameters.
    public Trial trial(CounterRandom random) {
        return trial(random, false);
    }

    /// The same.
    ///
    /// @param all whether rows are made as well that nobody reads
    public Trial trial(CounterRandom random, boolean all) {
        var state = new State();
        float[] codebook = new float[codes * 3 * PATCH * PATCH];
        for (int i = 0; i < codebook.length; i++) {
            codebook[i] = (float) random.uniformDouble();
        }
        var model = new Triptych(state, settings(), FourierPositions.draw(1, DECODER_WIDTH), codebook);
        var program = new Program("Triptych, " + name, state);
        if (all) {
            program.makingAll();
        }
        var objective = model.objective(program, new Triptych.Views(batch, KEPT, KEPT_GLOBAL, localCrops, LOCAL_GRID));
        var trial = Trial.around(program, program.gradient(objective.loss().total()), random);
        trial.enliven();
        feed(trial, objective.inputs());
        return trial;
    }

    private void feed(Trial trial, Triptych.Inputs in) {
        CounterRandom random = trial.random();
        for (Tensor pixels : new Tensor[]{in.image(), in.global(), in.local()}) {
            if (pixels != null) {
                trial.upload(pixels, trial.uniform(pixels.count(), 0, 1));
            }
        }
        in.keep(trial.choices(batch, KEPT, CELLS), trial.choices(Triptych.GLOBAL * batch, KEPT_GLOBAL, CELLS),
                trial::upload, trial::upload);
        if (in.codes() != null) {
            int[] labels = new int[in.codes().count()];
            Arrays.setAll(labels, i -> random.below(codes));
            trial.upload(in.codes(), labels);
        }
        if (in.echo() != null) {
            int[] source = new int[batch * CELLS];
            Arrays.setAll(source, i -> 1 + random.below(2));
            trial.upload(in.echo().source(), source);
            trial.upload(in.echo().draws(), trial.uniform(batch * CELLS, 0, 1));
            var windows = new ArrayList<SquareWindow>();
            for (int i = 0; i < batch; i++) {
                windows.add(SquareWindow.placed(GRID, 2, random.uniformDouble(), random.uniformDouble()));
            }
            in.echo().window().give(windows, trial::upload);
        }
    }

    /// The model's settings.
    public Triptych.Settings settings() {
        var alignment = prototypes
                ? new Alignment.Prototypes(new PrototypeHead.Settings(2, 6, 4, 5), new SinkhornTargets(0.06f, 3, 1f),
                        0.12f)
                : new Alignment.Bits(new BitsHead.Settings(6, 5, 0.9f, false), new CodingRate(0.05f, false, false));
        return new Triptych.Settings(new VisionTransformer.Settings(GRID, PATCH, 8, 2, 2, 12, 1e-12f), TOKENS, 0.06f,
                new LowRankDecoder.Settings(DECODER_WIDTH, 1, 2, 12, codes), 0.1f, alignment,
                new TokenMatching(true, 0.1f, 5),
                new PaintedEcho.Settings(4, new EchoContrast(0.3f, EchoContrast.Direction.ECHOES), 5, 4, 6), weights);
    }
}
