package dev.triptych.stellar;

import dev.triptych.encoder.PatchMasking;
import dev.triptych.random.CounterRandom;
import dev.triptych.recipe.Stage;

/// Which patches a masked view keeps (STELLAR, masking by dropping tokens): noise per patch, perhaps lowered around a
/// focus; the patches of smallest noise stay, listed in the order of increasing noise (equal noise: lowest index
/// first).
public final class PatchMask {
    private static final double FOCAL_PROBABILITY = 0.5;
    private static final double SIGMA_LO = 0.1;
    private static final double SIGMA_HI = 0.5;

    private PatchMask() {
    }

    /// Number of kept patches, int(N (1 - rho)), computed in double as the authors do.
    public static int kept(int patches, double ratio) {
        if (!(ratio >= 0 && ratio < 1) || Stage.kept(patches, ratio) < 1) {
            throw new IllegalArgumentException("mask ratio " + ratio + " keeps no patch of " + patches
                    + ": expected 0 <= ratio < 1 with at least one patch left");
        }
        return Stage.kept(patches, ratio);
    }

    /// Draws the kept patches of one view of a grid of h x w patches into `ids[at .. at + keep - 1]`.
    ///
    /// The order of the draws is fixed: noise, then centre column, centre row, spread, coin.
    public static void draw(CounterRandom random, MaskKind kind, int h, int w, int keep, int[] ids, int at) {
        double[] noise = new double[h * w];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.uniformDouble();
        }
        switch (kind) {
            case UNIFORM -> select(noise, keep, ids, at);
            case GAUSSIAN -> {
                int cx = random.below(w);
                int cy = random.below(h);
                double sigma = SIGMA_LO + (SIGMA_HI - SIGMA_LO) * random.uniformDouble();
                boolean focal = random.uniformDouble() < FOCAL_PROBABILITY;
                gaussian(noise, h, w, cx, cy, sigma, focal, keep, ids, at);
            }
            case BLOCK -> {
                int side = Math.min((int) Math.sqrt(keep), Math.min(h, w));
                int left = random.below(w - side + 1);
                int top = random.below(h - side + 1);
                boolean focal = random.uniformDouble() < FOCAL_PROBABILITY;
                block(noise, w, left, top, side, focal, keep, ids, at);
            }
        }
    }

    /// Focal Gaussian selection from given draws. `noise` (h*w) is lowered, where `focal`, by
    /// exp(-d^2 / (2 (sigma sqrt(hw))^2)), d = distance in cells to column cx, row cy.
    public static void gaussian(double[] noise, int h, int w, int cx, int cy, double sigma, boolean focal, int keep,
            int[] ids, int at) {
        double[] lowered = focal ? PatchMasking.focused(noise, h, w, cx, cy, sigma) : noise;
        select(lowered, keep, ids, at);
    }

    /// Block selection from given draws: where `focal`, the noise in a square of `side` cells is zero. Drawn per view;
    /// the authors' code writes one view's block into the noise of all.
    public static void block(double[] noise, int w, int left, int top, int side, boolean focal, int keep, int[] ids,
            int at) {
        double[] lowered = focal ? PatchMasking.blocked(noise, w, top, left, side) : noise;
        select(lowered, keep, ids, at);
    }

    /// The indices of the `keep` smallest numbers, in increasing order of the numbers, stable.
    static void select(double[] noise, int keep, int[] ids, int at) {
        if (keep < 1 || keep > noise.length) {
            throw new IllegalArgumentException("cannot keep " + keep + " of " + noise.length + " patches");
        }
        // Insertion into the sorted list of the best so far: N * keep steps, a few thousand at most.
        int found = 0;
        for (int i = 0; i < noise.length; i++) {
            if (found == keep && noise[i] >= noise[ids[at + keep - 1]]) {
                continue;
            }
            int place = found < keep ? found++ : keep - 1;
            while (place > 0 && noise[i] < noise[ids[at + place - 1]]) {
                ids[at + place] = ids[at + place - 1];
                place--;
            }
            ids[at + place] = i;
        }
    }
}
