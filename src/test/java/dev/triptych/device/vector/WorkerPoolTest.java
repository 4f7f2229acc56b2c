package dev.triptych.device.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/// Each part of a job runs exactly once, whoever comes late.
class WorkerPoolTest {
    /// Many first runs with more threads than cores, so that workers are often late: every part counts once.
    @Test
    void firstRunsUnderLoadRunEachPartOnce() {
        int jobs = 20_000;
        int parts = 5;
        try (var pool = new WorkerPool(2 * Runtime.getRuntime().availableProcessors() + 2)) {
            var count = new AtomicIntegerArray(parts);
            for (int i = 0; i < jobs; i++) {
                pool.job(parts, (part, worker) -> count.incrementAndGet(part)).run();
                for (int part = 0; part < parts; part++) {
                    assertEquals(i + 1, count.get(part), "part " + part + " of job " + i);
                }
            }
        }
    }

    @Test
    void repeatedRunsUnderLoadRunEachPartOnce() {
        int[] sums = new int[64];
        try (var pool = new WorkerPool(2 * Runtime.getRuntime().availableProcessors() + 2)) {
            Runnable first = pool.job(32, (part, worker) -> sums[part]++);
            Runnable second = pool.job(32, (part, worker) -> sums[32 + part] += sums[part]);
            for (int run = 0; run < 2_000; run++) {
                first.run();
                second.run();
            }
        }
        int[] expected = new int[64];
        Arrays.fill(expected, 0, 32, 2_000);
        Arrays.fill(expected, 32, 64, 2_000 * 2_001 / 2);
        assertArrayEquals(expected, sums);
    }

    @Test
    void aFailingPartIsToldOnceTheOthersAreDone() {
        var ran = new AtomicInteger();
        try (var pool = new WorkerPool(3)) {
            Runnable job = pool.job(8, (part, worker) -> {
                ran.incrementAndGet();
                if (part == 3) {
                    throw new IllegalArgumentException("part 3");
                }
            });
            for (int run = 1; run <= 50; run++) {
                var failure = assertThrows(IllegalStateException.class, job::run);
                assertEquals("A part of a kernel failed: part 3", failure.getMessage());
                assertEquals(8 * run, ran.get());
            }
        }
    }

    @Test
    void aClosedPoolRefusesJobsAndItsThreadsEnd() {
        var pool = new WorkerPool(3);
        Runnable job = pool.job(4, (part, worker) -> {
        });
        job.run();
        pool.close();
        assertThrows(IllegalStateException.class, job::run);
    }
}
