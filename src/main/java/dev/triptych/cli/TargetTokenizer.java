package dev.triptych.cli;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.device.Device;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.device.vector.VectorDevice;
import dev.triptych.methods.SavedTokenizer;
import dev.triptych.recipe.Recipe;
import dev.triptych.stellar.StellarTask;
import dev.triptych.tokenizer.Tokenizer;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.RunException;
import dev.triptych.vqvae.Acceptance;
import dev.triptych.vqvae.VqVaeTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// The frozen tokenizer whose codes a recipe's decoder predicts. A VQ-VAE runs on a device of its own, in Java, because
/// batches are made on other threads than those that train.
///
/// @param path file or run folder; null where the decoder predicts pixels, or the recipe names none
/// @param tokenizer null without a path
/// @param device of the tokenizer; null without a path
record TargetTokenizer(Path path, Tokenizer tokenizer, Device device) implements AutoCloseable {
    /// Opens the tokenizer that a recipe names.
    ///
    /// @param training where the recipe itself is run: on `plain`, kernels run as written here, too; null for any other
    /// @throws dev.triptych.train.RunException where there is none of that name
    static TargetTokenizer open(Recipe recipe, Device training) throws IOException {
        if (recipe.decoder() == null || recipe.decoder().tokenizer() == null) {
            return new TargetTokenizer(null, null, null);
        }
        Path path = Path.of(recipe.decoder().tokenizer());
        Device device = training instanceof PlainDevice ? new PlainDevice() : new VectorDevice(1);
        try {
            return new TargetTokenizer(path, SavedTokenizer.open(path, device), device);
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

    /// The codes that the decoder of a checkpoint predicts, of the very tokenizer that it learnt from; null where it
    /// predicts pixels, and where its recipe names no tokenizer (weights that were imported): it cannot paint then.
    ///
    /// @throws RunException if this is not the tokenizer that it learnt from
    CodeTargets targets(Recipe recipe, Path checkpoint, Checkpoint.Position position) {
        if (recipe.decoder() == null || recipe.decoder().codes() == 0 || tokenizer == null) {
            return null;
        }
        CodeTargets targets = StellarTask.targets(recipe, tokenizer);
        position.requireSources(checkpoint, Map.of("tokenizer", targets.tokenizer().sha256()),
                " at " + recipe.decoder().tokenizer() + ".");
        return targets;
    }

    @Override
    public void close() {
        if (tokenizer != null) {
            tokenizer.close();
            device.close();
        }
    }
}
