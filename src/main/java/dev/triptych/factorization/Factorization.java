package dev.triptych.factorization;

import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// The low-rank factorization of STELLAR (Eq. 1 and 14, section 2):
///
/// L = softmax over the K tokens of cos(D W1, S W2) / tau_spatial, Z = L S.
///
/// Rows of L sum to 1: each patch is shared out among the tokens. Z multiplies S itself, so its rank is at most K.
public final class Factorization {
    /// Lengths in the cosine are not below this.
    public static final float EPS = 1e-7f;

    private final LinearLayer denseProjection;
    private final LinearLayer sparseProjection;
    private final float temperature;
    private final int width;

    /// Registers `dense_proj` and `sparse_proj` (d to d).
    ///
    /// @param temperature tau_spatial; 0 for the variant without normalisation, scores over sqrt(d)
    public Factorization(Scope root, int width, float temperature) {
        this.width = width;
        this.temperature = temperature;
        denseProjection = LinearLayer.of(root.in("dense_proj"), width, width);
        sparseProjection = LinearLayer.of(root.in("sparse_proj"), width, width);
    }

    /// The two factors and their product.
    ///
    /// @param localization L (B, N, K), rows sum to 1: where
    /// @param sparse S (B, K, d): what
    /// @param lowRank Z = L S (B, N, d)
    public record Factors(Tensor localization, Tensor sparse, Tensor lowRank) {
    }

    /// Factorizes dense features D (B, N, d) by tokens S (B, K, d).
    public Factors apply(Program p, Tensor dense, Tensor sparse) {
        Tensor l = p.section("factorization: L = softmax(cos(D W1, S W2) / tau) (STELLAR Eq. 14)",
                () -> localization(p, dense, sparse));
        Tensor z = p.section("factorization: Z = L S (STELLAR Eq. 1)", () -> p.product(l, sparse));
        return new Factors(l, sparse, z);
    }

    private Tensor localization(Program p, Tensor dense, Tensor sparse) {
        Tensor a = denseProjection.apply(p, dense);
        Tensor e = sparseProjection.apply(p, sparse);
        if (temperature == 0f) {
            return p.softmax(p.productTransposed(a, e), (float) (1 / Math.sqrt(width)));
        }
        Tensor cosine = p.productTransposed(p.normalizeLength(a, EPS), p.normalizeLength(e, EPS));
        return p.softmax(cosine, 1f / temperature);
    }
}
