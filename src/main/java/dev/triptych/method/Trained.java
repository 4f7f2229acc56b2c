package dev.triptych.method;

import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.program.State;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// The weights of a run, and what is known of them.
public interface Trained {
    /// Folder of the run.
    Path folder();

    /// Name of the run.
    default String name() {
        return folder().toAbsolutePath().normalize().getFileName().toString();
    }

    /// The title of its sheets.
    ///
    /// @param method as its authors write it
    default String title(String method) {
        return method + ", " + name() + ", step " + step();
    }

    /// What it was trained with.
    Recipe own();

    /// The same, possibly with other images.
    Recipe recipe();

    /// The file of the weights.
    Path checkpoint();

    /// Steps that were done.
    long step();

    /// SHA-256 of what the training read besides recipe and images, by name.
    Map<String, String> sources();

    /// Checks that what is at hand is what the training read.
    ///
    /// @param found SHA-256 by name
    /// @param remedy the rest of the message, behind "Restore the tokenizer"
    void requireSources(Map<String, String> found, String remedy);

    /// Copies parameters, teacher and buffers into a session.
    void load(State state, Session into) throws IOException;

    /// The head of a report, to which more may be added: run and checkpoint, what was judged, how it was trained.
    ///
    /// @param judged images or codes, in words by name
    Map<String, String> facts(Map<String, String> judged, Device device) throws IOException;
}
