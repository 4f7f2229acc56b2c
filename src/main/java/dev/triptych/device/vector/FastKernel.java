package dev.triptych.device.vector;

/// A faster implementation of one kernel.
@FunctionalInterface
interface FastKernel {
    /// Binds it to a launch's arguments; what it returns is run every step and allocates nothing.
    ///
    /// @param arguments as the kernel takes them: arrays with offsets, sizes, constants
    /// @param pool the threads
    Runnable bind(Arguments arguments, WorkerPool pool);
}
