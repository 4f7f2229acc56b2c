package dev.triptych.method;

import dev.triptych.encoder.VisionTransformer;

/// The vision transformer of a method, apart from the method: what programs of others can load. Its parameters have the
/// names of [VisionTransformer] in a checkpoint.
///
/// @param settings sizes
/// @param sparse number K of sparse tokens; 0 for none
/// @param teacher whether evaluation reads the teacher's average
/// @param localization how L is made of D and S; null where there is no L
public record PlainEncoder(VisionTransformer.Settings settings, int sparse, boolean teacher,
        Localization localization) {
    /// L = softmax over the K tokens of cos(D W1 + b1, S W2 + b2) / temperature, with `dense_proj` (W1, b1) and
    /// `sparse_proj` (W2, b2); lengths are not below `eps`.
    ///
    /// @param temperature 0 for the form without lengths, scores over sqrt(d)
    public record Localization(float temperature, float eps) {
    }

    /// Side of the images.
    public int side() {
        return settings.grid() * settings.patch();
    }

    /// What stands before its parameters' names in a checkpoint.
    public String prefix() {
        return teacher ? "teacher." : "";
    }
}
