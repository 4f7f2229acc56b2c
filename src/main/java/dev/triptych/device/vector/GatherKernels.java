package dev.triptych.device.vector;

import java.util.Map;

/// Kernels of `kernel.Gather` that would spend their time on indices: whole rows of patches are copied instead.
final class GatherKernels {
    private GatherKernels() {
    }

    static void addTo(Map<String, FastKernel> table) {
        table.put("patches", GatherKernels::patches);
        table.put("gatherRows", GatherKernels::gatherRows);
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
            for (int r = from; r < to; r++) {
                int patch = source[source0 + r];
                int image = patch / grid;
                int cell = patch - image * grid;
                int corner = images0 + image * channels * height * width + cell / columns * p * width
                        + cell % columns * p;
                for (int c = 0; c < channels; c++) {
                    for (int a = 0; a < p; a++) {
                        normalize(images, corner + (c * height + a) * width, mean[mean0 + c], deviation[deviation0 + c],
                                y, y0 + ((r * channels + c) * p + a) * p, p);
                    }
                }
            }
        });
    }

    private static void normalize(float[] x, int x0, float mean, float deviation, float[] y, int y0, int n) {
        for (int i = 0; i < n; i++) {
            y[y0 + i] = (x[x0 + i] - mean) / deviation;
        }
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
}
