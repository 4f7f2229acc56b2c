package dev.triptych.device.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Each part of a job runs exactly once, whoever comes late.
class WorkerPoolTest {
    /// Two sessions, a pool of more threads than cores, and new jobs of few and of more parts in turn: workers are
    /// often late for a job that has ended, when the next one begins that never ran before. Every part counts once.
    @Test
    void firstRunsUnderLoadRunEachPartOnce() throws InterruptedException {
        int jobs = 400_000;
        var wrong = ConcurrentHashMap.<String>newKeySet();
        try (var pool = new WorkerPool(2 * Runtime.getRuntime().availableProcessors())) {
            var sessions = List.of(2, 5).stream().map(parts -> Thread.ofPlatform().start(() -> {
                int[] ran = new int[parts];
                for (int i = 1; i <= jobs && wrong.isEmpty(); i++) {
                    pool.job(parts, (part, worker) -> ran[part]++).run();
                    for (int count : ran) {
                        if (count != i) {
                            wrong.add("after job " + i + " of " + parts + " parts, they ran " + Arrays.toString(ran));
                        }
                    }
                }
            })).toList();
            for (Thread session : sessions) {
                session.join();
            }
        }
        assertEquals(Set.of(), wrong);
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
