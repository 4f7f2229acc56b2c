package dev.triptych.tokens;

import dev.triptych.program.Program;
import dev.triptych.program.Tensor;

/// The decoder on tokens and localizations that are given: Z = L S, then what it predicts.
///
/// @param program of one batch
/// @param sparse input: S (batch, K, d)
/// @param localization input: L (batch, N, K)
/// @param prediction pixels of each patch (batch N, 3, p p), or code logits (batch N, codes)
public record TokenDecoding(Program program, Tensor sparse, Tensor localization, Tensor prediction) {
}
