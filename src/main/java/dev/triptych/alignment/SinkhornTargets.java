package dev.triptych.alignment;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// Targets by Sinkhorn-Knopp (STELLAR Eq. 6, specification section 4.2): logits over a temperature, exponentiated, then
/// in turn columns (prototypes) and rows (tokens) normalised. Ends with rows that sum to 1.
///
/// @param temperature of the targets
/// @param iterations of column and row normalisation
/// @param power of the column sums; 1 balances the prototypes, 0 leaves them alone
public record SinkhornTargets(float temperature, int iterations, float power) {
    private static final float EPS = 1e-8f;

    /// The assignment of n tokens to C prototypes. logits (n, C) without gradient: q (n, C).
    public Tensor assign(Program p, Tensor logits) {
        Tensor m = p.sinkhornStart(logits, 1f / temperature);
        for (int i = 0; i < iterations; i++) {
            m = p.normalizeRows(p.normalizeColumns(m, EPS, power), EPS);
        }
        return m;
    }
}
