package dev.triptych.recipe;

/// AdamW, its clip, and the linear warm-up with cosine decay of every stage.
// @formatter:off
public record OptimizerSection(
        @Doc("peak learning rate") @Range(min = 0, max = 10, above = true) double lr,
        @Doc("learning rate at the end of a stage") @Range(min = 0, max = 10) @Default("1e-6") double minLr,
        @Doc("share of a stage's steps in which the learning rate rises from 0")
        @Range(min = 0, max = 1) @Default("0.1") double warmup,
        @Doc("the last step of the warm-up has the peak rate already, as in DINO's code; false: the step after it")
        @Default("false") boolean warmupReachesPeak,
        @Doc("decoupled weight decay")
        @Range(min = 0, max = 10) @Default("0.04") double weightDecay,
        @Doc("weight decay at the end of a stage, reached by a cosine; null: constant")
        @Range(min = 0, max = 10) @Nullable @Default("null") Double weightDecayFinal,
        @Doc("weight decay also on biases and other vectors") @Default("true") boolean decayVectors,
        @Doc("decay of the first moment") @Range(min = 0, max = 1, below = true) @Default("0.9") double beta1,
        @Doc("decay of the second moment") @Range(min = 0, max = 1, below = true) @Default("0.999") double beta2,
        @Doc("added to the root of the second moment")
        @Range(min = 0, max = 1, above = true) @Default("1e-8") double eps,
        @Doc("which gradient norm is limited") @Default("global") Clip clip,
        @Doc("largest gradient norm") @Range(min = 0, above = true) @Default("3.0") double clipNorm) {
    // @formatter:on

    public OptimizerSection {
        if (minLr > lr) {
            throw RecipeException.value("min-lr", minLr, "at most optimizer.lr, " + lr,
                    "Raise optimizer.lr or set optimizer.min-lr=" + lr + " for a constant rate.");
        }
    }

    /// The learning rate of step t (0 first) of a stage of T steps: linear warm-up from 0 in round(warmup T) steps,
    /// then a cosine to [#minLr]; all multiplied by the stage's `scale`.
    public double learningRate(long t, long steps, double scale) {
        long w = warmupSteps(steps);
        return scale * (warmupReachesPeak
                ? Schedules.linspaceWarmup(t, w, steps, lr, minLr)
                : Schedules.fractionWarmup(t, w, steps, lr, minLr));
    }

    /// The weight decay of step t (0 first) of a stage of T steps.
    public double weightDecayAt(long t, long steps) {
        return weightDecayFinal == null ? weightDecay : Schedules.cosine(weightDecay, weightDecayFinal, t, steps);
    }

    /// Warm-up steps of a stage of the given length.
    public long warmupSteps(long steps) {
        return Math.round(warmup * steps);
    }
}
