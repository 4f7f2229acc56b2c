package dev.triptych.cli;

import dev.triptych.device.Device;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.device.vector.VectorDevice;
import dev.triptych.eval.Acceptance;
import dev.triptych.eval.VqVaeTokenizer;
import dev.triptych.recipe.Recipe;
import dev.triptych.tokenizer.Tokenizer;
import dev.triptych.train.SavedTokenizer;
import java.io.IOException;
import java.nio.file.Path;

/// The frozen tokenizer whose codes a recipe's decoder predicts. A VQ-VAE runs on a device of its own, in Java, because
/// batches are made on other threads than those that train.
///
/// @param path file or run folder; null where the decoder predicts pixels, or the recipe names none
/// @param tokenizer null without a path
/// @param device of the tokenizer
record TargetTokenizer(Path path, Tokenizer tokenizer, Device device) implements AutoCloseable {
    /// Opens the tokenizer that a recipe names.
    ///
    /// @param training where the recipe itself is run: on `plain`, kernels run as written here, too
    /// @throws dev.triptych.train.RunException where there is none of that name
    static TargetTokenizer open(Recipe recipe, Device training) throws IOException {
        Device device = training instanceof PlainDevice ? new PlainDevice() : new VectorDevice(1);
        try {
            String name = recipe.decoder() == null ? null : recipe.decoder().tokenizer();
            Path path = name == null ? null : Path.of(name);
            return new TargetTokenizer(path, path == null ? null : SavedTokenizer.open(path, device), device);
        } catch (IOException | RuntimeException e) {
            device.close();
            throw e;
        }
    }

    /// Says what it is, and of a VQ-VAE whether it was accepted.
    void describe(Terminal terminal) throws IOException {
        if (tokenizer != null) {
            String objection = tokenizer instanceof VqVaeTokenizer ? Acceptance.objection(path, tokenizer) : "";
            terminal.remark("tokenizer:  " + tokenizer.description() + ", " + path
                    + (objection.isEmpty() ? "" : "; not accepted as a tokenizer: " + objection));
        }
    }

    @Override
    public void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
        device.close();
    }
}
