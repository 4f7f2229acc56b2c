package dev.triptych.method;

import dev.triptych.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;

/// A tokenizer that was opened.
///
/// @param path file of a codebook, or folder of a run
/// @param tokenizer ready to be used
/// @param source the method that trained it; null for a codebook
public record SavedTokenizer(Path path, Tokenizer tokenizer, TokenizerSource source) {
    /// What forbids its use, in words; empty where nothing does.
    public String objection() throws IOException {
        return source == null ? "" : source.objection(path, tokenizer);
    }
}
