package dev.triptych.data.source;

import dev.triptych.data.file.ImageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// Which of the folders side by side are parts, by their names.
///
/// @param train name of the part to learn from; null where there is none
/// @param test name of the part to judge with; null where there is none
record PartNames(String train, String test) {
    /// Words for a part to learn from.
    static final List<String> TRAIN = List.of("train", "training");
    /// Words for a part to judge with; the first that is there is taken.
    static final List<String> TEST = List.of("test", "testing", "val", "valid", "validation");

    /// Looks for one of the words, in any case; where none is there, for two names that are alike but for them, such as
    /// `seg_train` and `seg_test` or `train1` and `test1`.
    ///
    /// @throws ImageException where two folders can be the same part
    static PartNames of(Path place, Collection<String> names) {
        String train = named(place, names, TRAIN);
        String test = null;
        for (var words = TEST.iterator(); test == null && words.hasNext();) {
            test = named(place, names, List.of(words.next()));
        }
        if (train != null || test != null) {
            return new PartNames(train, test);
        }
        var pairs = new ArrayList<PartNames>();
        for (String learn : names) {
            for (String word : TEST) {
                names.stream().filter(judge -> alike(learn, judge, word))
                        .forEach(j -> pairs.add(new PartNames(learn, j)));
            }
        }
        if (pairs.stream().map(PartNames::train).distinct().count() > 1) {
            throw new ImageException(place,
                    "its folders " + pairs.stream().map(pair -> pair.train + " and " + pair.test)
                            .toList() + " are parts of several sets by their names",
                    "Give one set, in folders train and test; or take them as classes with data.parts=none");
        }
        return pairs.isEmpty() ? new PartNames(null, null) : pairs.getFirst();
    }

    private static String named(Path place, Collection<String> names, List<String> words) {
        var found = names.stream().filter(name -> words.contains(name.toLowerCase(Locale.ROOT))).toList();
        if (found.size() > 1) {
            throw new ImageException(place, "it has both " + found.get(0) + " and " + found.get(1)
                    + "; expected one folder " + words.getFirst(),
                    "Put them together, or take them as plain folders with data.parts=none");
        }
        return found.isEmpty() ? null : found.getFirst();
    }

    /// Whether two names differ in a word for training and this one for testing alone.
    private static boolean alike(String learn, String judge, String word) {
        return TRAIN.stream().anyMatch(other -> without(learn, other) != null
                && without(learn, other).equals(without(judge, word)));
    }

    /// A name with a mark in place of a word of its own, which digits may follow; null where it has not this word.
    private static String without(String name, String word) {
        String marked = name.toLowerCase(Locale.ROOT).replaceFirst("(?<![a-z])" + word + "(?![a-z])", "*");
        return marked.contains("*") ? marked : null;
    }
}
