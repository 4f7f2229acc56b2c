package dev.triptych.echo;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// The uniformity term (Sorcen section 4.6): the mean squared cosine between the pooled latents of a batch, each with
/// itself included. 1 when all coincide, at least 1/B.
public final class Uniformity {
    private static final float EPS = 1e-12f;

    private Uniformity() {
    }

    /// pooled (B, D): (1/B^2) sum_ij (f_i f_j)^2, one number.
    public static Tensor of(Program p, Tensor pooled) {
        Tensor f = p.normalizeLength(pooled, EPS);
        Tensor cosines = p.productTransposed(f, f);
        float b = pooled.rows();
        return p.scaledSum(p.rowDots(cosines, cosines), 1f / (b * b));
    }
}
