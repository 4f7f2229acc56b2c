package dev.triptych.check;

import dev.triptych.trial.Sample;
import java.util.List;

/// Rows of the convolutions.
final class ConvolutionRows {
    private ConvolutionRows() {
    }

    static List<OperationRow> rows() {
        return List.of(convolve(), convolveTransposed());
    }

    private static OperationRow convolve() {
        return OperationRow.of("convolve")
                .gradient("3 x 3, pad 1", (t, p) -> p.convolve(t.variable("x", 2, 2, 4, 5),
                        t.parameter("w", 3, 2, 3, 3), 1, 1))
                .gradient("4 x 4, stride 2, pad 1",
                        (t, p) -> p.convolve(t.variable("x", 1, 2, 6, 4), t.parameter("w", 2, 2, 4, 4), 2, 1))
                .gradient("stride 3 that leaves a rest", (t, p) -> p.convolve(t.variable("x", 1, 1, 8, 6),
                        t.parameter("w", 2, 1, 2, 2), 3, 0))
                .gradient("1 x 1", (t, p) -> p.convolve(t.variable("x", 2, 3, 2, 1),
                        t.parameter("w", 2, 3, 1, 1), 1, 0))
                .values("2 x 2 over 2 x 3", (t, p) -> new Sample.Expected(
                        p.convolve(t.variable("x", new float[]{1f, 2f, 3f, 4f, 5f, 6f}, 1, 1, 2, 3),
                                t.parameter("w", new float[]{1f, 10f, 100f, 1000f}, 1, 1, 2, 2), 1, 0),
                        5421, 6532))
                .refused("channels that differ", "convolve: x(2, 2, 4, 5)",
                        (t, p) -> p.convolve(t.variable("x", 2, 2, 4, 5), t.parameter("w", 3, 1, 3, 3), 1, 1))
                .refused("a window that is not square", "convolve: w(3, 2, 3, 2)",
                        (t, p) -> p.convolve(t.variable("x", 2, 2, 4, 5), t.parameter("w", 3, 2, 3, 2), 1, 1))
                .refused("a window larger than the image", "convolve: window 4",
                        (t, p) -> p.convolve(t.variable("x", 2, 2, 3, 3), t.parameter("w", 3, 2, 4, 4), 1, 0));
    }

    private static OperationRow convolveTransposed() {
        return OperationRow.of("convolveTransposed")
                .gradient("4 x 4, stride 2, pad 1", (t, p) -> p.convolveTransposed(t.variable("x", 2, 3, 2, 3),
                        t.parameter("w", 3, 2, 4, 4), 2, 1))
                .gradient("3 x 3, stride 1", (t, p) -> p.convolveTransposed(t.variable("x", 1, 2, 3, 2),
                        t.parameter("w", 2, 1, 3, 3), 1, 0))
                .gradient("stride beyond the window", (t, p) -> p.convolveTransposed(t.variable("x", 1, 1, 3, 2),
                        t.parameter("w", 1, 2, 2, 2), 3, 0))
                .values("2 x 2 over two numbers", (t, p) -> new Sample.Expected(
                        p.convolveTransposed(t.variable("x", new float[]{1f, 2f}, 1, 1, 1, 2),
                                t.parameter("w", new float[]{1f, 10f, 100f, 1000f}, 1, 1, 2, 2), 1, 0),
                        1, 12, 20, 100, 1200, 2000))
                .refused("channels that differ", "convolveTransposed: x(2, 2, 4, 5)",
                        (t, p) -> p.convolveTransposed(t.variable("x", 2, 2, 4, 5), t.parameter("w", 3, 2, 3, 3), 1, 1))
                .refused("a window that is not square", "convolveTransposed: w(2, 3, 3, 2)",
                        (t, p) -> p.convolveTransposed(t.variable("x", 2, 2, 4, 5), t.parameter("w", 2, 3, 3, 2),
                                1, 1));
    }
}
