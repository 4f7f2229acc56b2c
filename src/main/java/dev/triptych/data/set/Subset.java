package dev.triptych.data.set;

import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.stream.IntStream;

/// Which images stand for a set where not all are taken.
public final class Subset {
    private Subset() {
    }

    /// One number below `of` from each of `some` equal stretches, drawn, the same ones every time, ascending: spread
    /// over sets that lie class by class, and blind to the turns that classes take in others.
    ///
    /// @param some 1 to `of`
    public static int[] drawn(int of, int some) {
        return IntStream.range(0, some).map(i -> {
            int from = (int) ((long) i * of / some);
            int to = (int) ((long) (i + 1) * of / some);
            return from + CounterRandom.of(0, Stream.SPLIT, some, i).below(to - from);
        }).toArray();
    }

    /// Numbers below `of` at equal odd distances: for the eye alone.
    ///
    /// @param some 1 to `of`
    public static int[] strided(int of, int some) {
        int stride = Math.max(1, of / some - 1 | 1);
        return IntStream.range(0, some).map(i -> i * stride % of).toArray();
    }
}
