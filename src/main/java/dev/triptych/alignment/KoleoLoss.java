package dev.triptych.alignment;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// The Kozachenko-Leonenko loss within each image's own tokens (STELLAR Eq. 11, specification section 5): minus the
/// mean log distance to the nearest other token, on unit vectors. It spreads the tokens of an image.
public final class KoleoLoss {
    private static final float EPS = 1e-8f;

    private KoleoLoss() {
    }

    /// tokens (sets, K, d): one number.
    public static Tensor of(Program p, Tensor tokens) {
        Tensor u = p.normalizeLength(tokens, EPS);
        Tensor nearest = p.koleoNearest(p.stopGradient("KoLeo: choice of the nearest token", u));
        return p.mean(p.koleo(u, nearest));
    }
}
