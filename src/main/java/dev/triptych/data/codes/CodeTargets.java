package dev.triptych.data.codes;

import dev.triptych.data.view.RandomResizedCrop;
import dev.triptych.data.view.Resampling;
import dev.triptych.tokenizer.Tokenizer;

/// What a decoder with code targets has to predict (STELLAR section 3): the codes that a frozen tokenizer gives the
/// picture which the encoder sees, one for each patch. Where the tokenizer's own images have another side, pictures are
/// resized for it (bicubic, a = -0.75), as the authors do for patches of 14 pixels.
///
/// May be used by several threads at once, as its tokenizer may.
public final class CodeTargets {
    private static final int CHANNELS = 3;

    private final Tokenizer tokenizer;
    private final int side;

    private CodeTargets(Tokenizer tokenizer, int side) {
        this.tokenizer = tokenizer;
        this.side = side;
    }

    /// The targets of images of side x side pixels whose patches lie in a grid x grid. A patch codebook serves any
    /// grid.
    ///
    /// @throws IllegalArgumentException where the tokenizer has another grid: a patch could not have one code
    public static CodeTargets of(Tokenizer tokenizer, int side, int grid) {
        try {
            return new CodeTargets(tokenizer.forGrid(grid), side);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + " patches, one code for each", e);
        }
    }

    /// The tokenizer, for images of the side that it needs.
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /// N, codes of an image.
    public int positions() {
        return tokenizer.positions();
    }

    /// Writes the codes (count, N) of the first `count` images (count, 3, side, side).
    public void encode(float[] images, int count, int[] codes) {
        tokenizer.encode(resized(images, count, side, tokenizer.side(), false), count, codes);
    }

    /// The images (count, 3, side, side) that the first `count` grids of codes stand for.
    public float[] decode(int[] codes, int count) {
        int from = tokenizer.side();
        float[] images = new float[count * CHANNELS * from * from];
        tokenizer.decode(codes, count, images);
        return resized(images, count, from, side, true);
    }

    /// What a tokenizer is given is not limited to [0, 1], as the authors have it; what is shown is.
    private static float[] resized(float[] images, int count, int from, int to, boolean limited) {
        if (from == to) {
            return images;
        }
        var resize = new RandomResizedCrop(to, Resampling.HALF_PIXEL, limited);
        var whole = new RandomResizedCrop.Box(0, 0, from, from, false);
        float[] out = new float[count * CHANNELS * to * to];
        for (int i = 0; i < count; i++) {
            resize.apply(images, i * CHANNELS * from * from, from, from, whole, out, i * CHANNELS * to * to);
        }
        return out;
    }

    /// How many of the first `count` codes are equal.
    public static int equal(int[] codes, int[] others, int count) {
        int equal = 0;
        for (int i = 0; i < count; i++) {
            equal += codes[i] == others[i] ? 1 : 0;
        }
        return equal;
    }
}
