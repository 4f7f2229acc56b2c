package dev.triptych.device.vector;

import java.util.List;
import java.util.function.Predicate;

/// A run of kernels that one faster implementation carries out.
///
/// @param kernels their names, in order
/// @param fits whether launches of these kernels belong together: the same numbers, sizes that pay, and nobody else who
///     reads what is then not written
/// @param fusion the implementation
record Pattern(List<String> kernels, Predicate<Window> fits, Fusion fusion) {
    /// The faster implementation of a run of launches.
    @FunctionalInterface
    interface Fusion {
        /// Binds it; what it returns is run every step and allocates nothing.
        ///
        /// @param window the launches
        /// @param arguments of each launch in turn, as its kernel takes them
        /// @param pool the threads
        Runnable bind(Window window, List<Arguments> arguments, WorkerPool pool);
    }
}
