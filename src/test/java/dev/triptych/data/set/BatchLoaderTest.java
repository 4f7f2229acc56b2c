package dev.triptych.data.set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchLoaderTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "3, 1", "3, 4", "8, 2"})
    void stepsComeInOrderFromAnyStartWithFewArrays(int ahead, int threads) {
        Set<long[]> arrays = ConcurrentHashMap.newKeySet();
        AtomicInteger made = new AtomicInteger();
        try (var loader = new BatchLoader<long[]>((step, used) -> {
            long[] batch = used == null ? new long[1] : used;
            arrays.add(batch);
            made.incrementAndGet();
            batch[0] = step;
            return batch;
        }, 5, 200, ahead, threads)) {
            for (long step = 5; step < 200; step++) {
                assertTrue(loader.hasNext());
                assertEquals(step, loader.next()[0]);
                assertTrue(made.get() <= step - 5 + 1 + ahead, "bounded");
            }
            assertFalse(loader.hasNext());
            assertThrows(IllegalStateException.class, loader::next);
            assertTrue(arrays.size() <= ahead + 1, arrays.size() + " arrays");
            assertTrue(loader.waitedSeconds() >= 0);
        }
    }

    @Test
    void anErrorComesOutAtItsStepWithItsCause() {
        var cause = new IllegalArgumentException("image 3 is broken");
        try (var loader = new BatchLoader<Long>((step, used) -> {
            if (step == 3) {
                throw cause;
            }
            return step;
        }, 2, 10)) {
            assertEquals(2, loader.next());
            var error = assertThrows(IllegalStateException.class, loader::next);
            assertSame(cause, error.getCause());
            assertTrue(error.getMessage().contains("step 3") && error.getMessage().contains("image 3 is broken"));
        }
    }

    /// It is the user's to mend, and no mistake of the program.
    @Test
    void aPictureThatCannotBeReadComesOutAsItIs() {
        var cause = new ImageException("a.png", "it is broken", "Mend it");
        try (var loader = new BatchLoader<Long>((step, used) -> {
            throw cause;
        }, 2, 10)) {
            assertSame(cause, assertThrows(ImageException.class, loader::next));
        }
    }

    @Test
    void aClosedLoaderSaysSo() {
        var loader = new BatchLoader<Long>((step, used) -> step, 0, 10);
        loader.close();
        loader.close();
        assertTrue(assertThrows(IllegalStateException.class, loader::next).getMessage().contains("closed"));
        assertThrows(IllegalArgumentException.class, () -> new BatchLoader<Long>((s, u) -> s, 0, 1, 0, 1));
    }

    /// By another thread than the consumer's, which waits for a batch: it gets what is made, and is told by the next
    /// call that it is over.
    @Test
    void closedWhileABatchIsAwaited() {
        var consumer = Thread.currentThread();
        var self = new CompletableFuture<BatchLoader<Long>>();
        var loader = new BatchLoader<Long>((step, used) -> {
            var own = self.join();
            while (consumer.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            own.close();
            return step;
        }, 0, 10, 1, 1);
        self.complete(loader);
        assertEquals(0, loader.next());
        assertTrue(assertThrows(IllegalStateException.class, loader::next).getMessage().contains("is closed"));
    }
}
