package dev.triptych.train;

import dev.triptych.device.Device;
import dev.triptych.method.Method;
import dev.triptych.method.Registry;
import dev.triptych.method.SavedTokenizer;
import dev.triptych.tokenizer.PatchCodebook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/// Tokenizers on disk: saved patch codebooks, and runs of methods that make one.
public final class TokenizerFiles {
    private TokenizerFiles() {
    }

    /// Opens a tokenizer; the caller closes it.
    ///
    /// @param path file, or folder of a run
    /// @param methods among which is the run's
    /// @throws RunException where it is neither, or the run is one of another method or has no checkpoint
    public static SavedTokenizer open(Path path, Registry methods, Device device) throws IOException {
        if (Files.isRegularFile(path)) {
            return new SavedTokenizer(path, PatchCodebook.load(path), null);
        }
        var makers = methods.all().stream().filter(method -> method.tokenizer().isPresent()).toList();
        if (!Files.exists(path)) {
            throw new RunException(path + ": there is no such file or folder; expected a codebook that `triptych "
                    + "tokenize --tokenizer kmeans` saved, or the folder of a trained VQ-VAE. Check the path.");
        }
        var run = RunFolder.open(path);
        var recipe = run.recipe(methods.recipes());
        var source = methods.of(recipe).tokenizer().orElseThrow(() -> new RunException(path + ": the run's method is "
                + recipe.method() + "; expected " + makers.stream().map(Method::name).collect(
                        Collectors.joining(" or "))
                + ". Give the folder of a run of recipe " + makers.stream().map(method -> method.recipes().getLast())
                        .collect(Collectors.joining(" or "))
                + ", or a saved codebook."));
        return new SavedTokenizer(path, source.open(TrainedRun.open(run, run.newest(), recipe, recipe), device),
                source);
    }
}
