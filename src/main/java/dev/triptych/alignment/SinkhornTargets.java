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

    /// The same for every token slot on its own (Triptych section 8): prototypes are balanced over
    /// the n tokens of a slot, not over those of all slots together. logits (n, K, C) without gradient: q (n, K, C).
    public Tensor assignBySlot(Program p, Tensor logits) {
        int n = logits.side(0);
        int slots = logits.side(1);
        int c = logits.side(2);
        // columns of (n, K C) are those of the slots, rows of (n K, C) those of the tokens: reshaping parts the slots
        Tensor m = p.sinkhornStart(p.reshape(logits, n, slots * c), 1f / temperature);
        for (int i = 0; i < iterations; i++) {
            Tensor balanced = p.reshape(p.normalizeColumns(m, EPS, power), n * slots, c);
            m = p.reshape(p.normalizeRows(balanced, EPS), n, slots * c);
        }
        return p.reshape(m, n, slots, c);
    }
}
