package dev.triptych.tokenizer;

import java.util.List;

/// Sizes of MaskGIT's VQGAN.
///
/// @param side pixels along a side of an image
/// @param width channels behind the first convolution
/// @param widths channels of each level, the finest first; between two levels the resolution halves
/// @param blocks residual blocks of a level, and in the middle
/// @param groups of the group norms
/// @param codes K
/// @param dim numbers of a code
public record VqganSettings(int side, int width, List<Integer> widths, int blocks, int groups, int codes, int dim) {
    static final int CHANNELS = 3;

    /// Checks that groups divide channels, and levels the side.
    public VqganSettings {
        widths = List.copyOf(widths);
        if (widths.isEmpty() || width % groups != 0 || widths.stream().anyMatch(w -> w % groups != 0)
                || side % (1 << widths.size() - 1) != 0) {
            throw new IllegalArgumentException("side " + side + ", width " + width + ", levels " + widths + ", groups "
                    + groups + ": expected groups that divide every width, and a side that can be halved between "
                    + "levels");
        }
    }

    /// Pixels along a side of what becomes one code.
    public int factor() {
        return 1 << widths.size() - 1;
    }

    /// Codes along a side of an image.
    public int grid() {
        return side / factor();
    }

    /// The same for images of another side: nothing but the maps' sizes changes.
    public VqganSettings withSide(int other) {
        return new VqganSettings(other, width, widths, blocks, groups, codes, dim);
    }

    /// Channels of the coarsest level.
    int last() {
        return widths.getLast();
    }
}
