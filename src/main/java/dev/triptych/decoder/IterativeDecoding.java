package dev.triptych.decoder;

import java.util.Arrays;

/// Generation by iterative parallel decoding (Sorcen section 6.1; Chang et al. 2022): all codes unknown at first; in
/// each of T iterations all unknown ones are drawn at once, and the least certain of these are masked again, fewer and
/// fewer.
///
/// This is the host's part: drawing and masking. The logits come from the encoder and decoder of one forward run.
///
/// @param iterations T
/// @param temperature tau of the choice: how much noise of Gumbel's distribution goes into the confidence at first
/// @param cells N of a grid
/// @param codes K
public record IterativeDecoding(int iterations, double temperature, int cells, int codes) {
    /// What one iteration did.
    ///
    /// @param sampled complete grids: known codes and drawn ones
    /// @param confidence of each cell; infinite where the code was known
    /// @param remasked how many cells of each grid were masked again
    /// @param ids grids for the next iteration, with MASK
    public record Step(int[] sampled, double[] confidence, int[] remasked, int[] ids) {
    }

    /// The id that stands for an unknown code.
    public int mask() {
        return codes + 1;
    }

    /// Grids of unknown codes only.
    public int[] start(int count) {
        int[] ids = new int[count * cells];
        Arrays.fill(ids, mask());
        return ids;
    }

    /// How many cells iteration t (1 first) masks again: max(1, min(unknown - 1, floor(N cos(pi t / 2T)))).
    public int remasked(int t, int unknown) {
        return Math.max(1, Math.min(unknown - 1, (int) Math.floor(cells * cosine(t))));
    }

    /// cos(pi t / 2T).
    public double cosine(int t) {
        return Math.cos(Math.PI * t / (2 * iterations));
    }

    /// For each slot of the decoder, the row of the encoder's full sequences that stands there: CLS where a code is
    /// unknown.
    public int[] slots(int[] ids) {
        int count = ids.length / cells;
        int[] slots = new int[count * (1 + cells)];
        for (int i = 0; i < slots.length; i++) {
            int s = i / (1 + cells);
            int cell = i % (1 + cells) - 1;
            slots[i] = cell < 0 || ids[s * cells + cell] == mask() ? s * (1 + cells) : i;
        }
        return slots;
    }

    /// Iteration t (1 first).
    ///
    /// @param logits of all cells of all grids (count * N, K)
    /// @param ids of the grids, with MASK
    /// @param u uniform numbers of [0, 1) that draw the codes (count * N)
    /// @param gumbel noise for the confidence, -log(-log v) (count * N)
    public Step step(int t, float[] logits, int[] ids, double[] u, double[] gumbel) {
        int count = ids.length / cells;
        int[] sampled = ids.clone();
        double[] confidence = new double[ids.length];
        int[] unknown = new int[count];
        double noise = temperature * (1 - (double) t / iterations);
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == mask()) {
                unknown[i / cells]++;
                confidence[i] = draw(logits, i, u[i], sampled) + noise * gumbel[i];
            } else {
                confidence[i] = Double.POSITIVE_INFINITY;
            }
        }
        int[] next = sampled.clone();
        int[] remasked = new int[count];
        for (int s = 0; s < count; s++) {
            remasked[s] = remasked(t, unknown[s]);
            hide(next, confidence, s, remasked[s]);
        }
        return new Step(sampled, confidence, remasked, next);
    }

    /// Draws the code of cell i from the softmax of its logits; returns the logarithm of its probability.
    private double draw(float[] logits, int i, double u, int[] sampled) {
        int at = i * codes;
        double top = logits[at];
        for (int k = 1; k < codes; k++) {
            top = Math.max(top, logits[at + k]);
        }
        double sum = 0;
        for (int k = 0; k < codes; k++) {
            sum += Math.exp(logits[at + k] - top);
        }
        double below = 0;
        int code = codes - 1;
        for (int k = 0; k < codes; k++) {
            below += Math.exp(logits[at + k] - top) / sum;
            if (u < below) {
                code = k;
                break;
            }
        }
        sampled[i] = code;
        return logits[at + code] - top - Math.log(sum);
    }

    /// Masks the `count` cells of lowest confidence of grid s; of equal ones the lower cell first.
    private void hide(int[] ids, double[] confidence, int s, int count) {
        for (int n = 0; n < count; n++) {
            int worst = -1;
            for (int i = s * cells; i < (s + 1) * cells; i++) {
                if (ids[i] != mask() && (worst < 0 || confidence[i] < confidence[worst])) {
                    worst = i;
                }
            }
            ids[worst] = mask();
        }
    }
}
