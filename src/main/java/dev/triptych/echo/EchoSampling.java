package dev.triptych.echo;

import dev.triptych.program.CodeOperations.Candidates;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// The echo of an image (Sorcen section 4.1): at every cell one code drawn from the decoder's logits, the most likely
/// one left out and only the k next ones allowed. No gradient passes.
///
/// @param candidates which codes may be drawn
public record EchoSampling(Candidates candidates) {
    /// An echo with what led to it.
    ///
    /// @param kept the codes that could be drawn, ascending (cells, k)
    /// @param probabilities of these
    /// @param codes drawn (cells)
    public record Echo(Tensor kept, Tensor probabilities, Tensor codes) {
    }

    /// Draws.
    ///
    /// @param logits of all cells (cells, K)
    /// @param u uniform numbers of [0, 1) (cells)
    public Echo draw(Program p, Tensor logits, Tensor u) {
        try (var _ = p.section("echo: codes drawn from the decoder's logits (Sorcen section 4.1)")) {
            Tensor a = p.stopGradient("echo: the decoder's logits", logits);
            Tensor kept = p.candidateCodes(a, candidates);
            Tensor probabilities = p.candidateProbabilities(a, kept);
            return new Echo(kept, probabilities, p.sampleCodes(probabilities, kept, u));
        }
    }
}
