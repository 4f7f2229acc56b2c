package dev.triptych.data.codes;

import dev.triptych.data.set.ImageSet;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.tokenizer.PatchCodebook;
import java.util.Arrays;

/// Patches drawn at random from a set of images, for k-means.
///
/// @param patches (rows, 3 p p), channel, row, column; pixels in [0, 1]
/// @param rows how many
/// @param width 3 p p
public record PatchSample(float[] patches, int rows, int width) {
    /// Images that patches come from, at most.
    private static final int IMAGES = 10_000;
    private static final int CHANNELS = 3;

    /// About `count` patches, equally many of each of at most 10,000 images, no place twice. A pure function of set
    /// and seed.
    public static PatchSample draw(ImageSet set, int patch, int count, long seed) {
        int side = set.side();
        int positions = (side / patch) * (side / patch);
        int images = Math.min(Math.min(IMAGES, set.size()), count);
        int each = Math.min(positions, (count + images - 1) / images);
        int width = CHANNELS * patch * patch;
        int[] chosen = Arrays.copyOf(CounterRandom.of(seed, Stream.CODEBOOK, 0, 1).permutation(set.size()), images);
        float[] patches = new float[Math.multiplyExact(images * each, width)];
        float[] image = new float[CHANNELS * side * side];
        for (int i = 0; i < images; i++) {
            set.images(new int[]{chosen[i]}, image, 0);
            int[] places = CounterRandom.of(seed, Stream.CODEBOOK, i, 2).permutation(positions);
            for (int j = 0; j < each; j++) {
                PatchCodebook.patch(image, side, patch, 0, places[j], patches, (i * each + j) * width);
            }
        }
        return new PatchSample(patches, images * each, width);
    }
}
