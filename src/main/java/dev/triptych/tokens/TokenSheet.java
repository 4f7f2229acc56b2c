package dev.triptych.tokens;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.set.Subset;
import dev.triptych.measure.feature.ArgMax;
import dev.triptych.recipe.Recipe;
import dev.triptych.sheet.Cell;
import dev.triptych.sheet.Places;
import dev.triptych.sheet.Sheet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// The sheet of an evaluation: each row an image, its reconstruction, its segments by arg-max L, and where each token
/// is: one column of L.
public final class TokenSheet {
    /// Rows of an evaluation's sheet.
    public static final int ROWS = 8;
    private static final int CELL = 96;
    private static final double OPACITY = 0.6;
    private static final int GROUND = 0x404040;

    private final Recipe recipe;
    private final Painter painter;
    private final ImageSet test;
    private final boolean images;
    private final int most;

    /// A sheet of a few images spread over a set.
    ///
    /// @param images whether the pictures themselves are shown; without, segments and tokens lie on a plain ground
    public TokenSheet(Recipe recipe, Painter painter, ImageSet test, boolean images) {
        this(recipe, painter, test, images, ROWS);
    }

    /// The same with so many rows at most.
    public TokenSheet(Recipe recipe, Painter painter, ImageSet test, boolean images, int most) {
        this.images = images;
        this.recipe = recipe;
        this.painter = painter;
        this.test = test;
        this.most = most;
    }

    /// Pictures, L and reconstructions of a batch; no reconstructions where the decoder paints none.
    private record Shown(float[] images, float[] localization, float[] reconstruction) {
    }

    /// The sheet.
    ///
    /// @param what the images are, for the note below
    public Sheet sheet(String title, String what) {
        int count = Math.min(most, test.size());
        int[] indices = Subset.strided(test.size(), count);
        var rows = new ArrayList<Sheet.Row>();
        var encoder = painter.encoder();
        encoder.encode(ImageSets.subset(test, indices), List.of(), batch -> {
            var shown = new Shown(batch.images(), encoder.value(painter.values().localization()),
                    painter.paints() ? painter.reconstruction() : null);
            for (int i = 0; i < batch.count(); i++) {
                rows.add(row(shown, i, test.className(indices[batch.first() + i])));
            }
        });
        var captions = new ArrayList<>(List.of("arg-max L"));
        if (painter.paints()) {
            captions.addFirst("reconstruction");
        }
        if (images) {
            captions.addFirst("image");
        }
        IntStream.rangeClosed(1, painter.values().tokens()).forEach(k -> captions.add("token " + k));
        captions.add("L");
        return new Sheet(title, captions, rows, what + " Under token k: where it is, a column of L over the patches. "
                + "Without colour: at most 1/K, an even share; brightest: the picture's largest value.", CELL);
    }

    private Sheet.Row row(Shown batch, int i, String label) {
        int side = recipe.data().side();
        int grid = side / recipe.encoder().patch();
        int tokens = painter.values().tokens();
        int patches = grid * grid;
        int l0 = i * patches * tokens;
        Cell image = images
                ? Cell.image(batch.images(), i * 3 * side * side, side, side)
                : Cell.plain(side, side, GROUND);
        var cells = new ArrayList<Cell>();
        if (images) {
            cells.add(image);
        }
        if (batch.reconstruction() != null) {
            cells.add(Cell.image(batch.reconstruction(), i * 3 * side * side, side, side));
        }
        cells.add(image.segments(ArgMax.ofRows(batch.localization(), l0, patches, tokens), grid, grid, OPACITY));
        var places = new Places(batch.localization(), l0, grid, tokens);
        for (int k = 0; k < tokens; k++) {
            cells.add(places.over(image, k));
        }
        cells.add(Places.scale());
        var notes = new ArrayList<>(Collections.nCopies(cells.size() - 1, ""));
        notes.add(String.format(Locale.ROOT, "%.2f to %.2f", places.from(), places.peak()));
        return new Sheet.Row(label, cells, notes);
    }
}
