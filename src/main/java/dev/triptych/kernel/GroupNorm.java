package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Normalisation over a batch, and over groups of channels (Ioffe and Szegedy 2015, Wu and He 2018). Batch
/// normalisation sees x as (batch x channels x inner) and takes its moments per channel over batch and inner. Group
/// normalisation sees maps as rows of channels, (batch x places, channels), and takes them per map over the channels of
/// a group and all places.
public final class GroupNorm {
    private GroupNorm() {
    }

    /// `moments[c]` = (mean, biased variance) of channel c over batch and inner.
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

    /// `sums[c]` = (sum of dy xhat, sum of dy) over batch and inner: the gradients of gain and shift.
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

    /// `y[c] = pairs[c][which]`: one column of pairs, such as the gain's gradient out of the sums.
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

    /// part[b, chunk, g] = (mean, sum of squared distances from it) of group g of map b over the places of a chunk.
    /// x (batch places x channels), part (batch x chunks x groups x 2).
    public static void groupPartialMoments(float[] x, int x0, float[] part, int part0, int batch, int places,
            int channels, int groups, int chunks) {
        for (@Parallel int i = 0; i < batch * chunks * groups; i++) {
            int width = channels / groups;
            int g = i % groups;
            int chunk = (i / groups) % chunks;
            int b = i / (groups * chunks);
            int size = (places + chunks - 1) / chunks;
            int first = chunk * size;
            int last = first + size < places ? first + size : places;
            int count = last > first ? (last - first) * width : 1;
            int corner = x0 + b * places * channels + g * width;
            float sum = 0f;
            for (int t = first; t < last; t++) {
                for (int c = 0; c < width; c++) {
                    sum += x[corner + t * channels + c];
                }
            }
            float mean = sum / count;
            // a second pass: the mean of squares minus the square of the mean would cancel
            float squares = 0f;
            for (int t = first; t < last; t++) {
                for (int c = 0; c < width; c++) {
                    float e = x[corner + t * channels + c] - mean;
                    squares += e * e;
                }
            }
            part[part0 + 2 * i] = mean;
            part[part0 + 2 * i + 1] = squares;
        }
    }

    /// moments[b, g] = (mean, 1 / sqrt(variance + eps)) of group g of map b, with the biased variance: chunks of n_k
    /// numbers have sum n_k mean_k, and squares_k + n_k (mean_k - mean)^2 around the mean of all (Chan et al. 1979).
    public static void groupMoments(float[] part, int part0, float[] moments, int moments0, int batch, int places,
            int channels, int groups, int chunks, float eps) {
        for (@Parallel int i = 0; i < batch * groups; i++) {
            int g = i % groups;
            int b = i / groups;
            int size = (places + chunks - 1) / chunks;
            float all = places * (channels / groups);
            float mean = 0f;
            for (int chunk = 0; chunk < chunks; chunk++) {
                int rest = places - chunk * size;
                int rows = rest < 0 ? 0 : rest < size ? rest : size;
                mean += rows * (channels / groups) / all * part[part0 + 2 * ((b * chunks + chunk) * groups + g)];
            }
            float squares = 0f;
            for (int chunk = 0; chunk < chunks; chunk++) {
                int rest = places - chunk * size;
                int rows = rest < 0 ? 0 : rest < size ? rest : size;
                int at = part0 + 2 * ((b * chunks + chunk) * groups + g);
                float e = part[at] - mean;
                squares += part[at + 1] + rows * (channels / groups) * e * e;
            }
            moments[moments0 + 2 * i] = mean;
            moments[moments0 + 2 * i + 1] = 1f / Scalar.sqrt(squares / all + eps);
        }
    }

    /// y = (x - mean) rstd gain_c + shift_c with the moments of each map and group.
    /// x, y (batch places x channels), moments (batch x groups x 2), gain, shift (channels).
    public static void groupNorm(float[] x, int x0, float[] moments, int moments0, float[] gain, int gain0,
            float[] shift, int shift0, float[] y, int y0, int batch, int places, int channels, int groups) {
        for (@Parallel int r = 0; r < batch * places; r++) {
            int width = channels / groups;
            int row = r * channels;
            for (int g = 0; g < groups; g++) {
                int at = moments0 + 2 * (r / places * groups + g);
                float mean = moments[at];
                float rstd = moments[at + 1];
                for (int c = g * width; c < (g + 1) * width; c++) {
                    y[y0 + row + c] = (x[x0 + row + c] - mean) * rstd * gain[gain0 + c] + shift[shift0 + c];
                }
            }
        }
    }

    /// part[chunk, b] = (sums of dy xhat, sums of dy) of every channel over the places of a chunk of map b.
    /// part (chunks x batch x 2 x channels).
    public static void groupNormPartialSums(float[] x, int x0, float[] moments, int moments0, float[] dy, int dy0,
            float[] part, int part0, int batch, int places, int channels, int groups, int chunks) {
        for (@Parallel int i = 0; i < chunks * batch; i++) {
            int width = channels / groups;
            int b = i % batch;
            int chunk = i / batch;
            int size = (places + chunks - 1) / chunks;
            int first = chunk * size;
            int last = first + size < places ? first + size : places;
            int sums = part0 + i * 2 * channels;
            for (int c = 0; c < 2 * channels; c++) {
                part[sums + c] = 0f;
            }
            for (int t = first; t < last; t++) {
                int row = (b * places + t) * channels;
                for (int g = 0; g < groups; g++) {
                    int at = moments0 + 2 * (b * groups + g);
                    float mean = moments[at];
                    float rstd = moments[at + 1];
                    for (int c = g * width; c < (g + 1) * width; c++) {
                        float d = dy[dy0 + row + c];
                        part[sums + c] += d * (x[x0 + row + c] - mean) * rstd;
                        part[sums + channels + c] += d;
                    }
                }
            }
        }
    }

    /// dx = rstd (g - mean(g) - xhat mean(g xhat)), g = dy gain_c, means over the group's channels and all places, from
    /// the sums of every channel. sums (batch x 2 x channels).
    public static void groupNormGradient(float[] x, int x0, float[] moments, int moments0, float[] gain, int gain0,
            float[] sums, int sums0, float[] dy, int dy0, float[] dx, int dx0, int batch, int places, int channels,
            int groups) {
        for (@Parallel int r = 0; r < batch * places; r++) {
            int width = channels / groups;
            int b = r / places;
            int row = r * channels;
            float all = places * width;
            for (int g = 0; g < groups; g++) {
                float mean = moments[moments0 + 2 * (b * groups + g)];
                float rstd = moments[moments0 + 2 * (b * groups + g) + 1];
                float sum = 0f;
                float dot = 0f;
                for (int c = g * width; c < (g + 1) * width; c++) {
                    dot += gain[gain0 + c] * sums[sums0 + 2 * b * channels + c];
                    sum += gain[gain0 + c] * sums[sums0 + (2 * b + 1) * channels + c];
                }
                for (int c = g * width; c < (g + 1) * width; c++) {
                    float xhat = (x[x0 + row + c] - mean) * rstd;
                    dx[dx0 + row + c] = rstd * (dy[dy0 + row + c] * gain[gain0 + c] - sum / all - xhat * dot / all);
                }
            }
        }
    }
}
