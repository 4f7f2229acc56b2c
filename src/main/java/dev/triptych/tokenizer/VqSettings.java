package dev.triptych.tokenizer;

/// Sizes of a VQ-VAE.
///
/// @param side pixels along a side of an image
/// @param patch pixels along a side of what becomes one code, a power of two
/// @param width channels at the resolution of the codes
/// @param residualWidth hidden channels of a residual block
/// @param blocks residual blocks of encoder and of decoder
/// @param codes K
/// @param dim d, numbers of a code
public record VqSettings(int side, int patch, int width, int residualWidth, int blocks, int codes, int dim) {
    static final int CHANNELS = 3;

    /// Checks that images can be halved to the grid.
    public VqSettings {
        if (patch < 2 || Integer.bitCount(patch) != 1 || side % patch != 0 || width % (patch / 2) != 0) {
            throw new IllegalArgumentException("side " + side + ", patch " + patch + ", width " + width
                    + ": expected a patch that is a power of two from 2 and divides the side, and a width that half a "
                    + "patch divides");
        }
    }

    /// G.
    public int grid() {
        return side / patch;
    }

    /// How often the resolution is halved.
    public int halvings() {
        return Integer.numberOfTrailingZeros(patch);
    }

    /// Channels after halving number i, 0 first: the last has `width`, each one before half of the next.
    public int widthAfter(int i) {
        return width >> (halvings() - 1 - i);
    }
}
