package dev.triptych.cli;

import dev.triptych.data.codes.CodeSet;
import java.nio.file.Files;
import java.nio.file.Path;

/// What stands beside a code file under its name: `codes/train.codes` has `codes/train.tokenizer.safetensors`.
final class BesideCodes {
    private BesideCodes() {
    }

    /// The codebook of the codes, where `tokenize` fitted one.
    static Path codebook(Path codes) {
        return named(codes, ".tokenizer.safetensors");
    }

    /// The classifier of the pictures behind the codes, where `eval` trained one.
    static Path classifier(Path codes) {
        return named(codes, ".classifier.safetensors");
    }

    private static Path named(Path codes, String ending) {
        return codes.resolveSibling(codes.getFileName().toString().replaceFirst("\\.codes$", "") + ending);
    }

    /// The file or run of the tokenizer that decodes codes.
    ///
    /// @param option `--tokenizer`; null for the codebook beside the codes
    /// @param otherwise how to do without, in words
    /// @throws InputException if there is nothing of that name
    static Path tokenizer(CodeSet codes, Path option, String otherwise) {
        Path found = option == null ? codebook(codes.path()) : option;
        if (!Files.exists(found)) {
            throw new InputException("--tokenizer " + found + ": there is no such file; expected what made "
                    + codes.path() + ", " + codes.header().tokenizer() + ". Give --tokenizer FILE, for a VQ-VAE "
                    + "--tokenizer RUN" + otherwise + ".");
        }
        return found;
    }
}
