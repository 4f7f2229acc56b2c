package dev.triptych.data.source;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/// Names of classes that stand for several labels, with semicolons between them: `cat;dog`, whose pictures have both.
public final class SeveralLabels {
    private SeveralLabels() {
    }

    /// The labels that a class stands for.
    public static List<String> of(String name) {
        return Stream.of(name.split(";")).map(String::strip).filter(label -> !label.isEmpty()).distinct().toList();
    }

    /// Whether pictures of some class have several.
    public static boolean areIn(Collection<String> classes) {
        return classes.stream().anyMatch(name -> of(name).size() > 1);
    }
}
