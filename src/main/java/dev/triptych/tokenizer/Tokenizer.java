package dev.triptych.tokenizer;

/// A frozen map from images to grids of codes and back. Nothing that learns from codes ever changes it.
///
/// Images are planes R, G, B of side x side with pixels in [0, 1]; a grid of G x G codes is row-major; a code is a
/// number in [0, K). Several threads may encode and decode at once.
public interface Tokenizer extends AutoCloseable {
    /// K, the number of codes.
    int codes();

    /// Pixels along a side of an image.
    int side();

    /// G, codes along a side of an image.
    int grid();

    /// N = G G, codes of an image.
    default int positions() {
        return grid() * grid();
    }

    /// The codes (count, N) of the first `count` images (count, 3, side, side).
    void encode(float[] images, int count, int[] codes);

    /// The images that the first `count` grids of codes stand for, pixels in [0, 1].
    ///
    /// @throws IllegalArgumentException where a code is not in [0, K)
    void decode(int[] codes, int count, float[] images);

    /// SHA-256 of its parameters, 64 hexadecimal digits: two tokenizers with the same give the same codes.
    String sha256();

    /// What it is, in a few words.
    String description();

    /// The tokenizer for images of another side; itself for its own. Only patches can be laid over other sides: the
    /// codes, and [#sha256], stay the same.
    ///
    /// @throws IllegalArgumentException where it cannot be had
    default Tokenizer forSide(int side) {
        if (side == side()) {
            return this;
        }
        throw new IllegalArgumentException("the tokenizer takes images of " + side() + " pixels, not of " + side
                + "; expected the side that it was trained for");
    }

    /// The tokenizer with so many codes along a side of an image, as [#forSide(int)].
    ///
    /// @throws IllegalArgumentException where it cannot be had
    default Tokenizer forGrid(int grid) {
        if (grid == grid()) {
            return this;
        }
        throw new IllegalArgumentException("the tokenizer has " + grid() + " x " + grid() + " codes an image; expected "
                + grid + " x " + grid);
    }

    /// Gives back what it holds; codebooks hold nothing.
    @Override
    default void close() {
    }
}
