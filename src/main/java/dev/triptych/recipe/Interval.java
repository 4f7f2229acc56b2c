package dev.triptych.recipe;

/// A closed interval, written `[low, high]` in YAML.
public record Interval(double low, double high) {
    public Interval {
        if (!(low <= high)) {
            throw new RecipeException("", "", "is [" + low + ", " + high + "]; expected [low, high] with low <= high",
                    "Exchange the two numbers.");
        }
    }

    /// The point at the fraction u of the way from low to high; u in [0, 1].
    public double at(double u) {
        return low + u * (high - low);
    }
}
