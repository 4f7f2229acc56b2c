package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Windows of feature maps as rows of a matrix, so that a convolution is a matrix product; blocks of places that become
/// one, and the other way round. A map is rows of channels, (batch x height x width, channels); zero padding.
public final class Windows {
    private Windows() {
    }

    /// y[(b, i, j), (c, a, e)] = x[(b, i stride + a - pad, j stride + e - pad), c], 0 outside.
    /// x (batch h wd x channels), y (batch oh ow x channels k k).
    public static void unfoldWindows(float[] x, int x0, float[] y, int y0, int batch, int h, int wd, int channels,
            int oh, int ow, int k, int stride, int pad) {
        for (@Parallel int i = 0; i < batch * oh * ow; i++) {
            int column = i % ow;
            int row = (i / ow) % oh;
            int b = i / (ow * oh);
            int target = y0 + i * channels * k * k;
            // all channels of a place at once: they are neighbours on the map, k k apart in the window
            for (int a = 0; a < k; a++) {
                int r = row * stride + a - pad;
                for (int e = 0; e < k; e++) {
                    int s = column * stride + e - pad;
                    int at = target + a * k + e;
                    if (r >= 0 && r < h && s >= 0 && s < wd) {
                        int source = x0 + ((b * h + r) * wd + s) * channels;
                        for (int c = 0; c < channels; c++) {
                            y[at + c * k * k] = x[source + c];
                        }
                    } else {
                        for (int c = 0; c < channels; c++) {
                            y[at + c * k * k] = 0f;
                        }
                    }
                }
            }
        }
    }

    /// The adjoint of `unfoldWindows`: x[(b, r, s), c] = sum of y over all windows that hold that place.
    public static void foldWindows(float[] y, int y0, float[] x, int x0, int batch, int h, int wd, int channels,
            int oh, int ow, int k, int stride, int pad) {
        for (@Parallel int i = 0; i < batch * h * wd; i++) {
            int s = i % wd;
            int r = (i / wd) % h;
            int b = i / (wd * h);
            int target = x0 + i * channels;
            for (int c = 0; c < channels; c++) {
                x[target + c] = 0f;
            }
            // the windows that hold (r, s), at (a, e) of each
            for (int a = 0; a < k; a++) {
                int top = r + pad - a;
                int row = top / stride;
                for (int e = 0; e < k; e++) {
                    int left = s + pad - e;
                    int column = left / stride;
                    if (top >= 0 && left >= 0 && row * stride == top && column * stride == left && row < oh
                            && column < ow) {
                        int source = y0 + ((b * oh + row) * ow + column) * channels * k * k + a * k + e;
                        for (int c = 0; c < channels; c++) {
                            x[target + c] += y[source + c * k * k];
                        }
                    }
                }
            }
        }
    }

    /// y[(b, i, j), c] = scale times the sum of x[(b, i k + a, j k + e), c] over a and e: blocks of k x k places become
    /// one. x (batch h k wd k x channels), y (batch h wd x channels).
    public static void blockSums(float[] x, int x0, float[] y, int y0, int batch, int h, int wd, int channels, int k,
            float scale) {
        for (@Parallel int i = 0; i < batch * h * wd; i++) {
            int column = i % wd;
            int row = (i / wd) % h;
            int b = i / (wd * h);
            int target = y0 + i * channels;
            for (int c = 0; c < channels; c++) {
                y[target + c] = 0f;
            }
            for (int a = 0; a < k; a++) {
                for (int e = 0; e < k; e++) {
                    int source = x0 + (((b * h + row) * k + a) * wd * k + column * k + e) * channels;
                    for (int c = 0; c < channels; c++) {
                        y[target + c] += scale * x[source + c];
                    }
                }
            }
        }
    }

    /// y[(b, r, s), c] = scale x[(b, r / k, s / k), c]: every place becomes a block of k x k, the adjoint of
    /// `blockSums`. x (batch h wd x channels), y (batch h k wd k x channels).
    public static void repeatBlocks(float[] x, int x0, float[] y, int y0, int batch, int h, int wd, int channels,
            int k, float scale) {
        for (@Parallel int i = 0; i < batch * h * k * wd * k; i++) {
            int s = i % (wd * k);
            int r = (i / (wd * k)) % (h * k);
            int b = i / (wd * k * h * k);
            int source = x0 + ((b * h + r / k) * wd + s / k) * channels;
            int target = y0 + i * channels;
            for (int c = 0; c < channels; c++) {
                y[target + c] = scale * x[source + c];
            }
        }
    }
}
