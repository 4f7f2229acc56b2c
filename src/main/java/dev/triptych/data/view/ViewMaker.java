package dev.triptych.data.view;

import dev.triptych.data.file.Planar;
import dev.triptych.data.file.RgbImage;
import dev.triptych.data.set.ImageSet;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Interval;

/// Cuts and colours single views of one image of a set after another, for the batches of every method. What a view
/// becomes is a pure function of (seed, stream, step, sample).
///
/// Not thread-safe: holds the image and scratch memory.
public final class ViewMaker {
    private final ImageSet set;
    private final float flip;
    private final long seed;
    private final long step;
    private RgbImage picture;
    private float[] source = new float[0];

    /// Views of images of `set`, mirrored with probability `flip`, drawn for one step.
    public ViewMaker(ImageSet set, float flip, long seed, long step) {
        this.set = set;
        this.flip = flip;
        this.seed = seed;
        this.step = step;
    }

    /// Takes the image that the next views show.
    public void take(int image) {
        picture = set.original(image);
        int length = picture.planes().length;
        source = source.length < length ? new float[length] : source;
        Planar.toFloats(picture.planes(), 0, source, 0, length);
    }

    /// Writes a random crop of the image to `out[at ..]`; `scale` has bounds of its share of the area.
    public void crop(RandomResizedCrop crop, Stream stream, int sample, Interval scale, float[] out, int at) {
        var box = RandomResizedCrop.draw(random(stream, sample), picture.height(), picture.width(), (float) scale.low(),
                (float) scale.high(), flip);
        crop.apply(source, 0, picture.height(), picture.width(), box, out, at);
    }

    /// Changes the colours of the view at `x[at ..]`.
    public void colour(ColourAugmentation colour, Stream stream, int sample, float[] x, int at, int side) {
        colour.apply(colour.draw(random(stream, sample)), x, at, side);
    }

    /// The draws at one address of this step.
    public CounterRandom random(Stream stream, int sample) {
        return CounterRandom.of(seed, stream, step, sample);
    }
}
