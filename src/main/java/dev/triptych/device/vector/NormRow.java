package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import dev.triptych.kernel.Scalar;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Layer normalisation of one row, and sums of rows.
final class NormRow {
    private NormRow() {
    }

    /// moments = (mean, 1 / sqrt(variance + eps)).
    static void moments(float[] x, int x0, float[] moments, int moments0, int d, float eps) {
        int whole = d / LENGTH * LENGTH;
        VectorMask<Float> mask = SPECIES.indexInRange(whole, d);
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int j = 0; j < whole; j += LENGTH) {
            sums = sums.add(FloatVector.fromArray(SPECIES, x, x0 + j));
        }
        if (whole < d) {
            sums = sums.add(FloatVector.fromArray(SPECIES, x, x0 + whole, mask));
        }
        float mean = Lanes.sum(sums) / d;
        FloatVector squares = FloatVector.zero(SPECIES);
        for (int j = 0; j < whole; j += LENGTH) {
            FloatVector c = FloatVector.fromArray(SPECIES, x, x0 + j).sub(mean);
            squares = c.fma(c, squares);
        }
        if (whole < d) {
            FloatVector c = FloatVector.zero(SPECIES).blend(
                    FloatVector.fromArray(SPECIES, x, x0 + whole, mask).sub(mean), mask);
            squares = c.fma(c, squares);
        }
        moments[moments0] = mean;
        moments[moments0 + 1] = 1f / Scalar.sqrt(Lanes.sum(squares) / d + eps);
    }

    /// y = (x - mean) rstd * gain + shift.
    static void normalize(float[] x, int x0, float mean, float rstd, float[] gain, int gain0, float[] shift,
            int shift0, float[] y, int y0, int d) {
        int j = 0;
        for (; j <= d - LENGTH; j += LENGTH) {
            FloatVector xhat = FloatVector.fromArray(SPECIES, x, x0 + j).sub(mean).mul(rstd);
            xhat.fma(FloatVector.fromArray(SPECIES, gain, gain0 + j), FloatVector.fromArray(SPECIES, shift, shift0 + j))
                    .intoArray(y, y0 + j);
        }
        if (j < d) {
            VectorMask<Float> mask = SPECIES.indexInRange(j, d);
            FloatVector xhat = FloatVector.fromArray(SPECIES, x, x0 + j, mask).sub(mean).mul(rstd);
            xhat.fma(FloatVector.fromArray(SPECIES, gain, gain0 + j, mask),
                    FloatVector.fromArray(SPECIES, shift, shift0 + j, mask)).intoArray(y, y0 + j, mask);
        }
    }

    /// dx = rstd (g - mean(g) - xhat mean(g xhat)) with g = dy gain, xhat = (x - mean) rstd; plus `more` if there is
    /// any.
    static void gradient(float[] x, int x0, float mean, float rstd, float[] gain, int gain0, float[] dy, int dy0,
            float[] more, int more0, float[] dx, int dx0, int d) {
        int whole = d / LENGTH * LENGTH;
        VectorMask<Float> mask = SPECIES.indexInRange(whole, d);
        FloatVector sums = FloatVector.zero(SPECIES);
        FloatVector dots = FloatVector.zero(SPECIES);
        for (int j = 0; j < whole; j += LENGTH) {
            FloatVector g = FloatVector.fromArray(SPECIES, dy, dy0 + j)
                    .mul(FloatVector.fromArray(SPECIES, gain, gain0 + j));
            sums = sums.add(g);
            dots = FloatVector.fromArray(SPECIES, x, x0 + j).sub(mean).mul(rstd).fma(g, dots);
        }
        if (whole < d) {
            FloatVector g = FloatVector.fromArray(SPECIES, dy, dy0 + whole, mask)
                    .mul(FloatVector.fromArray(SPECIES, gain, gain0 + whole, mask));
            sums = sums.add(g);
            dots = FloatVector.fromArray(SPECIES, x, x0 + whole, mask).sub(mean).mul(rstd).fma(g, dots);
        }
        float sum = Lanes.sum(sums) / d;
        float dot = Lanes.sum(dots) / d;
        if (more == null) {
            for (int j = 0; j < whole; j += LENGTH) {
                FloatVector xhat = FloatVector.fromArray(SPECIES, x, x0 + j).sub(mean).mul(rstd);
                FloatVector g = FloatVector.fromArray(SPECIES, dy, dy0 + j)
                        .mul(FloatVector.fromArray(SPECIES, gain, gain0 + j));
                g.sub(sum).sub(xhat.mul(dot)).mul(rstd).intoArray(dx, dx0 + j);
            }
        } else {
            for (int j = 0; j < whole; j += LENGTH) {
                FloatVector xhat = FloatVector.fromArray(SPECIES, x, x0 + j).sub(mean).mul(rstd);
                FloatVector g = FloatVector.fromArray(SPECIES, dy, dy0 + j)
                        .mul(FloatVector.fromArray(SPECIES, gain, gain0 + j));
                g.sub(sum).sub(xhat.mul(dot)).mul(rstd).add(FloatVector.fromArray(SPECIES, more, more0 + j))
                        .intoArray(dx, dx0 + j);
            }
        }
        if (whole < d) {
            FloatVector xhat = FloatVector.fromArray(SPECIES, x, x0 + whole, mask).sub(mean).mul(rstd);
            FloatVector g = FloatVector.fromArray(SPECIES, dy, dy0 + whole, mask)
                    .mul(FloatVector.fromArray(SPECIES, gain, gain0 + whole, mask));
            FloatVector v = g.sub(sum).sub(xhat.mul(dot)).mul(rstd);
            v = more == null ? v : v.add(FloatVector.fromArray(SPECIES, more, more0 + whole, mask));
            v.intoArray(dx, dx0 + whole, mask);
        }
    }

    /// part += dy xhat.
    static void addGain(float[] x, int x0, float mean, float rstd, float[] dy, int dy0, float[] part, int part0,
            int d) {
        int j = 0;
        for (; j <= d - LENGTH; j += LENGTH) {
            FloatVector xhat = FloatVector.fromArray(SPECIES, x, x0 + j).sub(mean).mul(rstd);
            xhat.fma(FloatVector.fromArray(SPECIES, dy, dy0 + j), FloatVector.fromArray(SPECIES, part, part0 + j))
                    .intoArray(part, part0 + j);
        }
        if (j < d) {
            VectorMask<Float> mask = SPECIES.indexInRange(j, d);
            FloatVector xhat = FloatVector.fromArray(SPECIES, x, x0 + j, mask).sub(mean).mul(rstd);
            xhat.fma(FloatVector.fromArray(SPECIES, dy, dy0 + j, mask),
                    FloatVector.fromArray(SPECIES, part, part0 + j, mask)).intoArray(part, part0 + j, mask);
        }
    }

    /// part += x.
    static void add(float[] x, int x0, float[] part, int part0, int d) {
        int j = 0;
        for (; j <= d - LENGTH; j += LENGTH) {
            FloatVector.fromArray(SPECIES, part, part0 + j).add(FloatVector.fromArray(SPECIES, x, x0 + j))
                    .intoArray(part, part0 + j);
        }
        for (; j < d; j++) {
            part[part0 + j] += x[x0 + j];
        }
    }
}
