package dev.triptych.encoder;

import dev.triptych.program.Program;
import dev.triptych.program.RowIndex;
import dev.triptych.program.Tensor;
import java.util.function.BiConsumer;

/// Which patches masked views keep: integer inputs, given anew for every run.
///
/// @param count number of sequences
/// @param kept patches of each
/// @param patches N of an image
/// @param source for each kept patch of each sequence, its number among all patches of all images (count * kept)
/// @param cells for each kept patch, its cell of the grid
public record MaskedPatches(int count, int kept, int patches, Tensor source, RowIndex cells) {
    /// Declares the inputs `masked.source`, `masked.cells`, `masked.cells.first` and `masked.cells.inverse`.
    public static MaskedPatches input(Program p, int count, int kept, int patches) {
        return input(p, "masked", count, kept, patches);
    }

    /// The same for views of another kind, whose inputs have names of their own: `name.source`, `name.cells`, ...
    public static MaskedPatches input(Program p, String name, int count, int kept, int patches) {
        return new MaskedPatches(count, kept, patches, p.integerInput(name + ".source", count * kept),
                RowIndex.input(p, name + ".cells", patches, count * kept));
    }

    /// Gives the inputs a choice of patches.
    ///
    /// @param chosen kept cells of every masked view, image-major over views (images * masked * kept)
    /// @param masked views of each image that are masked, the first of those given
    /// @param given views of each image among the images
    /// @param to uploads an input
    public void give(int[] chosen, int masked, int given, BiConsumer<Tensor, int[]> to) {
        int[] sources = new int[chosen.length];
        for (int i = 0; i < sources.length; i++) {
            int row = i / kept;
            sources[i] = (row / masked * given + row % masked) * patches + chosen[i];
        }
        to.accept(source, sources);
        cells.give(chosen, to);
    }
}
