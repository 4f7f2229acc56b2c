package dev.triptych.device.vector;

import dev.triptych.program.Call;

/// A kernel over parts of its outer loop. The results are the kernel's own, bit by bit.
final class RangeKernel {
    private RangeKernel() {
    }

    /// Shares a call among the threads.
    ///
    /// @param work number of elementary steps
    static Runnable bind(Call.Bound call, long work, WorkerPool pool) {
        int extent = call.extent();
        int parts = parts(extent, work, pool.threads());
        return pool.job(parts, (part, worker) -> call.run((int) ((long) extent * part / parts),
                (int) ((long) extent * (part + 1) / parts)));
    }

    private static int parts(int extent, long work, int threads) {
        if (extent <= 0) {
            return 0;
        }
        // several parts a thread, so that who is done early takes another; few where waking threads costs more
        return threads == 1 ? 1 : (int) Math.min(Math.min(extent, 4L * threads), Math.max(1, work / 16384));
    }
}
