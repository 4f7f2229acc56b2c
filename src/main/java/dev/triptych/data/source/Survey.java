package dev.triptych.data.source;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/// What lies in one part of a source, counted.
///
/// @param pictures entries of a walk
/// @param perClass of each class (classes); empty where there are no labels
/// @param leftOut what lies there and is no picture, by what it is (`*.txt`, `hidden`), see
///        [dev.triptych.data.file.LeftOut]
public record Survey(long pictures, long[] perClass, SortedMap<String, Long> leftOut) {
    /// Copies the parts.
    public Survey {
        perClass = perClass.clone();
        leftOut = new TreeMap<>(leftOut);
        if (perClass.length > 0 && Arrays.stream(perClass).sum() != pictures) {
            throw new IllegalArgumentException(Arrays.toString(perClass) + " pictures of classes; expected " + pictures
                    + " together");
        }
    }
}
