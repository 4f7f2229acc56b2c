package dev.triptych.device.vector;

import dev.triptych.program.Call;

/// Faster implementations of a family's kernels.
@FunctionalInterface
interface FastKernel {
    /// Binds a call; what it returns is run every step and allocates nothing.
    ///
    /// @return null where the kernel has no faster implementation in this family
    Runnable bind(Call.Bound call, WorkerPool pool);
}
