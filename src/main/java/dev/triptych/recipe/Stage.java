package dev.triptych.recipe;

/// One stage of training; each begins with a fresh optimizer and its own schedules.
// @formatter:off
public record Stage(
        @Doc("name in the progress line and the metrics") String name,
        @Doc("length in passes over the training images; fractions allowed")
        @Range(min = 0, above = true) double epochs,
        @Doc("targets from an exponential moving average of the weights (EMA teacher)")
        @Default("false") boolean teacher,
        @Doc("momentum of the teacher at the start") @Range(min = 0, max = 1) @Default("0.996") double momentum,
        @Doc("momentum of the teacher at the end, reached by a cosine")
        @Range(min = 0, max = 1) @Default("0.996") double momentumFinal,
        @Doc("share of the patches that a masked view drops (rho)")
        @Range(min = 0, max = 1, below = true) @Default("0.75") double maskRatio,
        @Doc("factor on the learning rate") @Range(min = 0, max = 1000, above = true) @Default("1.0") double lrScale) {
    // @formatter:on

    public Stage {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
            throw RecipeException.value("name", "'" + name + "'", "letters, digits, - and _",
                    "Choose a name such as prior or main.");
        }
    }

    /// The teacher's momentum at step t (0 first) of this stage of T steps.
    public double momentumAt(long t, long steps) {
        return Schedules.cosine(momentum, momentumFinal, t, steps);
    }

    /// Patches that a masked view keeps of n: int(n (1 - rho)), computed in double as the authors' code has it.
    public int kept(int n) {
        return (int) (n * (1 - maskRatio));
    }

    /// Steps of this stage: epochs times full batches of the training images, rounded, at least 1.
    public long steps(long images, int batch) {
        return Math.max(1, Math.round(epochs * (images / batch)));
    }
}
