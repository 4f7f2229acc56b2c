package dev.triptych.cli;

import dev.triptych.io.AtomicFile;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Turns Ctrl-C into a flag, and holds the end of the program back until the work has seen the flag and is closed.
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 600;

    private final AtomicBoolean asked = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;

    /// @param terminal is told that the work ends soon
    Interruption(Terminal terminal) {
        hook = new Thread(() -> {
            asked.set(true);
            terminal.remark("\nStopping after this step, with a checkpoint.");
            try {
                closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "interruption");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            asked.set(true); // the program is ending already, and waits for nobody
            return;
        }
        AtomicFile.removeOnlyAfter(closed); // the last checkpoint is still to be written
    }

    /// Whether the user wants the work to end.
    boolean asked() {
        return asked.get();
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the program is ending already
        }
    }
}
