package dev.triptych.method;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Draws images out of nothing.
public interface Generator {
    /// Generates images and writes them into the run folder.
    ///
    /// @param settings `key=value`
    /// @param tokenizer that decodes; null for the one beside what the run was trained on
    /// @param name of the files, without their ending
    /// @throws InputException if a setting does not fit, or something would be lost
    Outcome generate(Trained run, List<String> settings, Path tokenizer, String name, Workplace place)
            throws IOException;
}
