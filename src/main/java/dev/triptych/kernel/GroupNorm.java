package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Normalisation over a batch, and over groups of channels. Both see x as (batch x channels x inner): batch
/// normalisation takes its moments per channel over batch and inner, group normalisation per sample and group.
public final class GroupNorm {
    private GroupNorm() {
    }

    /// moments[c] = (mean, biased variance) of channel c over batch and inner.
    public static void channelMoments(float[] x, int x0, float[] moments, int moments0, int batch, int channels,
            int inner) {
        for (@Parallel int c = 0; c < channels; c++) {
            float sum = 0f;
            for (int i = 0; i < batch * inner; i++) {
                int at = (i / inner * channels + c) * inner + i % inner;
                sum += x[x0 + at];
            }
            float mean = sum / (batch * inner);
            // a second pass: the mean of squares minus the square of the mean would cancel
            float squares = 0f;
            for (int i = 0; i < batch * inner; i++) {
                int at = (i / inner * channels + c) * inner + i % inner;
                float e = x[x0 + at] - mean;
                squares += e * e;
            }
            moments[moments0 + 2 * c] = mean;
            moments[moments0 + 2 * c + 1] = squares / (batch * inner);
        }
    }

    /// y = (x - mean_c) / sqrt(variance_c + eps) * gain_c + shift_c.
    public static void batchNorm(float[] x, int x0, float[] moments, int moments0, float[] gain, int gain0,
            float[] shift, int shift0, float[] y, int y0, int batch, int channels, int inner, float eps) {
        for (@Parallel int i = 0; i < batch * channels * inner; i++) {
            int c = (i / inner) % channels;
            float mean = moments[moments0 + 2 * c];
            float rstd = 1f / Scalar.sqrt(moments[moments0 + 2 * c + 1] + eps);
            y[y0 + i] = (x[x0 + i] - mean) * rstd * gain[gain0 + c] + shift[shift0 + c];
        }
    }

    /// sums[c] = (sum of dy xhat, sum of dy) over batch and inner: the gradients of gain and shift.
    public static void batchNormSums(float[] x, int x0, float[] moments, int moments0, float[] dy, int dy0,
            float[] sums, int sums0, int batch, int channels, int inner, float eps) {
        for (@Parallel int c = 0; c < channels; c++) {
            float mean = moments[moments0 + 2 * c];
            float rstd = 1f / Scalar.sqrt(moments[moments0 + 2 * c + 1] + eps);
            float dot = 0f;
            float sum = 0f;
            for (int i = 0; i < batch * inner; i++) {
                int at = (i / inner * channels + c) * inner + i % inner;
                dot += dy[dy0 + at] * (x[x0 + at] - mean) * rstd;
                sum += dy[dy0 + at];
            }
            sums[sums0 + 2 * c] = dot;
            sums[sums0 + 2 * c + 1] = sum;
        }
    }

    /// dx = gain_c rstd_c (dy - sum_c / m - xhat dot_c / m), m = batch inner: through the batch's own moments.
    public static void batchNormGradient(float[] x, int x0, float[] moments, int moments0, float[] gain, int gain0,
            float[] sums, int sums0, float[] dy, int dy0, float[] dx, int dx0, int batch, int channels, int inner,
            float eps) {
        for (@Parallel int i = 0; i < batch * channels * inner; i++) {
            int c = (i / inner) % channels;
            float mean = moments[moments0 + 2 * c];
            float rstd = 1f / Scalar.sqrt(moments[moments0 + 2 * c + 1] + eps);
            float dot = sums[sums0 + 2 * c];
            float sum = sums[sums0 + 2 * c + 1];
            float m = batch * inner;
            float xhat = (x[x0 + i] - mean) * rstd;
            dx[dx0 + i] = gain[gain0 + c] * rstd * (dy[dy0 + i] - sum / m - xhat * dot / m);
        }
    }

    /// y[c] = pairs[c][which]: one column of pairs, such as the gain's gradient out of the sums.
    public static void pairColumn(float[] pairs, int pairs0, float[] y, int y0, int n, int which) {
        for (@Parallel int c = 0; c < n; c++) {
            y[y0 + c] = pairs[pairs0 + 2 * c + which];
        }
    }

    /// running = (1 - momentum) running + momentum (mean, variance m / (m - 1)); running (channels x 2).
    public static void runningMoments(float[] moments, int moments0, float[] running, int running0, int channels,
            int m, float momentum) {
        for (@Parallel int i = 0; i < 2 * channels; i++) {
            float unbiased = i % 2 == 0 ? 1f : (float) m / (m - 1);
            running[running0 + i] = (1f - momentum) * running[running0 + i]
                    + momentum * unbiased * moments[moments0 + i];
        }
    }

    /// y = x per channel scaled and shifted: y[b, c, t] = x[b, c, t] gain[c] + shift[c].
    public static void channelAffine(float[] x, int x0, float[] gain, int gain0, float[] shift, int shift0, float[] y,
            int y0, int batch, int channels, int inner) {
        for (@Parallel int i = 0; i < batch * channels * inner; i++) {
            int c = (i / inner) % channels;
            y[y0 + i] = x[x0 + i] * gain[gain0 + c] + shift[shift0 + c];
        }
    }

    /// dx[b, c, t] = dy[b, c, t] gain[c].
    public static void channelAffineGradient(float[] dy, int dy0, float[] gain, int gain0, float[] dx, int dx0,
            int batch, int channels, int inner) {
        for (@Parallel int i = 0; i < batch * channels * inner; i++) {
            int c = (i / inner) % channels;
            dx[dx0 + i] = dy[dy0 + i] * gain[gain0 + c];
        }
    }

    /// dgain[c] = sum of dy x over batch and inner.
    public static void channelDots(float[] x, int x0, float[] dy, int dy0, float[] dgain, int dgain0, int batch,
            int channels, int inner) {
        for (@Parallel int c = 0; c < channels; c++) {
            float sum = 0f;
            for (int b = 0; b < batch; b++) {
                for (int t = 0; t < inner; t++) {
                    int at = (b * channels + c) * inner + t;
                    sum += x[x0 + at] * dy[dy0 + at];
                }
            }
            dgain[dgain0 + c] = sum;
        }
    }
}
