package dev.triptych.device.vector;

import static dev.triptych.device.vector.Lanes.LENGTH;
import static dev.triptych.device.vector.Lanes.SPECIES;

import dev.triptych.kernel.Scalar;
import jdk.incubator.vector.FloatVector;

/// Layer normalisation of one row, and sums of rows.
final class NormRow {
    private NormRow() {
    }

    /// moments = (mean, 1 / sqrt(variance + eps)).
    static void moments(float[] x, int x0, float[] moments, int moments0, int d, float eps) {
        int whole = d / LENGTH * LENGTH;
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int j = 0; j < whole; j += LENGTH) {
            sums = sums.add(FloatVector.fromArray(SPECIES, x, x0 + j));
        }
        float sum = Lanes.sum(sums);
        for (int j = whole; j < d; j++) {
            sum += x[x0 + j];
        }
        float mean = sum / d;
        FloatVector squares = FloatVector.zero(SPECIES);
        for (int j = 0; j < whole; j += LENGTH) {
            FloatVector c = FloatVector.fromArray(SPECIES, x, x0 + j).sub(mean);
            squares = c.fma(c, squares);
        }
        float square = Lanes.sum(squares);
        for (int j = whole; j < d; j++) {
            square += (x[x0 + j] - mean) * (x[x0 + j] - mean);
        }
        moments[moments0] = mean;
        moments[moments0 + 1] = 1f / Scalar.sqrt(square / d + eps);
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
        for (; j < d; j++) {
            y[y0 + j] = (x[x0 + j] - mean) * rstd * gain[gain0 + j] + shift[shift0 + j];
        }
    }

    /// sums = (mean(g), mean(g xhat)) with g = dy gain, xhat = (x - mean) rstd: the first half of the gradient. (One
    /// method for both halves would exceed what C2 inlines, and vectors would be boxed.)
    static void gradientSums(float[] x, int x0, float mean, float rstd, float[] gain, int gain0, float[] dy, int dy0,
            float[] sums, int d) {
        int whole = d / LENGTH * LENGTH;
        FloatVector total = FloatVector.zero(SPECIES);
        FloatVector dots = FloatVector.zero(SPECIES);
        for (int j = 0; j < whole; j += LENGTH) {
            FloatVector g = FloatVector.fromArray(SPECIES, dy, dy0 + j)
                    .mul(FloatVector.fromArray(SPECIES, gain, gain0 + j));
            total = total.add(g);
            dots = FloatVector.fromArray(SPECIES, x, x0 + j).sub(mean).mul(rstd).fma(g, dots);
        }
        float sum = Lanes.sum(total);
        float dot = Lanes.sum(dots);
        for (int j = whole; j < d; j++) {
            float g = dy[dy0 + j] * gain[gain0 + j];
            sum += g;
            dot += g * (x[x0 + j] - mean) * rstd;
        }
        sums[0] = sum / d;
        sums[1] = dot / d;
    }

    /// dx = rstd (g - sums[0] - xhat sums[1]), the second half.
    static void gradient(float[] x, int x0, float mean, float rstd, float[] gain, int gain0, float[] dy, int dy0,
            float[] sums, float[] dx, int dx0, int d) {
        float sum = sums[0];
        float dot = sums[1];
        int j = 0;
        for (; j <= d - LENGTH; j += LENGTH) {
            FloatVector xhat = FloatVector.fromArray(SPECIES, x, x0 + j).sub(mean).mul(rstd);
            FloatVector g = FloatVector.fromArray(SPECIES, dy, dy0 + j)
                    .mul(FloatVector.fromArray(SPECIES, gain, gain0 + j));
            g.sub(sum).sub(xhat.mul(dot)).mul(rstd).intoArray(dx, dx0 + j);
        }
        for (; j < d; j++) {
            dx[dx0 + j] = rstd * (dy[dy0 + j] * gain[gain0 + j] - sum - (x[x0 + j] - mean) * rstd * dot);
        }
    }

    /// dx = `more` + rstd (g - sums[0] - xhat sums[1]).
    static void gradient(float[] x, int x0, float mean, float rstd, float[] gain, int gain0, float[] dy, int dy0,
            float[] sums, float[] more, int more0, float[] dx, int dx0, int d) {
        float sum = sums[0];
        float dot = sums[1];
        int j = 0;
        for (; j <= d - LENGTH; j += LENGTH) {
            FloatVector xhat = FloatVector.fromArray(SPECIES, x, x0 + j).sub(mean).mul(rstd);
            FloatVector g = FloatVector.fromArray(SPECIES, dy, dy0 + j)
                    .mul(FloatVector.fromArray(SPECIES, gain, gain0 + j));
            g.sub(sum).sub(xhat.mul(dot)).mul(rstd).add(FloatVector.fromArray(SPECIES, more, more0 + j))
                    .intoArray(dx, dx0 + j);
        }
        for (; j < d; j++) {
            dx[dx0 + j] = rstd * (dy[dy0 + j] * gain[gain0 + j] - sum - (x[x0 + j] - mean) * rstd * dot)
                    + more[more0 + j];
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
        for (; j < d; j++) {
            part[part0 + j] += dy[dy0 + j] * (x[x0 + j] - mean) * rstd;
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
