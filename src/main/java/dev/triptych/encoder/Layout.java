package dev.triptych.encoder;

import java.util.List;

/// Where every token of every view lies among the packed rows: sequence by sequence [CLS ; kept patches ; K sparse].
///
/// @param views the groups, in order
/// @param sparse number K of sparse tokens of each sequence
public record Layout(List<View> views, int sparse) {
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
        return views.stream().flatMapToInt(v -> java.util.stream.IntStream.generate(() -> length(v)).limit(v.count()))
                .toArray();
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
