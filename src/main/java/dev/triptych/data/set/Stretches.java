package dev.triptych.data.set;

/// Which entries of a part are used where not all are wanted: one from each of `count` equal stretches, as [Subset]
/// draws it, and where that one cannot be read, the next of its stretch.
final class Stretches {
    private final int all;
    private final int[] drawn;

    /// @param count 1 to `all`
    Stretches(int all, int count) {
        this.all = all;
        this.drawn = Subset.drawn(all, count);
    }

    /// The first entry of a place's stretch.
    int from(int place) {
        return (int) ((long) place * all / drawn.length);
    }

    /// The entry that a place tries after `failed` others; -1 where the stretch has no more.
    int candidate(int place, int failed) {
        int from = from(place);
        int length = from(place + 1) - from;
        return failed >= length ? -1 : from + (drawn[place] - from + failed) % length;
    }

    /// Number of places.
    int count() {
        return drawn.length;
    }

    /// Whether every entry is used.
    boolean whole() {
        return drawn.length == all;
    }
}
