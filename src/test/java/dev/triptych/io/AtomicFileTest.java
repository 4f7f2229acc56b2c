package dev.triptych.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files are known as unfinished while they are written, and no longer.
class AtomicFileTest {
    @TempDir
    private Path folder;

    @Test
    void nothingIsKeptOfFilesThatAreFinished() throws IOException {
        for (int i = 0; i < 100; i++) {
            AtomicFile.write(folder.resolve("file" + i), channel -> assertEquals(1, AtomicFile.unfinished()));
        }
        assertThrows(IOException.class, () -> AtomicFile.write(folder.resolve("file"), channel -> {
            throw new IOException("no more");
        }));
        assertEquals(0, AtomicFile.unfinished());
    }

    @Test
    @Timeout(60)
    void whatIsLeftAtTheEndIsRemovedOnceWorkIsDone() throws IOException, InterruptedException {
        var unfinished = new Unfinished();
        Path left = Files.writeString(folder.resolve("left"), "a part");
        Path kept = Files.writeString(folder.resolve("kept"), "whole");
        unfinished.add(left);
        unfinished.add(kept);
        unfinished.remove(kept);
        var done = new CountDownLatch(1);
        unfinished.await(done);
        var end = Thread.ofPlatform().daemon().start(unfinished::clear);
        while (end.getState() != Thread.State.TIMED_WAITING && end.isAlive()) {
            Thread.sleep(5);
        }
        assertTrue(end.isAlive() && Files.exists(left), "work that is not done still needs its file");
        done.countDown();
        end.join();
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(kept));
    }
}
