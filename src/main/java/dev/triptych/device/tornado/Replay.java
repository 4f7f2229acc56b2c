package dev.triptych.device.tornado;

import uk.ac.manchester.tornado.api.KernelContext;

/// The task that leads through [Tables].
public final class Replay {
    /// Lanes of the one group that copies a row.
    static final int LANES = 64;

    private Replay() {
    }

    /// A run begins: its row goes to where its tasks read, and the row behind it is the next.
    ///
    /// @param n integers of the row
    /// @param m constants of the row
    public static void takeRow(KernelContext context, int[] integers, float[] numbers, int n, int m) {
        int[] shared = context.allocateIntLocalArray(1);
        int lane = context.localIdx;
        if (lane == 0) {
            shared[0] = integers[Tables.NEXT];
        }
        context.localBarrier();
        int row = shared[0];
        for (int i = lane; i < n; i += LANES) {
            integers[Tables.HEAD + i] = integers[row + Tables.HEAD + i];
        }
        int number = integers[row + 1];
        for (int i = lane; i < m; i += LANES) {
            numbers[i] = numbers[number + i];
        }
        if (lane == 0) {
            integers[Tables.NEXT] = integers[row];
            integers[Tables.RUNS] = integers[Tables.RUNS] + 1;
        }
    }
}
