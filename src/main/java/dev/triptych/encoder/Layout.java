package dev.triptych.encoder;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/// Where every token of every view lies among the packed rows: sequence by sequence [CLS ; kept patches ; K sparse].
///
/// @param views the groups, in order
/// @param sparse number K of sparse tokens of each sequence
/// @param whole whether all tokens are made behind the last block, whatever the views say
public record Layout(List<View> views, int sparse, boolean whole) {
    /// For each packed row, its row of the table [patches of all views ; CLS ; sparse tokens].
    int[] rows() {
        int patches = views.stream().mapToInt(v -> v.count() * v.kept()).sum();
        int[] rows = new int[total()];
        int at = 0;
        int patch = 0;
        for (View view : views) {
            for (int s = 0; s < view.count(); s++) {
                rows[at++] = patches;
                for (int i = 0; i < view.kept(); i++) {
                    rows[at++] = patch++;
                }
                for (int k = 0; k < sparse; k++) {
                    rows[at++] = patches + 1 + k;
                }
            }
        }
        return rows;
    }

    /// Lengths of all sequences.
    int[] lengths() {
        return lengths(this::length);
    }

    private int[] lengths(ToIntFunction<View> length) {
        return views.stream().flatMapToInt(v -> IntStream.generate(() -> length.applyAsInt(v)).limit(v.count()))
                .toArray();
    }

    /// Whether somebody reads every token behind the last block.
    boolean readsAll() {
        return whole || views.stream().allMatch(v -> read(v) == length(v));
    }

    /// How many tokens of each sequence are read behind the last block.
    int[] readLengths() {
        return lengths(this::read);
    }

    /// Packed rows that are read behind the last block, in order.
    int[] readRows() {
        var rows = IntStream.builder();
        int at = 0;
        for (View view : views) {
            for (int s = 0; s < view.count(); s++) {
                for (int i = 0; i < length(view); i++) {
                    if (reads(view, i)) {
                        rows.add(at + i);
                    }
                }
                at += length(view);
            }
        }
        return rows.build().toArray();
    }

    private boolean reads(View view, int token) {
        return switch (view.read()) {
            case ALL -> true;
            case CLS_AND_SPARSE -> token == 0 || token > view.kept();
            case CLS -> token == 0;
        };
    }

    private int read(View view) {
        return (int) IntStream.range(0, length(view)).filter(i -> reads(view, i)).count();
    }

    /// Where packed rows are among those that are read.
    ///
    /// @throws IllegalArgumentException if a view does not say that they are
    int[] amongRead(int... rows) {
        if (readsAll()) {
            return rows;
        }
        int[] read = readRows();
        return IntStream.of(rows).map(row -> {
            int at = Arrays.binarySearch(read, row);
            if (at < 0) {
                throw new IllegalArgumentException("Row " + row + " of the encoder is read, but its view reads "
                        + "other tokens alone; let View.reading say which are read");
            }
            return at;
        }).toArray();
    }

    /// Number of packed rows.
    public int total() {
        return views.stream().mapToInt(v -> v.count() * length(v)).sum();
    }

    private int length(View view) {
        return 1 + view.kept() + sparse;
    }

    /// Packed row of the CLS of every sequence.
    int[] cls() {
        int[] rows = lengths();
        int at = 0;
        for (int i = 0; i < rows.length; i++) {
            int length = rows[i];
            rows[i] = at;
            at += length;
        }
        return rows;
    }

    /// Packed rows of the tokens `from` to `from + count - 1` of every sequence of a view: 0 is CLS.
    public int[] tokens(int view, int from, int count) {
        int at = 0;
        for (int v = 0; v < view; v++) {
            at += views.get(v).count() * length(views.get(v));
        }
        View group = views.get(view);
        int[] rows = new int[group.count() * count];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = at + i / count * length(group) + from + i % count;
        }
        return rows;
    }
}
