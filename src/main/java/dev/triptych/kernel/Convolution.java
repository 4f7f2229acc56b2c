package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Two-dimensional cross-correlation on (batch, channels, height, width), zero padding, and its adjoints. The
/// transposed convolution is `convolveInputGradient` read forwards.
public final class Convolution {
    private Convolution() {
    }

    /// y[b, o, i, j] = sum w[o, c, a, e] x[b, c, i stride + a - pad, j stride + e - pad].
    /// x (batch x in x h x wd), w (out x in x k x k), y (batch x out x oh x ow).
    public static void convolve(float[] x, int x0, float[] w, int w0, float[] y, int y0, int batch, int in, int h,
            int wd, int out, int oh, int ow, int k, int stride, int pad) {
        for (@Parallel int i = 0; i < batch * out * oh * ow; i++) {
            int column = i % ow;
            int row = (i / ow) % oh;
            int o = (i / (ow * oh)) % out;
            int b = i / (ow * oh * out);
            float sum = 0f;
            for (int c = 0; c < in; c++) {
                for (int a = 0; a < k; a++) {
                    for (int e = 0; e < k; e++) {
                        // what lies outside is zero
                        int r = row * stride + a - pad;
                        int s = column * stride + e - pad;
                        if (r >= 0 && r < h && s >= 0 && s < wd) {
                            sum += w[w0 + ((o * in + c) * k + a) * k + e] * x[x0 + ((b * in + c) * h + r) * wd + s];
                        }
                    }
                }
            }
            y[y0 + i] = sum;
        }
    }

    /// dx[b, c, r, s] = sum over o, a, e of w[o, c, a, e] dy[b, o, (r + pad - a) / stride, (s + pad - e) / stride].
    public static void convolveInputGradient(float[] dy, int dy0, float[] w, int w0, float[] dx, int dx0, int batch,
            int in, int h, int wd, int out, int oh, int ow, int k, int stride, int pad) {
        for (@Parallel int i = 0; i < batch * in * h * wd; i++) {
            int s = i % wd;
            int r = (i / wd) % h;
            int c = (i / (wd * h)) % in;
            int b = i / (wd * h * in);
            float sum = 0f;
            for (int o = 0; o < out; o++) {
                for (int a = 0; a < k; a++) {
                    for (int e = 0; e < k; e++) {
                        // the window that holds (r, s) at (a, e), where there is one
                        int top = r + pad - a;
                        int left = s + pad - e;
                        int row = top / stride;
                        int column = left / stride;
                        if (top >= 0 && left >= 0 && row * stride == top && column * stride == left && row < oh
                                && column < ow) {
                            sum += w[w0 + ((o * in + c) * k + a) * k + e]
                                    * dy[dy0 + ((b * out + o) * oh + row) * ow + column];
                        }
                    }
                }
            }
            dx[dx0 + i] = sum;
        }
    }

    /// dw[o, c, a, e] = sum over b, i, j of dy[b, o, i, j] x[b, c, i stride + a - pad, j stride + e - pad].
    public static void convolveWeightGradient(float[] x, int x0, float[] dy, int dy0, float[] dw, int dw0, int batch,
            int in, int h, int wd, int out, int oh, int ow, int k, int stride, int pad) {
        for (@Parallel int i = 0; i < out * in * k * k; i++) {
            int e = i % k;
            int a = (i / k) % k;
            int c = (i / (k * k)) % in;
            int o = i / (k * k * in);
            float sum = 0f;
            for (int b = 0; b < batch; b++) {
                for (int row = 0; row < oh; row++) {
                    for (int column = 0; column < ow; column++) {
                        int r = row * stride + a - pad;
                        int s = column * stride + e - pad;
                        if (r >= 0 && r < h && s >= 0 && s < wd) {
                            sum += dy[dy0 + ((b * out + o) * oh + row) * ow + column]
                                    * x[x0 + ((b * in + c) * h + r) * wd + s];
                        }
                    }
                }
            }
            dw[dw0 + i] = sum;
        }
    }

    /// `db[c]` = sum of dy over batch and positions. dy (batch x channels x inner).
    public static void channelSums(float[] dy, int dy0, float[] db, int db0, int batch, int channels, int inner) {
        for (@Parallel int c = 0; c < channels; c++) {
            float sum = 0f;
            for (int b = 0; b < batch; b++) {
                for (int t = 0; t < inner; t++) {
                    sum += dy[dy0 + (b * channels + c) * inner + t];
                }
            }
            db[db0 + c] = sum;
        }
    }
}
