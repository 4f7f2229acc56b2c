package dev.triptych.encoder;

import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;

/// A group of views of one shape that pass through the encoder: full images, masked images, or crops.
///
/// @param images the pixels in [0, 1] (any, 3, side, side); null where no patch is kept
/// @param count number of sequences
/// @param kept patches of each sequence
/// @param grid patches along a side of the images
/// @param source for each kept patch of each sequence, its number among all patches of all images (count * kept)
/// @param cells for each kept patch, its cell of the grid (rows of the grid's position table)
/// @param read which tokens anybody reads behind the last block
public record View(Tensor images, int count, int kept, int grid, Tensor source, RowIndex cells, Read read) {
    /// Tokens of a view that are read behind the last block. In that block the others are keys and values of attention,
    /// and nothing more is made of them.
    public enum Read {
        /// CLS, patches and sparse tokens.
        ALL,
        /// All but the patches.
        CLS_AND_SPARSE,
        /// CLS alone.
        CLS
    }

    /// Views that keep all patches: image `first` of every `stride` images in `images`, `count` of them.
    public static View full(Program p, Tensor images, int count, int first, int stride, int grid) {
        int n = grid * grid;
        int[] source = new int[count * n];
        int[] cells = new int[count * n];
        for (int i = 0; i < source.length; i++) {
            source[i] = (i / n * stride + first) * n + i % n;
            cells[i] = i % n;
        }
        return new View(images, count, n, grid, p.constant("source", source), RowIndex.of(p, "cells", n, cells),
                Read.ALL);
    }

    /// All `views` views of each of `n` images, whole. The images are given image-major (row `views * i + v` is view v
    /// of image i) and encoded view-major: sequence `n * v + i`.
    public static View byView(Program p, Tensor images, int n, int views, int grid) {
        int cells = grid * grid;
        int[] source = new int[n * views * cells];
        int[] cell = new int[source.length];
        for (int i = 0; i < source.length; i++) {
            int sequence = i / cells;
            source[i] = (sequence % n * views + sequence / n) * cells + i % cells;
            cell[i] = i % cells;
        }
        return new View(images, n * views, cells, grid, p.constant("source", source),
                RowIndex.of(p, "cells", cells, cell), Read.ALL);
    }

    /// Views of which nothing is seen: CLS and sparse tokens alone.
    public static View empty(int count, int grid) {
        return new View(null, count, 0, grid, null, null, Read.ALL);
    }

    /// Masked views: some patches of each sequence, chosen anew for every run.
    public static View masked(Tensor images, MaskedPatches chosen, int grid) {
        return new View(images, chosen.count(), chosen.kept(), grid, chosen.source(), chosen.cells(), Read.ALL);
    }

    /// The same views, of which only these tokens are read behind the last block.
    public View reading(Read tokens) {
        return new View(images, count, kept, grid, source, cells, tokens);
    }
}
