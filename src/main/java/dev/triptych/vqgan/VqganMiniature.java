package dev.triptych.vqgan;

import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;
import dev.triptych.random.CounterRandom;
import dev.triptych.tokenizer.VqganSettings;
import dev.triptych.trial.Component;
import dev.triptych.trial.FiniteDifferences;
import dev.triptych.trial.Trial;
import java.util.List;

/// A VQGAN so small that every one of its parameters can be moved: three levels, of which the last changes its width.
///
/// @param name what is special about it
/// @param batch images
/// @param settings of the model
@Twinned
public record VqganMiniature(String name, int batch, Vqgan.Settings settings) {
    private static final VqganSettings SIZES = new VqganSettings(8, 4, List.of(4, 4, 6), 1, 2, 5, 3);

    /// Both sides of the quantisation weighed, and one block more on fewer levels.
    public static List<VqganMiniature> all() {
        return List.of(new VqganMiniature("", 2, new Vqgan.Settings(SIZES, 1f, 0.25f)),
                new VqganMiniature(": two blocks a level", 2,
                        new Vqgan.Settings(new VqganSettings(8, 4, List.of(4, 2), 2, 1, 4, 2), 0.25f, 1f)));
    }

    /// Gradient checks of the whole objective with respect to every entry of every parameter.
    public static List<Component> components() {
        return all().stream().map(m -> new Component("VQGAN, whole objective" + m.name(),
                FiniteDifferences.Effort.FULL, m::trial)).toList();
    }

    /// The objective with its gradient, values in all inputs and parameters.
    public Trial trial(CounterRandom random) {
        var state = new State();
        var model = new Vqgan(state, settings);
        var program = new Program("VQGAN", state);
        var objective = model.objective(program, batch);
        var trial = Trial.around(program, program.gradient(objective.loss().total()), random);
        trial.enliven();
        Tensor image = objective.inputs().image();
        trial.upload(image, trial.uniform(image.count(), 0, 1));
        return trial;
    }
}
