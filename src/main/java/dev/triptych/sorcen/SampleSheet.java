package dev.triptych.sorcen;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.Subset;
import dev.triptych.measure.code.CodeGrids;
import dev.triptych.sheet.Cell;
import dev.triptych.sheet.Sheet;
import dev.triptych.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// The sheet of a Sorcen run: generated images, what the tokenizer makes of test images, and these images themselves.
///
/// @param tokenizer that decodes
/// @param test codes of the test images
/// @param generated codes
/// @param images the test images; null where there are none
/// @param hidden whether test images are left out, decoded ones too: those show what they were made of
public record SampleSheet(Tokenizer tokenizer, CodeGrids test, CodeGrids generated, ImageSet images, boolean hidden) {
    private static final int ROWS = 8;
    private static final int COLUMNS = 4;
    private static final int CELL = 76;

    /// The sheet.
    public Sheet sheet(String title) {
        int shown = Math.min(ROWS * COLUMNS, Math.min(test.count(), generated.count()));
        int[] indices = Subset.drawn(test.count(), shown);
        int columns = Math.min(COLUMNS, shown);
        int length = 3 * tokenizer.side() * tokenizer.side();
        var blocks = new ArrayList<float[]>();
        var captions = new ArrayList<String>();
        blocks.add(decoded(generated.select(IntStream.range(0, shown).toArray()), length));
        captions.addAll(caption("generated", columns));
        if (!hidden) {
            blocks.add(decoded(test.select(indices), length));
            captions.addAll(caption("decoded", columns));
        }
        if (!hidden && images != null) {
            float[] pixels = new float[shown * length];
            images.images(indices, pixels, 0);
            blocks.add(pixels);
            captions.addAll(caption("image", columns));
        }
        var rows = new ArrayList<Sheet.Row>();
        for (int first = 0; first + columns <= shown; first += columns) {
            rows.add(new Sheet.Row("", cells(blocks, first, first + columns, length)));
        }
        return new Sheet(title, captions, rows,
                (hidden ? "Images" : "Left: images") + " that never were, generated as codes and decoded by "
                        + tokenizer.description() + "." + (hidden
                                ? ""
                                : " Beside them: test images through the tokenizer"
                                        + (images == null ? "." : ", and as they are.")),
                CELL);
    }

    /// Names the first column of a block.
    private static List<String> caption(String text, int columns) {
        var captions = new ArrayList<>(Collections.nCopies(columns, ""));
        captions.set(0, text);
        return captions;
    }

    private List<Cell> cells(List<float[]> blocks, int first, int end, int length) {
        var cells = new ArrayList<Cell>();
        for (float[] block : blocks) {
            for (int i = first; i < end; i++) {
                cells.add(Cell.image(block, i * length, tokenizer.side(), tokenizer.side()));
            }
        }
        return cells;
    }

    private float[] decoded(CodeGrids grids, int length) {
        float[] images = new float[grids.count() * length];
        tokenizer.decode(grids.ids(), grids.count(), images);
        return images;
    }
}
