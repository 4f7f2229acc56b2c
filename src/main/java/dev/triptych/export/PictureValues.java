package dev.triptych.export;

import dev.triptych.encoder.VisionTransformer;
import java.util.List;
import java.util.stream.IntStream;

/// How a picture is prepared for the encoder, for the files of others.
final class PictureValues {
    /// What is subtracted from each channel in [0, 1].
    static final List<Float> MEAN = channels(0);
    /// What it is divided by then.
    static final List<Float> DEVIATION = IntStream.range(0, 3)
            .mapToObj(c -> rounded(VisionTransformer.pixel(c, 1) - VisionTransformer.pixel(c, 0))).toList();

    private PictureValues() {
    }

    private static List<Float> channels(float normalised) {
        return IntStream.range(0, 3).mapToObj(c -> VisionTransformer.pixel(c, normalised)).toList();
    }

    /// Three decimals, which is what the constants have: the difference of two floats has none of its own.
    private static float rounded(float value) {
        return Math.round(value * 1000) / 1000f;
    }
}
