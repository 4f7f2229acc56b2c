package dev.triptych.data.set;

import dev.triptych.data.file.Planar;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;

/// Batches of whole images, some of them mirrored. A batch is a pure function of (set, batch size, flip, seed, step).
public final class WholeImages implements BatchLoader.Maker<WholeImages.Batch> {
    /// A batch on the host.
    ///
    /// @param step number of the training step
    /// @param image pixels in [0, 1] (B, 3, side, side)
    public record Batch(long step, float[] image) {
    }

    private final ImageSet set;
    private final int size;
    private final float flip;
    private final long seed;
    private final EpochOrder order;

    /// @param flip probability that an image is mirrored left to right
    /// @throws IllegalArgumentException where the set is smaller than a batch
    public WholeImages(ImageSet set, int size, float flip, long seed) {
        this.set = set;
        this.size = size;
        this.flip = flip;
        this.seed = seed;
        this.order = new EpochOrder(set.size(), size, seed);
    }

    @Override
    public Batch make(long step, Batch used) {
        int side = set.side();
        int length = 3 * side * side;
        float[] image = used == null ? new float[size * length] : used.image();
        int[] indices = new int[size];
        order.indices(step, indices);
        set.images(indices, image, 0);
        for (int b = 0; b < size; b++) {
            if (CounterRandom.of(seed, Stream.CROP, step, b).chance(flip)) {
                Planar.mirror(image, b * length, 3 * side, side);
            }
        }
        return new Batch(step, image);
    }
}
