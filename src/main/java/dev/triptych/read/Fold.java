package dev.triptych.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// What repeats in a list of steps, folded: blocks of a transformer, iterations.
sealed interface Fold {
    /// A step by itself.
    record One(Result result) implements Fold {
    }

    /// Steps that are done several times in a row, with other numbers.
    ///
    /// @param body the first time
    /// @param times how often in all
    /// @param last the last step of the last time
    record Several(List<Fold> body, int times, Result last) implements Fold {
        /// The first step of the second time.
        int second() {
            return count(body) + first(body).number();
        }
    }

    /// Folds what saves at least so many lines.
    int WORTH = 3;

    /// Folds a list of steps.
    static List<Fold> of(List<Result> results) {
        var ids = new HashMap<String, Integer>();
        int[] like = results.stream().mapToInt(r -> ids.computeIfAbsent(r.likeness(), _ -> ids.size())).toArray();
        return fold(results, like, 0, results.size(), results.size());
    }

    private static List<Fold> fold(List<Result> results, int[] like, int from, int to, int longest) {
        var folds = new ArrayList<Fold>();
        for (int i = from; i < to;) {
            int period = 0;
            int saved = WORTH - 1;
            for (int p = 1; p <= Math.min(longest, (to - i) / 2); p++) {
                int times = times(like, i, to, p);
                if (p * (times - 1) > saved) {
                    period = p;
                    saved = p * (times - 1);
                }
            }
            if (period == 0) {
                folds.add(new One(results.get(i)));
                i++;
            } else {
                folds.add(new Several(fold(results, like, i, i + period, period - 1), saved / period + 1,
                        results.get(i + period + saved - 1)));
                i += period + saved;
            }
        }
        return folds;
    }

    private static int times(int[] like, int from, int to, int period) {
        int end = from + period;
        while (end < to && like[end] == like[end - period]) {
            end++;
        }
        return (end - from) / period;
    }

    private static Result first(List<Fold> folds) {
        return switch (folds.getFirst()) {
            case One one -> one.result();
            case Several several -> first(several.body());
        };
    }

    /// The last step of the last of them.
    static Result last(List<Fold> folds) {
        return switch (folds.getLast()) {
            case One one -> one.result();
            case Several several -> several.last();
        };
    }

    private static int count(List<Fold> folds) {
        return folds.stream().mapToInt(f -> switch (f) {
            case One _ -> 1;
            case Several s -> s.times() * count(s.body());
        }).sum();
    }
}
