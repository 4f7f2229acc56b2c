package dev.triptych.kernel;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Codes drawn from logits, and sequences made of codes. Codes are numbers of a tokenizer's codebook of c entries.
public final class Codes {
    private Codes() {
    }

    /// `kept[r]` = the k codes of largest logits behind the largest one, in ascending order; -1 where there are fewer.
    ///
    /// The order is by logit, equal logits by code. `skip` = 1 leaves out the first of that order, 0 does not; with
    /// `ties` = 1 every code whose logit equals the largest goes with it. logits (n x c), kept (n x k).
    public static void candidateCodes(float[] logits, int logits0, int[] kept, int kept0, int n, int c, int k,
            int skip, int ties) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = logits0 + r * c;
            // the largest logit, of equals the first
            int best = 0;
            for (int i = 1; i < c; i++) {
                best = logits[row + i] > logits[row + best] ? i : best;
            }
            float top = logits[row + best];
            int passes = k + skip < c ? k : 0;
            // the last of the k largest: each pass finds the next in the order, since nothing can be allocated to sort
            int last = -1;
            for (int t = 0; t < passes; t++) {
                int next = -1;
                for (int i = 0; i < c; i++) {
                    float v = logits[row + i];
                    int out = skip == 0 ? 0 : i == best ? 1 : ties == 1 && v == top ? 1 : 0;
                    int behind = last < 0 || v < logits[row + last] || v == logits[row + last] && i > last ? 1 : 0;
                    if (out == 0 && behind == 1 && (next < 0 || v > logits[row + next])) {
                        next = i;
                    }
                }
                last = next < 0 ? last : next;
            }
            // all up to that one, by code
            int at = kept0 + r * k;
            for (int i = 0; i < c; i++) {
                float v = logits[row + i];
                int out = skip == 0 ? 0 : i == best ? 1 : ties == 1 && v == top ? 1 : 0;
                int within = passes == 0 || last >= 0
                        && (v > logits[row + last] || v == logits[row + last] && i <= last) ? 1 : 0;
                if (out == 0 && within == 1) {
                    kept[at] = i;
                    at = at + 1;
                }
            }
            // nothing in the places that are left
            for (int i = at; i < kept0 + r * k + k; i++) {
                kept[i] = -1;
            }
        }
    }

    /// `p[r]` = softmax of the kept logits of row r; 0 where nothing was kept. logits (n x c), kept, p (n x k).
    public static void candidateProbabilities(float[] logits, int logits0, int[] kept, int kept0, float[] p, int p0,
            int n, int c, int k) {
        for (@Parallel int r = 0; r < n; r++) {
            int row = logits0 + r * c;
            int list = r * k;
            int best = -1;
            for (int j = 0; j < k; j++) {
                int code = kept[kept0 + list + j];
                if (code >= 0 && (best < 0 || logits[row + code] > logits[row + best])) {
                    best = code;
                }
            }
            float sum = 0f;
            for (int j = 0; j < k; j++) {
                int code = kept[kept0 + list + j];
                float e = 0f;
                if (code >= 0) {
                    e = Scalar.exp(logits[row + code] - logits[row + best]);
                }
                p[p0 + list + j] = e;
                sum += e;
            }
            for (int j = 0; j < k; j++) {
                p[p0 + list + j] = best < 0 ? 0f : p[p0 + list + j] / sum;
            }
        }
    }

    /// `code[r]` = the first kept code whose cumulative probability exceeds `u[r]`; the last one where rounding leaves
    /// none. p, kept (n x k), u (n), code (n).
    public static void sampleCodes(float[] p, int p0, int[] kept, int kept0, float[] u, int u0, int[] code, int code0,
            int n, int k) {
        for (@Parallel int r = 0; r < n; r++) {
            float sum = 0f;
            int found = 0;
            int chosen = 0;
            for (int j = 0; j < k; j++) {
                int candidate = kept[kept0 + r * k + j];
                sum += p[p0 + r * k + j];
                if (found == 0 && candidate >= 0) {
                    chosen = candidate;
                    found = u[u0 + r] < sum ? 1 : 0;
                }
            }
            code[code0 + r] = chosen;
        }
    }

    /// Sequences of ids: at position 0 `first`, then for each cell what `source` says: 0 the id `mask`, 1 the code of
    /// a, 2 the code of b. source, a, b (batch x n), ids (batch x (1 + n)).
    public static void composeCodes(int[] source, int source0, int[] a, int a0, int[] b, int b0, int[] ids, int ids0,
            int batch, int n, int first, int mask) {
        for (@Parallel int i = 0; i < batch * (n + 1); i++) {
            int s = i / (n + 1);
            int cell = i - s * (n + 1) - 1;
            int at = cell < 0 ? s * n : s * n + cell;
            int kind = source[source0 + at];
            int code = kind == 0 ? mask : kind == 1 ? a[a0 + at] : b[b0 + at];
            ids[ids0 + i] = cell < 0 ? first : code;
        }
    }

    /// y = sum of `weight[i]` over the i at which a and b agree. a, b, weight (n), y (1).
    public static void agreement(int[] a, int a0, int[] b, int b0, float[] weight, int weight0, float[] y, int y0,
            int n) {
        for (@Parallel int t = 0; t < 1; t++) {
            float sum = 0f;
            for (int i = 0; i < n; i++) {
                sum += a[a0 + i] == b[b0 + i] ? weight[weight0 + i] : 0f;
            }
            y[y0] = sum;
        }
    }
}
