package dev.triptych.tokens;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.measure.feature.ArgMax;
import dev.triptych.measure.feature.ImageEncoder;
import dev.triptych.program.Tensor;

/// An encoder with what its decoder paints of the images that it has just seen.
///
/// @param encoder of images
/// @param values that it computes
/// @param targets the codes that the decoder predicts; null for pixels
public record Painter(ImageEncoder encoder, LowRankFeatures values, CodeTargets targets) {
    /// Whether it can give pictures: the decoder predicts pixels, or codes of a tokenizer that is here.
    public boolean paints() {
        return targets != null || values.prediction().rank() == 3;
    }

    /// The most likely code at each position of the latest batch (batch, N).
    public int[] codes() {
        Tensor prediction = values.prediction();
        return ArgMax.ofRows(encoder.value(prediction), 0, prediction.rows(), prediction.columns());
    }

    /// The predicted picture of the latest batch (batch, 3, side, side): what the most likely codes decode to, or
    /// pixels, put together from those of patches (batch N, 3, p p).
    public float[] reconstruction() {
        return painted(encoder.value(values.prediction()), values.prediction(), encoder.batch());
    }

    /// The pictures of a prediction of the decoder (batch, 3, side, side).
    ///
    /// @param patches its numbers
    /// @param prediction its shape
    public float[] painted(float[] patches, Tensor prediction, int batch) {
        if (targets != null) {
            return targets.decode(ArgMax.ofRows(patches, 0, prediction.rows(), prediction.columns()), batch);
        }
        int side = encoder.evaluation().input().side(2);
        int p = (int) Math.round(Math.sqrt(prediction.side(2)));
        int grid = side / p;
        float[] images = new float[patches.length];
        for (int i = 0; i < images.length; i++) {
            int x = i % side;
            int y = i / side % side;
            int c = i / (side * side) % 3;
            int image = i / (side * side * 3);
            int patch = (image * grid + y / p) * grid + x / p;
            images[i] = patches[(patch * 3 + c) * p * p + y % p * p + x % p];
        }
        return images;
    }
}
