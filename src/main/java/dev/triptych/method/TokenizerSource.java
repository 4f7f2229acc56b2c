package dev.triptych.method;

import dev.triptych.device.Device;
import dev.triptych.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;

/// A method whose runs are tokenizers.
public interface TokenizerSource {
    /// Opens the tokenizer of a run; the caller closes it.
    Tokenizer open(Trained run, Device device) throws IOException;

    /// What forbids the use of a run's tokenizer, in words; empty where nothing does.
    ///
    /// @param run its folder
    String objection(Path run, Tokenizer tokenizer) throws IOException;
}
