package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import java.util.Arrays;
import java.util.Map;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Kernels of `kernel.Elementwise` and `kernel.Gather` that C2 leaves scalar: GELU because of exp, the others because
/// they divide an index for every element.
final class ElementwiseKernels {
    private ElementwiseKernels() {
    }

    static void addTo(Map<String, FastKernel> table) {
        table.put("gelu", ElementwiseKernels::gelu);
        table.put("geluGradient", ElementwiseKernels::geluGradient);
        table.put("addRepeated", ElementwiseKernels::addRepeated);
        table.put("gatherRows", ElementwiseKernels::gatherRows);
        table.put("gatherRowsGradient", ElementwiseKernels::gatherRowsGradient);
        table.put("patches", ElementwiseKernels::patches);
    }

    private static Runnable gelu(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        float[] y = arguments.floats();
        int y0 = arguments.integer();
        int n = arguments.integer();
        return pool.split(n, 8L * n,
                (from, to, worker) -> gelu(x, x0 + from, y, y0 + from, to - from));
    }

    /// y = gelu(x) over n numbers.
    static void gelu(float[] x, int x0, float[] y, int y0, int n) {
        int whole = n / LENGTH * LENGTH;
        for (int i = 0; i < whole; i += LENGTH) {
            gelu(FloatVector.fromArray(SPECIES, x, x0 + i)).intoArray(y, y0 + i);
        }
        if (whole < n) {
            VectorMask<Float> mask = SPECIES.indexInRange(whole, n);
            gelu(FloatVector.fromArray(SPECIES, x, x0 + whole, mask)).intoArray(y, y0 + whole, mask);
        }
    }

    private static FloatVector gelu(FloatVector v) {
        return v.mul(VectorMath.normalCdf(v, VectorMath.gauss(v)));
    }

    private static Runnable geluGradient(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        float[] dy = arguments.floats();
        int dy0 = arguments.integer();
        float[] dx = arguments.floats();
        int dx0 = arguments.integer();
        int n = arguments.integer();
        return pool.split(n, 8L * n,
                (from, to, worker) -> geluGradient(x, x0 + from, dy, dy0 + from, dx, dx0 + from, to - from));
    }

    /// dx = dy gelu'(x) over n numbers; dx may be dy.
    static void geluGradient(float[] x, int x0, float[] dy, int dy0, float[] dx, int dx0, int n) {
        int whole = n / LENGTH * LENGTH;
        for (int i = 0; i < whole; i += LENGTH) {
            FloatVector slope = geluSlope(FloatVector.fromArray(SPECIES, x, x0 + i));
            slope.mul(FloatVector.fromArray(SPECIES, dy, dy0 + i)).intoArray(dx, dx0 + i);
        }
        if (whole < n) {
            VectorMask<Float> mask = SPECIES.indexInRange(whole, n);
            FloatVector slope = geluSlope(FloatVector.fromArray(SPECIES, x, x0 + whole, mask));
            slope.mul(FloatVector.fromArray(SPECIES, dy, dy0 + whole, mask)).intoArray(dx, dx0 + whole, mask);
        }
    }

    private static FloatVector geluSlope(FloatVector v) {
        FloatVector gauss = VectorMath.gauss(v);
        return v.fma(VectorMath.normalPdf(gauss), VectorMath.normalCdf(v, gauss));
    }

    private static Runnable addRepeated(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        float[] repeated = arguments.floats();
        int repeated0 = arguments.integer();
        float[] y = arguments.floats();
        int y0 = arguments.integer();
        int groups = arguments.integer();
        int m = arguments.integer();
        return pool.split(groups, (long) groups * m, (from, to, worker) -> {
            for (int g = from; g < to; g++) {
                addRows(x, x0 + g * m, repeated, repeated0, y, y0 + g * m, m);
            }
        });
    }

    private static Runnable gatherRows(Arguments arguments, WorkerPool pool) {
        float[] x = arguments.floats();
        int x0 = arguments.integer();
        int[] index = arguments.integers();
        int index0 = arguments.integer();
        float[] y = arguments.floats();
        int y0 = arguments.integer();
        int n = arguments.integer();
        int d = arguments.integer();
        return pool.split(n, (long) n * d, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                System.arraycopy(x, x0 + index[index0 + r] * d, y, y0 + r * d, d);
            }
        });
    }

    private static Runnable gatherRowsGradient(Arguments arguments, WorkerPool pool) {
        float[] dy = arguments.floats();
        int dy0 = arguments.integer();
        int[] first = arguments.integers();
        int first0 = arguments.integer();
        int[] inverse = arguments.integers();
        int inverse0 = arguments.integer();
        float[] dx = arguments.floats();
        int dx0 = arguments.integer();
        int n = arguments.integer();
        int d = arguments.integer();
        return pool.split(n, (long) n * d, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                int row = dx0 + r * d;
                Arrays.fill(dx, row, row + d, 0f);
                for (int k = first[first0 + r]; k < first[first0 + r + 1]; k++) {
                    addRows(dx, row, dy, dy0 + inverse[inverse0 + k] * d, dx, row, d);
                }
            }
        });
    }

    private static Runnable patches(Arguments arguments, WorkerPool pool) {
        float[] images = arguments.floats();
        int images0 = arguments.integer();
        int[] source = arguments.integers();
        int source0 = arguments.integer();
        float[] mean = arguments.floats();
        int mean0 = arguments.integer();
        float[] deviation = arguments.floats();
        int deviation0 = arguments.integer();
        float[] y = arguments.floats();
        int y0 = arguments.integer();
        int n = arguments.integer();
        int channels = arguments.integer();
        int height = arguments.integer();
        int width = arguments.integer();
        int p = arguments.integer();
        int columns = width / p;
        int grid = columns * (height / p);
        return pool.split(n, (long) n * channels * p * p, (from, to, worker) -> {
            int at = y0 + from * channels * p * p;
            for (int r = from; r < to; r++) {
                int image = source[source0 + r] / grid;
                int cell = source[source0 + r] - image * grid;
                int corner = cell / columns * p * width + cell % columns * p;
                for (int c = 0; c < channels; c++) {
                    for (int a = 0; a < p; a++) {
                        int row = images0 + ((image * channels + c) * height + a) * width + corner;
                        normalize(images, row, mean[mean0 + c], deviation[deviation0 + c], y, at, p);
                        at += p;
                    }
                }
            }
        });
    }

    private static void normalize(float[] x, int x0, float mean, float deviation, float[] y, int y0, int n) {
        for (int b = 0; b < n; b++) {
            y[y0 + b] = (x[x0 + b] - mean) / deviation;
        }
    }

    private static void addRows(float[] a, int a0, float[] b, int b0, float[] y, int y0, int d) {
        int j = 0;
        for (; j <= d - LENGTH; j += LENGTH) {
            FloatVector.fromArray(SPECIES, a, a0 + j).add(FloatVector.fromArray(SPECIES, b, b0 + j)).intoArray(y,
                    y0 + j);
        }
        for (; j < d; j++) {
            y[y0 + j] = a[a0 + j] + b[b0 + j];
        }
    }
}
