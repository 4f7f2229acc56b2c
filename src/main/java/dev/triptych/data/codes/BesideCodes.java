package dev.triptych.data.codes;

import java.nio.file.Path;

/// What stands beside a code file under its name: `codes/train.codes` has `codes/train.tokenizer.safetensors`.
public final class BesideCodes {
    private BesideCodes() {
    }

    /// The codebook of the codes, where `tokenize` fitted one.
    public static Path codebook(Path codes) {
        return named(codes, ".tokenizer.safetensors");
    }

    /// The classifier of the pictures behind the codes, where `eval` trained one.
    public static Path classifier(Path codes) {
        return named(codes, ".classifier.safetensors");
    }

    private static Path named(Path codes, String ending) {
        return codes.resolveSibling(codes.getFileName().toString().replaceFirst("\\.codes$", "") + ending);
    }
}
