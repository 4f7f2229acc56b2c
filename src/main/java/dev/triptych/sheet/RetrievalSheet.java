package dev.triptych.sheet;

import dev.triptych.data.set.ImageSet;
import dev.triptych.measure.retrieval.RetrievalExamples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Queries and what lies nearest to them: a row for each query and each way to compare, the query on the left, then the
/// nearest of the database, each over a bar that is coloured where its class is the query's.
///
/// @param examples of the same queries, one for each way to compare; at least one
/// @param queries the set of queries
/// @param database what they look among
/// @param images whether pictures are shown; without, a cell is all bar
public record RetrievalSheet(List<RetrievalExamples> examples, Side queries, Side database, boolean images) {
    private static final int CELL = 104;
    private static final int BAR = 3;
    private static final int LONGEST_NAME = 11;
    private static final int SAME = 0x31688E;
    private static final int OTHER = 0xDDE1E6;
    private static final int QUERY = 0x5C6570;

    /// One of the two sets.
    ///
    /// @param picture of an image
    /// @param label name of its class; empty where there are none
    public record Side(IntFunction<Cell> picture, IntFunction<String> label) {
        /// A set of images as they are.
        public static Side of(ImageSet set) {
            float[] image = new float[3 * set.side() * set.side()];
            return new Side(i -> {
                set.images(new int[]{i}, image, 0);
                return Cell.image(image, 0, set.side(), set.side());
            }, i -> set.className(i));
        }
    }

    /// Checks the examples.
    public RetrievalSheet {
        examples = List.copyOf(examples);
        for (RetrievalExamples example : examples) {
            if (!Arrays.equals(example.queries(), examples.getFirst().queries())) {
                throw new IllegalArgumentException("examples by " + example.by() + " are of other queries than those "
                        + "by " + examples.getFirst().by() + ": expected the same");
            }
        }
    }

    /// The sheet.
    ///
    /// @throws IllegalArgumentException where there are no examples
    public Sheet sheet(String title) {
        int[] shown = examples.getFirst().queries();
        int columns = examples.stream().mapToInt(RetrievalExamples::k).max().orElse(0);
        var captions = new ArrayList<>(List.of("query"));
        IntStream.rangeClosed(1, columns).forEach(k -> captions.add(Integer.toString(k)));
        var rows = new ArrayList<Sheet.Row>();
        int[] same = new int[examples.size()];
        int[] all = new int[examples.size()];
        for (int q = 0; q < shown.length; q++) {
            String name = queries.label.apply(shown[q]);
            for (int e = 0; e < examples.size(); e++) {
                var example = examples.get(e);
                var cells = new ArrayList<>(List.of(cell(queries, shown[q], QUERY)));
                var notes = new ArrayList<>(List.of(cut(name)));
                for (int n = 0; n < example.nearest()[q].length; n++) {
                    int i = example.nearest()[q][n];
                    String other = database.label.apply(i);
                    boolean right = !name.isEmpty() && other.equals(name);
                    same[e] += right ? 1 : 0;
                    all[e]++;
                    cells.add(cell(database, i, right ? SAME : OTHER));
                    notes.add((cut(other) + " " + example.closeness()[q][n]).strip());
                }
                rows.add(new Sheet.Row(examples.size() == 1 ? "" : example.by().replace(", ", "\n"), cells, notes));
            }
        }
        boolean named = IntStream.of(shown).anyMatch(i -> !queries.label.apply(i).isEmpty());
        var note = new StringBuilder(named
                ? "Nearest first; below each its class and how close it is. Blue: the query's class."
                : "Nearest first; below each how close it is.");
        for (int e = 0; named && e < examples.size(); e++) {
            note.append(String.format(Locale.ROOT, " By %s %d of %d shown are of the query's class.",
                    examples.get(e).by(), same[e], all[e]));
        }
        return new Sheet(title, captions, rows, note.toString(), CELL);
    }

    private Cell cell(Side side, int i, int colour) {
        if (!images) {
            return Cell.plain(CELL / 2, CELL, colour);
        }
        var picture = side.picture.apply(i);
        int bar = Math.max(1, BAR * picture.height() / CELL);
        var rgb = Arrays.copyOf(picture.rgb(), (picture.height() + bar) * picture.width());
        Arrays.fill(rgb, picture.rgb().length, rgb.length, colour);
        return new Cell(picture.height() + bar, picture.width(), rgb);
    }

    private static String cut(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
    }
}
