package dev.triptych.mae;

import dev.triptych.decoder.PatchDecoder;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Twinned;
import dev.triptych.random.CounterRandom;
import dev.triptych.trial.Component;
import dev.triptych.trial.FiniteDifferences;
import dev.triptych.trial.Trial;
import java.util.List;

/// A MAE so small that every one of its parameters can be moved: width 8, two blocks, 9 patches of 2 x 2 pixels, of
/// which 3 are kept; a decoder of width 12.
///
/// @param name what differs from the main recipe
/// @param batch B
/// @param normPixels whether targets are normalised
/// @param sine whether positions are fixed
@Twinned
public record MaeMiniature(String name, int batch, boolean normPixels, boolean sine) {
    private static final int GRID = 3;
    private static final int PATCH = 2;
    private static final int KEPT = 3;
    private static final float EPS = 1e-6f;

    /// The settings, the main recipe first.
    public static List<MaeMiniature> all() {
        return List.of(new MaeMiniature("main recipe", 2, true, true),
                new MaeMiniature("plain pixels", 2, false, true),
                new MaeMiniature("learnt positions", 3, true, false));
    }

    /// Gradient checks of the whole objective with respect to every entry of every parameter.
    public static List<Component> components() {
        return all().stream().map(m -> new Component("MAE, whole objective: " + m.name(),
                FiniteDifferences.Effort.FULL, m::trial)).toList();
    }

    /// The objective with its gradient, values in all inputs and parameters.
    public Trial trial(CounterRandom random) {
        var state = new State();
        var model = new Mae(state, settings());
        var program = new Program("MAE, " + name, state);
        var objective = model.objective(program, batch, KEPT);
        var trial = Trial.around(program, program.gradient(objective.loss().total()), random);
        trial.enliven();
        var in = objective.inputs();
        trial.upload(in.image(), trial.uniform(in.image().count(), 0, 1));
        in.give(trial.choices(batch, KEPT, GRID * GRID), trial::upload, trial::upload);
        return trial;
    }

    /// The model's settings.
    public Mae.Settings settings() {
        return new Mae.Settings(new VisionTransformer.Settings(GRID, PATCH, 8, 2, 2, 12, EPS),
                new PatchDecoder.Settings(GRID, PATCH, 8, 12, 1, 3, 20, EPS, sine), normPixels,
                VisionTransformer.Pixels.IMAGENET);
    }
}
