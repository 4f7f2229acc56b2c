package dev.triptych.tokens;

import dev.triptych.method.EncodedValue;
import dev.triptych.method.PatchFeatures;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;
import java.util.List;

/// What evaluation reads of full images whose encoder takes them apart: what (S), where (L), and what is decoded.
///
/// @param cls (batch, d)
/// @param dense D (batch, N, d)
/// @param sparse S (batch, K, d)
/// @param localization L (batch, N, K)
/// @param lowRank Z = L S (batch, N, d)
/// @param prediction of the decoder: pixels of each patch (batch N, 3, p p), or code logits (batch N, codes)
@Twinned
public record LowRankFeatures(Tensor cls, Tensor dense, Tensor sparse, Tensor localization, Tensor lowRank,
        Tensor prediction) implements PatchFeatures, EncodedValue.Named {
    @Override
    public List<EncodedValue> named() {
        return List.of(EncodedValue.of("cls", "CLS (d)", cls), EncodedValue.of("sparse", "S (K, d): what", sparse),
                EncodedValue.of("localization", "L (N, K): where", localization),
                EncodedValue.of("dense", "D (N, d), patch by patch", dense),
                EncodedValue.of("lowrank", "Z = L S (N, d)", lowRank));
    }

    /// These, readable after the run.
    public LowRankFeatures kept(Program p) {
        List.of(cls, dense, sparse, localization, lowRank, prediction).forEach(p::keep);
        return this;
    }

    /// Number K of tokens.
    public int tokens() {
        return localization.side(2);
    }

    /// Patches along a side of an image.
    public int grid() {
        return (int) Math.round(Math.sqrt(localization.side(1)));
    }
}
