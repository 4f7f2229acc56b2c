package dev.triptych.method;

import dev.triptych.data.set.BatchLoader;
import java.util.function.Consumer;

/// Batches made ahead of training, each copied into the inputs of its step.
///
/// @param loader makes them on other threads
/// @param upload copies one into a session
/// @param <B> a batch
public record Feed<B>(BatchLoader<B> loader, Consumer<B> upload) implements AutoCloseable {
    /// Copies the batch of the next step; waits until it is there.
    public void next() {
        upload.accept(loader.next());
    }

    /// Seconds spent waiting.
    public double waitedSeconds() {
        return loader.waitedSeconds();
    }

    @Override
    public void close() {
        loader.close();
    }
}
