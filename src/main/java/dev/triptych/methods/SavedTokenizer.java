package dev.triptych.methods;

import dev.triptych.data.codes.CodeSet;
import dev.triptych.device.Device;
import dev.triptych.io.FormatException;
import dev.triptych.recipe.Method;
import dev.triptych.tokenizer.PatchCodebook;
import dev.triptych.tokenizer.Tokenizer;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.RunException;
import dev.triptych.train.RunFolder;
import dev.triptych.vqvae.VqVaePrograms;
import dev.triptych.vqvae.VqVaeTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Tokenizers on disk: the run folder of a VQ-VAE, or a saved patch codebook.
public final class SavedTokenizer {
    private static final int BATCH = 64;

    private SavedTokenizer() {
    }

    /// Opens a tokenizer; the caller closes it.
    ///
    /// @param path folder of a run, or file
    /// @throws RunException where it is neither, or the run is one of another method or has no checkpoint
    public static Tokenizer open(Path path, Device device) throws IOException {
        if (Files.isRegularFile(path)) {
            return PatchCodebook.load(path);
        }
        if (!Files.exists(path)) {
            throw new RunException(path + ": there is no such file or folder; expected a codebook that `triptych "
                    + "tokenize --tokenizer kmeans` saved, or the folder of a trained VQ-VAE. Check the path.");
        }
        var run = RunFolder.open(path);
        var recipe = run.recipe();
        if (recipe.method() != Method.VQVAE) {
            throw new RunException(path + ": the run's method is " + recipe.method().name().toLowerCase(Locale.ROOT)
                    + "; expected vqvae. Give the folder of a run of recipe vqvae-cifar, or a saved codebook.");
        }
        var newest = run.checkpoints().newest();
        if (newest.isEmpty()) {
            throw new RunException(path + ": the run has no checkpoint; expected at least one. Train it first.");
        }
        return open(new VqVaePrograms(recipe), newest.get().file(), device);
    }

    /// Opens the tokenizer that made a code file, for images of the side that they were made of; the caller closes it.
    ///
    /// @param path folder of a run, or file
    /// @throws FormatException where another one made them, or this one cannot have their grid
    public static Tokenizer open(Path path, CodeSet codes, Device device) throws IOException {
        Tokenizer saved = open(path, device);
        try {
            codes.requireTokenizer(saved.sha256(), path.toString());
            return saved.forGrid(codes.header().grid());
        } catch (IllegalArgumentException e) {
            saved.close();
            throw new FormatException(codes.path(), "header", "its grid is " + codes.header().grid() + ", but of "
                    + path + " " + e.getMessage(),
                    "Tokenise images of the side that the tokenizer takes, "
                            + saved.side() + " pixels",
                    e);
        } catch (RuntimeException e) {
            saved.close();
            throw e;
        }
    }

    /// Opens the model of a checkpoint.
    public static VqVaeTokenizer open(VqVaePrograms programs, Path checkpoint, Device device) throws IOException {
        var encode = programs.evaluate(BATCH);
        var decode = programs.decode(BATCH);
        var session = device.bind(programs.state(), encode.program(), decode.program());
        try {
            Checkpoint.load(checkpoint, programs.state(), session, null);
            return new VqVaeTokenizer(session, programs, encode, decode);
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
    }
}
