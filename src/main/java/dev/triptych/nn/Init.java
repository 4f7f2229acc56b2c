package dev.triptych.nn;

import dev.triptych.program.Initializer;
import java.util.Arrays;

/// How parameters begin.
public final class Init {
    private static final double TRUNCATION = 2;

    private Init() {
    }

    /// Every number the same.
    public static Initializer constant(float value) {
        return (values, random) -> Arrays.fill(values, value);
    }

    /// These very numbers.
    public static Initializer given(float[] numbers) {
        return (values, random) -> System.arraycopy(numbers, 0, values, 0, values.length);
    }

    /// Normal with mean 0.
    public static Initializer normal(double deviation) {
        return (values, random) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (deviation * random.gaussian());
            }
        };
    }

    /// Normal with mean 0, cut at the absolute values -2 and 2 (PyTorch's `trunc_normal_` with its default bounds): the
    /// usual start of a vision transformer, whose deviation of 0.02 the cut leaves as it is.
    public static Initializer truncatedNormal(double deviation) {
        return (values, random) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.truncatedGaussian(deviation, TRUNCATION);
            }
        };
    }

    /// Uniform in (-bound, bound).
    public static Initializer uniform(double bound) {
        return (values, random) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (bound * (2 * random.uniformDouble() - 1));
            }
        };
    }

    /// PyTorch's default for a linear layer with `in` inputs, weight and bias: uniform in (-1/sqrt(in), 1/sqrt(in)).
    public static Initializer fanIn(int in) {
        return uniform(1 / Math.sqrt(in));
    }

    /// Xavier's start of a linear layer (Glorot and Bengio 2010): uniform in (-b, b), b = sqrt(6 / (in + out)).
    public static Initializer xavier(int in, int out) {
        return uniform(Math.sqrt(6.0 / (in + out)));
    }
}
