package dev.triptych.stellar;

import dev.triptych.alignment.PrototypeHead;
import dev.triptych.alignment.SinkhornTargets;
import dev.triptych.alignment.TokenMatching;
import dev.triptych.decoder.FourierPositions;
import dev.triptych.decoder.LowRankDecoder;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;
import dev.triptych.random.CounterRandom;
import dev.triptych.trial.Component;
import dev.triptych.trial.FiniteDifferences;
import dev.triptych.trial.Trial;
import java.util.Arrays;
import java.util.List;

/// A STELLAR so small that every one of its parameters can be moved: width 8, two blocks, 9 patches of 2 x 2 pixels,
/// masked views of 4 patches, crops of 4. Each setting switches something that changes the objective.
///
/// @param name what differs from the main recipe
/// @param batch B
/// @param tokens K
/// @param predictorLayers linear layers of the prototype heads
/// @param codes of the code head; 0 for pixels
/// @param spatialTemperature of L; 0 for scores over sqrt(d)
/// @param match whether tokens are matched by optimal transport
/// @param maskedViews V
/// @param localCrops M
/// @param teacher whether targets come from the EMA teacher
/// @param direct whether the decoder reads D
/// @param weights of the loss terms
@Twinned
public record StellarMiniature(String name, int batch, int tokens, int predictorLayers, int codes,
        float spatialTemperature, boolean match, int maskedViews, int localCrops, boolean teacher,
        boolean direct, Stellar.Weights weights) {
    private static final int GRID = 3;
    private static final int PATCH = 2;
    private static final int KEPT = 4;
    private static final int LOCAL_GRID = 2;
    private static final int DECODER_WIDTH = 8;
    private static final float TAU = 0.06f;
    private static final Stellar.Weights ALL = new Stellar.Weights(10f, 0.1f, 0.1f, 1f, 1f, 1f, 1f);
    private static final Stellar.Weights SPREAD = new Stellar.Weights(0f, 0.1f, 0.1f, 0f, 0f, 0f, 0f);

    /// The settings, the main recipe first.
    public static List<StellarMiniature> all() {
        return List.of(new StellarMiniature("main recipe", 2, 3, 2, 0, TAU, true, 2, 2, false, false, ALL),
                new StellarMiniature("EMA teacher", 2, 3, 2, 0, TAU, true, 2, 2, true, false, ALL),
                new StellarMiniature("code head", 2, 4, 1, 7, TAU, true, 2, 1, false, false, ALL),
                new StellarMiniature("no matching", 3, 3, 2, 0, TAU, false, 2, 1, false, false, ALL),
                new StellarMiniature("no temperature of L", 2, 3, 3, 0, 0f, true, 2, 2, false, false, ALL),
                new StellarMiniature("KoLeo only", 2, 4, 2, 0, TAU, true, 2, 2, false, false, SPREAD),
                new StellarMiniature("no local crops", 2, 3, 2, 0, TAU, true, 2, 0, false, false, ALL),
                new StellarMiniature("no masking", 2, 3, 2, 0, TAU, true, 0, 2, false, false, ALL),
                new StellarMiniature("decoder reads D", 2, 3, 2, 0, TAU, true, 2, 1, false, true, ALL));
    }

    /// Gradient checks of the whole objective with respect to every entry of every parameter.
    public static List<Component> components() {
        return all().stream().map(m -> new Component("STELLAR, whole objective: " + m.name(),
                FiniteDifferences.Effort.FULL, m::trial)).toList();
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
        var stellar = new Stellar(state, settings(), FourierPositions.draw(1, DECODER_WIDTH));
        var program = new Program("STELLAR, " + name, state);
        if (all) {
            program.makingAll();
        }
        Tensor momentum = teacher ? stellar.updateTeacher(program) : null;
        int given = Math.max(maskedViews, teacher ? 2 : 1);
        var objective = stellar.objective(program,
                new Stellar.Views(batch, given, maskedViews, KEPT, localCrops, LOCAL_GRID, teacher));
        var trial = Trial.around(program, program.gradient(objective.loss().total()), random);
        trial.enliven();
        var in = objective.inputs();
        for (Tensor pixels : new Tensor[]{in.image(), in.global(), in.local()}) {
            if (pixels != null) {
                trial.upload(pixels, trial.uniform(pixels.count(), 0, 1));
            }
        }
        if (momentum != null) {
            trial.upload(momentum, new float[]{0.9f});
        }
        if (in.codes() != null) {
            int[] labels = new int[in.codes().count()];
            Arrays.setAll(labels, i -> random.below(codes));
            trial.upload(in.codes(), labels);
        }
        if (in.masked() != null) {
            in.masked().give(trial.choices(batch * maskedViews, KEPT, GRID * GRID), maskedViews, given, trial::upload);
        }
        return trial;
    }

    /// The model's settings.
    public Stellar.Settings settings() {
        return new Stellar.Settings(new VisionTransformer.Settings(GRID, PATCH, 8, 2, 2, 12, 1e-12f), tokens,
                spatialTemperature, new PrototypeHead.Settings(predictorLayers, 6, 4, 5),
                new PrototypeHead.Settings(predictorLayers, 6, 4, 3),
                new SinkhornTargets(0.06f, 3, 1f), 0.12f, new TokenMatching(match, 0.1f, 5),
                new LowRankDecoder.Settings(DECODER_WIDTH, 1, 2, 12, codes), direct, weights);
    }
}
