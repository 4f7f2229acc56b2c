package dev.triptych.io.vectors;

import java.util.Map;
import java.util.regex.Pattern;

/// How far a computed tensor may be from the stored one.
public sealed interface Tolerance {
    /// |a - b| <= atol + rtol max|b|, the maximum over the tensor.
    record Bound(double rtol, double atol) implements Tolerance {
    }

    /// |a - b| <= factor times the norm of all gradients together.
    record OfGradientNorm(double factor) implements Tolerance {
    }

    /// The reason why the tensor says nothing in this precision.
    record NotComparable(String reason) implements Tolerance {
    }

    /// The largest difference that passes.
    ///
    /// @param largest max|b| over the tensor
    /// @param gradientNorm norm of all gradients of the case
    default double allowance(double largest, double gradientNorm) {
        return switch (this) {
            case Bound(double rtol, double atol) -> atol + rtol * largest;
            case OfGradientNorm(double factor) -> factor * gradientNorm;
            case NotComparable(String reason) -> Double.POSITIVE_INFINITY;
        };
    }

    /// Reads one of the three forms of a case's JSON: `{"rtol": 1e-11, "atol": 1e-13}`,
    /// `"max|a-b| <= 1e-11 * total_grad_norm"`, `"not comparable ..."`.
    ///
    /// @throws IllegalArgumentException for any other form
    static Tolerance of(Object json) {
        if (json instanceof Map<?, ?> map && map.get("rtol") instanceof Number rtol
                && map.get("atol") instanceof Number atol) {
            return new Bound(rtol.doubleValue(), atol.doubleValue());
        }
        if (json instanceof String text) {
            var norm = Pattern.compile("max\\|a-b\\| <= ([0-9.eE+-]+) \\* total_grad_norm").matcher(text.strip());
            if (norm.matches()) {
                return new OfGradientNorm(Double.parseDouble(norm.group(1)));
            }
            if (text.startsWith("not comparable")) {
                return new NotComparable(text);
            }
        }
        throw new IllegalArgumentException("The tolerance " + json + " is not understood: expected {rtol, atol},"
                + " 'max|a-b| <= F * total_grad_norm' or 'not comparable ...'");
    }
}
