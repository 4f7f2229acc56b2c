package dev.triptych.encoder;

import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.Map;

/// A group of views of one shape that pass through the encoder: full images, masked images, or crops.
///
/// @param images the pixels in [0, 1] (any, 3, side, side)
/// @param count number of sequences
/// @param kept patches of each sequence
/// @param grid patches along a side of the images
/// @param source for each kept patch of each sequence, its number among all patches of all images (count * kept)
/// @param cells for each kept patch, its cell of the grid (rows of the grid's position table)
public record View(Tensor images, int count, int kept, int grid, Tensor source, RowIndex cells) {
    /// Views that keep all patches: image `first` of every `stride` images in `images`, `count` of them.
    public static View full(Program p, Tensor images, int count, int first, int stride, int grid) {
        int n = grid * grid;
        int[] source = new int[count * n];
        int[] cells = new int[count * n];
        for (int i = 0; i < source.length; i++) {
            source[i] = (i / n * stride + first) * n + i % n;
            cells[i] = i % n;
        }
        return new View(images, count, n, grid, p.constant("source", source),
                RowIndex.of(p, "cells", n, cells));
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
                RowIndex.of(p, "cells", cells, cell));
    }

    /// Masked views: `kept` patches of each of `count` sequences, chosen anew for every run through the integer inputs
    /// `masked.source`, `masked.cells`, `masked.cells.first` and `masked.cells.inverse`.
    public static View masked(Program p, Tensor images, int count, int kept, int grid) {
        return new View(images, count, kept, grid, p.integerInput("masked.source", count * kept),
                RowIndex.input(p, "masked.cells", grid * grid, count * kept));
    }

    /// What the inputs of `masked` take, by name, for a choice of patches.
    ///
    /// @param cells kept cells of every masked view, image-major over views (images * masked * kept)
    /// @param kept patches of a masked view
    /// @param masked views of each image that are masked, the first of those given
    /// @param given views of each image among the images
    /// @param patches N of an image
    public static Map<String, int[]> maskedInputs(int[] cells, int kept, int masked, int given, int patches) {
        int[] source = new int[cells.length];
        for (int i = 0; i < source.length; i++) {
            int row = i / kept;
            source[i] = (row / masked * given + row % masked) * patches + cells[i];
        }
        int[][] inverse = RowIndex.invert(cells, patches);
        return Map.of("masked.source", source, "masked.cells", cells, "masked.cells.first", inverse[0],
                "masked.cells.inverse", inverse[1]);
    }
}
