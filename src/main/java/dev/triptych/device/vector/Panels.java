package dev.triptych.device.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// Copies parts of operands into panels, one panel after another: `width` lanes for each k, one k after another, zeros
/// where lanes are missing. Rows of A and columns of B are packed alike.
final class Panels {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /// How many k are copied into all panels before the next: so many rows of the source are read side by side.
    private static final int CHUNK = 16;
    /// Numbers of a line of the cache.
    private static final int LINE = 16;
    /// Rows from this length on are brought into the cache before they are copied.
    private static final int LONG_ROW = 128;

    /// Floats that a panel may write beyond its end.
    static final int SPILL = LANES;

    private Panels() {
    }

    /// target[p * width * k + l * width + lane] = source[at + (p * width + lane) * laneStride + l * stride] for l below
    /// k, in as many panels p as the lanes need.
    static void pack(float[] source, int at, int laneStride, int stride, int lanes, int width, int k, float[] target,
            int target0) {
        int whole = lanes / width;
        if (laneStride == 1) {
            copy(source, at, stride, whole, width, k, target, target0);
        } else {
            for (int panel = 0; panel < whole; panel++) {
                transpose(source, at + panel * width * laneStride, laneStride, stride, width, width, k, target,
                        target0 + panel * width * k);
            }
        }
        int rest = lanes - whole * width;
        if (rest > 0) {
            int rest0 = target0 + whole * width * k;
            if (laneStride == 1) {
                copyRest(source, at + whole * width, stride, rest, width, k, target, rest0);
            } else {
                Arrays.fill(target, rest0, rest0 + width * k, 0f);
                transpose(source, at + whole * width * laneStride, laneStride, stride, rest, width, k, target, rest0);
            }
        }
    }

    /// Rows of A, `Tile.STRIDE` apart. What a vector writes beyond a row belongs to nobody.
    static void copyRows(float[] source, int at, int rowStride, int rows, int k, float[] target, int target0) {
        for (int r = 0; r < rows; r++) {
            int from = at + r * rowStride;
            int to = target0 + r * Tile.STRIDE;
            // the last vector would leave the array
            if (from + k + LANES > source.length) {
                System.arraycopy(source, from, target, to, k);
                continue;
            }
            for (int l = 0; l < k; l += LANES) {
                FloatVector.fromArray(SPECIES, source, from + l).intoArray(target, to + l);
            }
        }
    }

    /// Whole panels of lanes that lie side by side in the source, one or two vectors for each k. What a vector writes
    /// beyond a panel's width, the next k overwrites; the last k is copied exactly.
    private static void copy(float[] source, int at, int stride, int panels, int width, int k, float[] target,
            int target0) {
        for (int first = 0; first < k; first += CHUNK) {
            int vectors = Math.min(CHUNK, k - 1 - first);
            if (panels * width >= LONG_ROW) {
                // in a place that is overwritten at once: of a sum that nobody can see, nothing would be read
                target[target0 + first * width] = touch(source, at + first * stride, stride, panels * width,
                        Math.min(CHUNK, k - first));
            }
            for (int panel = 0; panel < panels; panel++) {
                int from = at + panel * width + first * stride;
                int to = target0 + panel * width * k + first * width;
                if (width <= LANES) {
                    for (int l = 0; l < vectors; l++) {
                        FloatVector.fromArray(SPECIES, source, from + l * stride).intoArray(target, to + l * width);
                    }
                } else {
                    for (int l = 0; l < vectors; l++) {
                        FloatVector p = FloatVector.fromArray(SPECIES, source, from + l * stride);
                        FloatVector q = FloatVector.fromArray(SPECIES, source, from + l * stride + LANES);
                        p.intoArray(target, to + l * width);
                        q.intoArray(target, to + l * width + LANES);
                    }
                }
                if (vectors < CHUNK) {
                    System.arraycopy(source, from + vectors * stride, target, to + vectors * width, width);
                }
            }
        }
    }

    /// The lanes that do not fill a panel of one or two vectors, and zeros. What a vector writes beyond the panel's
    /// width, the next k overwrites; the last k is copied exactly.
    private static void copyRest(float[] source, int at, int stride, int rest, int width, int k, float[] target,
            int target0) {
        VectorMask<Float> mask = SPECIES.indexInRange(0, rest);
        VectorMask<Float> more = SPECIES.indexInRange(LANES, rest);
        for (int l = 0; l < k - 1; l++) {
            int from = at + l * stride;
            int to = target0 + l * width;
            FloatVector.fromArray(SPECIES, source, from, mask).intoArray(target, to);
            if (width > LANES) {
                FloatVector.fromArray(SPECIES, source, from + LANES, more).intoArray(target, to + LANES);
            }
        }
        int last = target0 + (k - 1) * width;
        System.arraycopy(source, at + (k - 1) * stride, target, last, rest);
        Arrays.fill(target, last + rest, last + width, 0f);
    }

    /// Reads one number of each line of so many rows, one row after another, so that the rows come into the cache as
    /// memory gives them fastest; panel by panel, that is by short pieces of many rows, they come half as fast.
    private static float touch(float[] source, int at, int stride, int n, int rows) {
        float sum = 0f;
        for (int r = 0; r < rows; r++) {
            int row = at + r * stride;
            for (int j = 0; j < n; j += LINE) {
                sum += source[row + j];
            }
        }
        return sum;
    }

    /// `sums[lane] = (first ? 0 : sums[lane]) +` the sum over l of a lane of k-major panels.
    static void addLanes(float[] panels, int at, int lanes, int width, int k, boolean first, float[] sums, int sums0) {
        for (int panel = 0; panel * width < lanes; panel++) {
            int from = at + panel * width * k;
            int count = Math.min(width, lanes - panel * width);
            for (int lane = 0; lane < count; lane += LANES) {
                int to = sums0 + panel * width + lane;
                VectorMask<Float> mask = SPECIES.indexInRange(lane, count);
                FloatVector even = first ? FloatVector.zero(SPECIES) : FloatVector.fromArray(SPECIES, sums, to, mask);
                // two sums in turn, so that an addition need not wait for the one before
                FloatVector odd = FloatVector.zero(SPECIES);
                int l = 0;
                for (; l < k - 1; l += 2) {
                    even = even.add(FloatVector.fromArray(SPECIES, panels, from + l * width + lane));
                    odd = odd.add(FloatVector.fromArray(SPECIES, panels, from + (l + 1) * width + lane));
                }
                if (l < k) {
                    even = even.add(FloatVector.fromArray(SPECIES, panels, from + l * width + lane));
                }
                even.add(odd).intoArray(sums, to, mask);
            }
        }
    }

    private static void transpose(float[] source, int at, int laneStride, int stride, int lanes, int width, int k,
            float[] target, int target0) {
        // squares turn within the registers, where rows lie side by side; what is left goes number by number
        int square = LANES == 16 && stride == 1 ? 16 : 0;
        int wholeLanes = square == 0 ? 0 : lanes / square * square;
        int wholeK = square == 0 ? 0 : k / square * square;
        for (int lane = 0; lane < wholeLanes; lane += square) {
            for (int l = 0; l < wholeK; l += square) {
                Transpose16.square(source, at + lane * laneStride + l, laneStride, target, target0 + l * width + lane,
                        width);
            }
        }
        for (int lane = 0; lane < lanes; lane++) {
            int from = at + lane * laneStride;
            int to = target0 + lane;
            for (int l = lane < wholeLanes ? wholeK : 0; l < k; l++) {
                target[to + l * width] = source[from + l * stride];
            }
        }
    }
}
