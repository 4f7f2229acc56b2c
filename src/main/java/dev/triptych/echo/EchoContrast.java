package dev.triptych.echo;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.Arrays;

/// The contrastive loss (Sorcen section 4.5): InfoNCE in one direction. Rows are the teacher's echoes, columns the
/// student's predictions; each echo must find its own image among the batch.
///
/// @param temperature tau
/// @param direction which of both are the rows
public record EchoContrast(float temperature, Direction direction) {
    private static final float EPS = 1e-12f;

    /// Over what the softmax runs.
    public enum Direction {
        /// Each echo over all predictions.
        ECHOES,
        /// Each prediction over all echoes.
        PREDICTIONS,
        /// The mean of both.
        BOTH
    }

    /// The loss with what led to it.
    ///
    /// @param teacher unit vectors of the echoes (B, d)
    /// @param student unit vectors of the predictions (B, d)
    /// @param similarity their products over tau (B, B)
    /// @param loss one number
    public record Contrast(Tensor teacher, Tensor student, Tensor similarity, Tensor loss) {
    }

    /// L = -(1/B) sum_i log (exp(z_i p_i / tau) / sum_j exp(z_i p_j / tau)) of unit vectors.
    ///
    /// @param echoes zbar, the teacher's (B, d)
    /// @param predictions p, the student's (B, d)
    public Contrast of(Program p, Tensor echoes, Tensor predictions) {
        try (var _ = p.section("echo contrast: InfoNCE (Sorcen section 4.5)")) {
            Tensor z = p.normalizeLength(echoes, EPS);
            Tensor ph = p.normalizeLength(predictions, EPS);
            Tensor rows = p.scale(p.productTransposed(z, ph), 1f / temperature);
            int[] own = new int[rows.rows()];
            Arrays.setAll(own, i -> i);
            Tensor label = p.constant("own", own);
            Tensor forth = p.mean(p.crossEntropy(rows, label, 0f, -1));
            if (direction == Direction.ECHOES) {
                return new Contrast(z, ph, rows, forth);
            }
            Tensor back = p.mean(p.crossEntropy(p.scale(p.productTransposed(ph, z), 1f / temperature), label, 0f, -1));
            return new Contrast(z, ph, rows,
                    direction == Direction.PREDICTIONS ? back : p.addScaled(forth, 0.5f, back, 0.5f));
        }
    }
}
