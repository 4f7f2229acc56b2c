package dev.triptych.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Temporary files that are being written, to be removed where the program ends before they are finished.
/// (`File.deleteOnExit` would keep the name of each for as long as the program runs.)
final class Unfinished {
    private static final long PATIENCE_SECONDS = 600;

    private final Set<Path> files = new HashSet<>();
    private final Set<CountDownLatch> work = new HashSet<>();

    /// @return whether it was not among them yet
    synchronized boolean add(Path file) {
        return files.add(file);
    }

    synchronized void remove(Path file) {
        files.remove(file);
    }

    synchronized int count() {
        return files.size();
    }

    /// Work that ends in order even when the program is asked to end: nothing is removed before it is done.
    synchronized void await(CountDownLatch done) {
        work.removeIf(latch -> latch.getCount() == 0);
        work.add(done);
    }

    /// Waits for the work, then removes what is left.
    void clear() {
        try {
            for (CountDownLatch done : awaited()) {
                done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        deleteAll();
    }

    private synchronized Set<CountDownLatch> awaited() {
        return Set.copyOf(work);
    }

    private synchronized void deleteAll() {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // the program is ending, and a file that stays has the name of a temporary one
            }
        }
    }
}
