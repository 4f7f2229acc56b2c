package dev.triptych.data.set;

import java.util.List;

/// What the classes of images can tell.
public final class ClassNames {
    private ClassNames() {
    }

    /// Why figures of labels would say nothing, in words; empty where there are two classes or more.
    public static String absence(List<String> classes) {
        return switch (classes.size()) {
            case 0 -> "the images have no labels";
            case 1 -> "all images are of one class, " + classes.getFirst();
            default -> "";
        };
    }

    /// The name of a class; empty where there are none.
    public static String of(List<String> classes, int label) {
        return classes.isEmpty() ? "" : classes.get(label);
    }
}
