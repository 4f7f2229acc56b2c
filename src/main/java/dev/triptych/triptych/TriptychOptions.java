package dev.triptych.triptych;

import dev.triptych.method.InputException;
import dev.triptych.method.Judging;
import dev.triptych.method.Option;
import java.nio.file.Path;

/// The options of `eval` that only a run of Triptych has.
///
/// @param how what was given
record TriptychOptions(Judging how) {
    /// Pictures to generate.
    static final Option<Integer> GENERATED = new Option<>("--generated", Integer.class, "N",
            "Triptych: pictures that are generated and judged by a classifier (0).");
    /// The classifier that judges them.
    static final Option<Path> EYE = new Option<>("--generated-classifier", Path.class, "FILE",
            "Triptych: that classifier; trained and written where it is missing (classifier.safetensors in the run "
                    + "folder).");

    /// Pictures to generate; 0 for none.
    int generated() {
        int value = how.value(GENERATED, 0);
        if (value != 0 && (value < 2 || value > 1_000_000)) {
            throw new InputException("--generated is " + value + "; expected 2 to 1000000, or 0 for none. Change it, "
                    + "or leave it out.");
        }
        return value;
    }

    /// The classifier's file.
    Path classifier(Path folder) {
        return how.value(EYE, folder.resolve("classifier.safetensors"));
    }
}
