package dev.triptych.libtorch;

/// What became of comparisons with libtorch.
///
/// @param tries random shapes and numbers that were tried
/// @param numbers values and gradients that were compared
/// @param undecided decisions left out because they hang on less than rounding
/// @param value largest difference of a value, relative to the largest of its tensor, or to 1 where all are smaller
/// @param gradient the same of gradients, relative to the largest of all; NaN without gradients
/// @param worst which tensor had the larger of both, with the two numbers
public record Outcome(int tries, long numbers, long undecided, double value, double gradient, String worst) {
    /// Nothing compared yet.
    public static final Outcome NONE = new Outcome(0, 0, 0, 0, Double.NaN, "");

    /// Both outcomes together.
    public Outcome plus(Outcome more) {
        double largest = Math.max(value, Double.isNaN(gradient) ? 0 : gradient);
        double theirs = Math.max(more.value, Double.isNaN(more.gradient) ? 0 : more.gradient);
        return new Outcome(tries + more.tries, numbers + more.numbers, undecided + more.undecided,
                Math.max(value, more.value),
                Double.isNaN(gradient)
                        ? more.gradient
                        : Double.isNaN(more.gradient) ? gradient : Math.max(gradient, more.gradient),
                theirs > largest ? more.worst : worst);
    }

    /// Whether all differences are within the tolerances.
    public boolean within(double valueTolerance, double gradientTolerance) {
        return value <= valueTolerance && (Double.isNaN(gradient) || gradient <= gradientTolerance);
    }

    /// Two tensors of which every number was compared.
    ///
    /// @param name of the tensor
    /// @param ours our numbers
    /// @param theirs libtorch's
    /// @param scale what differences are relative to
    public static Difference difference(String name, double[] ours, double[] theirs, double scale) {
        if (ours.length != theirs.length) {
            throw new IllegalStateException(
                    name + ": " + ours.length + " numbers here and " + theirs.length + " in libtorch");
        }
        double error = 0;
        String where = name;
        for (int i = 0; i < ours.length; i++) {
            double here = Math.abs(ours[i] - theirs[i]) / scale;
            if (!(here <= error)) {
                error = here <= Double.MAX_VALUE ? here : Double.POSITIVE_INFINITY;
                where = name + "[" + i + "]: " + ours[i] + " here, " + theirs[i] + " in libtorch";
            }
        }
        return new Difference(error, where);
    }

    /// The largest difference of two tensors.
    ///
    /// @param error relative; infinite where a number is not finite
    /// @param where it occurred
    public record Difference(double error, String where) {
    }
}
