package dev.triptych.method;

import java.util.function.DoubleSupplier;

/// Figures of the health of a training.
public final class Health {
    private Health() {
    }

    /// A figure, or NaN where its input does not allow one (a matrix of one row, singular values that do not converge):
    /// what is only observed must not end a training.
    public static double orNaN(DoubleSupplier compute) {
        try {
            return compute.getAsDouble();
        } catch (IllegalArgumentException e) {
            return Double.NaN;
        }
    }
}
