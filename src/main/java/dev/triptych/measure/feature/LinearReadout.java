package dev.triptych.measure.feature;

/// A linear classifier: logits x W + b.
///
/// @param width numbers of a row
/// @param classes logits of a row
/// @param weights W and b, ((width + 1) x classes), b last
public record LinearReadout(int width, int classes, double[] weights) {
    /// Logits of rows.
    ///
    /// @param x (rows x width)
    /// @return (rows x classes)
    public float[] logits(float[] x, int rows) {
        var out = new float[Math.multiplyExact(rows, classes)];
        var sum = new double[classes];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(weights, width * classes, sum, 0, classes);
            for (int j = 0; j < width; j++) {
                double v = x[i * width + j];
                for (int c = 0; c < classes; c++) {
                    sum[c] += v * weights[j * classes + c];
                }
            }
            for (int c = 0; c < classes; c++) {
                out[i * classes + c] = (float) sum[c];
            }
        }
        return out;
    }
}
