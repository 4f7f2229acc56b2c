package dev.triptych.vqvae;

import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;
import dev.triptych.random.CounterRandom;
import dev.triptych.tokenizer.VqSettings;
import dev.triptych.trial.Component;
import dev.triptych.trial.FiniteDifferences;
import dev.triptych.trial.Trial;
import java.util.List;

/// A VQ-VAE so small that every one of its parameters can be moved.
///
/// @param name what is special about it
/// @param batch images
/// @param quantise whether latents are quantised
/// @param settings of the model
@Twinned
public record VqVaeMiniature(String name, int batch, boolean quantise, VqVae.Settings settings) {
    private static final VqVae.Settings SETTINGS = new VqVae.Settings(new VqSettings(8, 4, 6, 3, 1, 5, 3), 0.1f, 0.25f,
            0.9f, 1e-5f);

    /// With and without quantisation.
    public static List<VqVaeMiniature> all() {
        return List.of(new VqVaeMiniature("", 2, true, SETTINGS),
                new VqVaeMiniature(": without quantisation", 2, false, SETTINGS));
    }

    /// Gradient checks of the whole objective with respect to every entry of every parameter.
    public static List<Component> components() {
        return all().stream().map(m -> new Component("VQ-VAE, whole objective" + m.name(),
                FiniteDifferences.Effort.FULL, m::trial)).toList();
    }

    /// The objective with its gradient, values in all inputs and parameters.
    public Trial trial(CounterRandom random) {
        var state = new State();
        var model = new VqVae(state, settings);
        var program = new Program("VQ-VAE", state);
        var objective = model.objective(program, batch, quantise);
        var trial = Trial.around(program, program.gradient(objective.loss().total()), random);
        trial.enliven();
        Tensor image = objective.inputs().image();
        trial.upload(image, trial.uniform(image.count(), 0, 1));
        Tensor codebook = model.quantiser().averages().vectors();
        trial.upload(codebook, trial.gaussian(codebook.count()));
        return trial;
    }
}
