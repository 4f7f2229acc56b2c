package dev.triptych.recipe;

import java.util.Collection;

/// The nearest word by edit distance (insertions, deletions, substitutions).
final class Nearest {
    private Nearest() {
    }

    /// The nearest of the words; the first of them where several are equally near.
    static String of(String word, Collection<String> words) {
        String nearest = null;
        int best = Integer.MAX_VALUE;
        for (var candidate : words) {
            int d = distance(word, candidate);
            if (d < best) {
                best = d;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /// The nearest of the words if it is near enough to be meant (a third of the letters wrong, at least 2), else null.
    static String close(String word, Collection<String> words) {
        var nearest = of(word, words);
        boolean meant = nearest != null && distance(word, nearest) <= Math.max(2, word.length() / 3);
        return meant ? nearest : null;
    }

    /// The edit distance of two words.
    static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
