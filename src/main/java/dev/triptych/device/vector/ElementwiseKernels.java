package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import dev.triptych.program.Call;
import dev.triptych.program.call.ElementwiseCalls.AddRepeated;
import dev.triptych.program.call.ElementwiseCalls.Gelu;
import dev.triptych.program.call.ElementwiseCalls.GeluGradient;
import dev.triptych.program.call.GatherCalls.GatherRows;
import dev.triptych.program.call.GatherCalls.GatherRowsGradient;
import dev.triptych.program.call.GatherCalls.Patches;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Kernels of `kernel.Elementwise` and `kernel.Gather` that C2 leaves scalar: GELU because of exp, the others because
/// they divide an index for every element.
final class ElementwiseKernels {
    private ElementwiseKernels() {
    }

    static Runnable bind(Call.Bound call, WorkerPool pool) {
        return switch (call) {
            case Gelu.Bound c -> pool.split(c.n(), 8L * c.n(),
                    (from, to, worker) -> gelu(c.x(), c.x0() + from, c.y(), c.y0() + from, to - from));
            case GeluGradient.Bound c -> pool.split(c.n(), 8L * c.n(), (from, to, worker) -> geluGradient(c.x(),
                    c.x0() + from, c.dy(), c.dy0() + from, c.dx(), c.dx0() + from, to - from));
            case AddRepeated.Bound c -> addRepeated(c, pool);
            case GatherRows.Bound c -> gatherRows(c, pool);
            case GatherRowsGradient.Bound c -> gatherRowsGradient(c, pool);
            case Patches.Bound c -> patches(c, pool);
            default -> null;
        };
    }

    /// y = gelu(x) over n numbers: whole vectors, then the rest under a mask, so that all go through one formula.
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

    private static Runnable addRepeated(AddRepeated.Bound c, WorkerPool pool) {
        return pool.split(c.groups(), (long) c.groups() * c.m(), (from, to, worker) -> {
            for (int g = from; g < to; g++) {
                int group = g * c.m();
                addRows(c.x(), c.x0() + group, c.table(), c.table0(), c.y(), c.y0() + group, c.m());
            }
        });
    }

    private static Runnable gatherRows(GatherRows.Bound c, WorkerPool pool) {
        int d = c.d();
        return pool.split(c.n(), (long) c.n() * d, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                System.arraycopy(c.x(), c.x0() + c.index()[c.index0() + r] * d, c.y(), c.y0() + r * d, d);
            }
        });
    }

    private static Runnable gatherRowsGradient(GatherRowsGradient.Bound c, WorkerPool pool) {
        int d = c.d();
        return pool.split(c.n(), (long) c.n() * d, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                int row = c.dx0() + r * d;
                Arrays.fill(c.dx(), row, row + d, 0f);
                int last = c.first()[c.first0() + r + 1];
                for (int k = c.first()[c.first0() + r]; k < last; k++) {
                    addRows(c.dx(), row, c.dy(), c.dy0() + c.inverse()[c.inverse0() + k] * d, c.dx(), row, d);
                }
            }
        });
    }

    private static Runnable patches(Patches.Bound c, WorkerPool pool) {
        int p = c.p();
        int size = c.channels() * p * p;
        int columns = c.width() / p;
        int grid = columns * (c.height() / p);
        return pool.split(c.n(), (long) c.n() * size, (from, to, worker) -> {
            int at = c.y0() + from * size;
            for (int r = from; r < to; r++) {
                int image = c.source()[c.source0() + r] / grid;
                int cell = c.source()[c.source0() + r] - image * grid;
                int corner = cell / columns * p * c.width() + cell % columns * p;
                for (int channel = 0; channel < c.channels(); channel++) {
                    float mean = c.mean()[c.mean0() + channel];
                    float deviation = c.deviation()[c.deviation0() + channel];
                    for (int a = 0; a < p; a++) {
                        int row = ((image * c.channels() + channel) * c.height() + a) * c.width() + corner;
                        normalize(c.images(), c.images0() + row, mean, deviation, c.y(), at, p);
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
