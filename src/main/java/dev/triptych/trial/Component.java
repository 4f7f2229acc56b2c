package dev.triptych.trial;

import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import java.util.function.Function;

/// A component or a whole method whose loss is checked with respect to every parameter and differentiable input.
///
/// @param name what a report calls it
/// @param effort how much is checked
/// @param make builds the trial, its gradients included
public record Component(String name, FiniteDifferences.Effort effort, Function<CounterRandom, Trial> make) {
    /// A component that writes a scalar loss on an empty trial.
    public static Component of(String name, Function<Trial, Tensor> loss) {
        return new Component(name, FiniteDifferences.Effort.FULL, random -> {
            var trial = new Trial(name, random);
            Tensor scalar = loss.apply(trial);
            trial.differentiate(scalar);
            return trial;
        });
    }

    /// A component with outputs that a random weighted sum turns into a loss.
    public static Component weighed(String name, Function<Trial, Tensor> output) {
        return of(name, trial -> trial.weigh(output.apply(trial)));
    }

    /// The same with another effort.
    public Component with(FiniteDifferences.Effort other) {
        return new Component(name, other, make);
    }
}
