package dev.triptych.channel;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// The coding rate of the student's logits (BITS Eq. 9, specification section 3.3): with U the logits of a global view,
/// rows divided by their length, n images and B bits,
///
/// R(U) = log det(I + alpha U^T U) / 2, alpha = B / (n e), L_rate = -gamma (R(U_0) + R(U_1)) / 2,
/// gamma = (B + n) / (B n).
///
/// @param e the distortion, epsilon^2 of the paper
/// @param centred whether the columns of U are centred first
/// @param teacherInRate whether U is the mean of student and teacher, not normalised again (`expa_type 1` of SimDINO)
public record CodingRate(float e, boolean centred, boolean teacherInRate) {
    /// What the length of a row is at least.
    static final float SHORTEST = 1e-12f;

    /// alpha = B / (n e).
    public static double alpha(int n, int bits, double e) {
        return bits / (n * e);
    }

    /// gamma = (B + n) / (B n).
    public static double gamma(int n, int bits) {
        return ((double) bits + n) / ((double) bits * n);
    }

    /// The largest R of n rows of length 1, reached where U has r = min(n, B) equal singular values:
    /// (r / 2) log(1 + alpha n / r).
    public static double largest(int n, int bits, double alpha) {
        int r = Math.min(n, bits);
        return 0.5 * r * Math.log1p(alpha * n / r);
    }

    /// The smallest R of n rows of length 1, where all point the same way: log(1 + alpha n) / 2.
    public static double smallest(int n, double alpha) {
        return 0.5 * Math.log1p(alpha * n);
    }

    /// R of each global view (2). s (V, n, B) student logits with the global views first, t (2, n, B) teacher logits.
    public Tensor rates(Program p, Tensor s, Tensor t) {
        Tensor u = p.normalizeLength(p.slice(s, 0, t.side(0)), SHORTEST);
        if (teacherInRate) {
            u = p.addScaled(u, 0.5f, p.normalizeLength(p.stopGradient("teacher in the rate", t), SHORTEST), 0.5f);
        }
        if (centred) {
            u = p.centreColumns(u);
        }
        return p.codingRate(u, (float) alpha(s.side(1), s.side(2), e));
    }

    /// L_rate, one number.
    public Tensor loss(Program p, Tensor s, Tensor t) {
        return p.scaledSum(rates(p, s, t), (float) (-gamma(s.side(1), s.side(2)) / t.side(0)));
    }
}
