package dev.triptych.triptych;

import dev.triptych.method.EncodedValue;
import dev.triptych.method.PatchFeatures;
import dev.triptych.program.Tensor;
import dev.triptych.program.Twinned;
import dev.triptych.tokens.LowRankFeatures;
import java.util.ArrayList;
import java.util.List;

/// What evaluation reads of full images.
///
/// @param parts what, where, and what is decoded
/// @param tokens logits of each token's message (batch, K, B); null without, also where heads give prototypes
/// @param cls logits of CLS's message (batch, B); null likewise
@Twinned
public record TriptychFeatures(LowRankFeatures parts, Tensor tokens, Tensor cls)
        implements
            PatchFeatures,
            EncodedValue.Named {
    @Override
    public List<EncodedValue> named() {
        var named = new ArrayList<>(parts.named());
        if (messages()) {
            named.add(new EncodedValue("token_bits", "messages of the tokens (K, B)", tokens, true));
            named.add(new EncodedValue("cls_bits", "message of CLS (B)", cls, true));
        }
        return List.copyOf(named);
    }

    /// Whether there are heads of messages.
    public boolean messages() {
        return tokens != null;
    }

    @Override
    public Tensor dense() {
        return parts.dense();
    }

    @Override
    public Tensor lowRank() {
        return parts.lowRank();
    }
}
