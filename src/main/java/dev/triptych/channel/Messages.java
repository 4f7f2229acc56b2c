package dev.triptych.channel;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// The messages of the teacher (BITS Eq. 7, specification section 3.1): Z = 1[sigma(T) > 1/2] = 1[T > 0], so that a
/// logit of exactly zero gives 0. Nothing is sampled, and no gradient passes.
///
/// @param temperature of soft targets sigma(T / temperature) (the paper's table 10); 0 for bits
public record Messages(float temperature) {
    /// Views of an image that the teacher reads, and says a message about each: the global crops.
    public static final int VIEWS = 2;
    /// Bits 0 and 1.
    public static final Messages HARD = new Messages(0f);

    /// T of any shape: Z of the same shape.
    public Tensor of(Program p, Tensor logits) {
        Tensor t = p.stopGradient("messages", logits);
        return temperature == 0f ? p.binarize(t) : p.bitProbabilities(t, 1f / temperature);
    }
}
