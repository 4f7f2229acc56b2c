package dev.triptych.data.set;

import dev.triptych.data.file.ImageException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Makes batches on other threads, a few steps ahead of the consumer, and hands them out in the order of the steps.
///
/// A batch belongs to the consumer until its next call of [#next()]; then its arrays are filled again, so a long run
/// allocates nothing per step. What a batch holds depends on its step alone, never on threads or timing; a loader may
/// start at any step. One consumer thread.
public final class BatchLoader<T> implements AutoCloseable {
    /// Batches made ahead where nothing else is said.
    public static final int AHEAD = 3;

    private final Maker<T> maker;
    private final long end;
    private final ExecutorService threads;
    private final Deque<Future<T>> pending = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<T> free = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private long toSubmit;
    private long toReturn;
    private T lent;
    private long waitedNanos;

    /// Makes the batch of one step.
    @FunctionalInterface
    public interface Maker<T> {
        /// The batch of a step, written into `used` where one is given (never one that is still in use). Is called from
        /// several threads.
        T make(long step, T used);
    }

    /// Steps `first` .. `end - 1`, at most `ahead` batches in the making or waiting.
    public BatchLoader(Maker<T> maker, long first, long end, int ahead, int threads) {
        if (ahead < 1 || threads < 1) {
            throw new IllegalArgumentException("a loader with " + threads + " threads, " + ahead
                    + " steps ahead: both must be at least 1");
        }
        this.maker = maker;
        this.end = end;
        this.toSubmit = first;
        this.toReturn = first;
        this.threads = Executors.newFixedThreadPool(Math.min(ahead, threads),
                Thread.ofPlatform().daemon().name("batch-", 0).factory());
        for (int k = 0; k < ahead; k++) {
            submit();
        }
    }

    /// Steps `first` .. `end - 1`, three ahead, on all cores.
    public BatchLoader(Maker<T> maker, long first, long end) {
        this(maker, first, end, AHEAD, Runtime.getRuntime().availableProcessors());
    }

    /// Whether another step follows.
    public boolean hasNext() {
        return toReturn < end;
    }

    /// The batch of the next step; waits until it is there. Takes back the batch that it returned before.
    ///
    /// @throws ImageException where a picture cannot be read
    /// @throws IllegalStateException where making it failed otherwise (with the cause), the steps are over or the
    ///         loader is closed
    public T next() {
        if (closed.get() || !hasNext()) {
            throw new IllegalStateException(closed.get()
                    ? "the batch loader is closed"
                    : "the batch loader ended at step " + end);
        }
        if (lent != null) {
            free.add(lent);
            lent = null;
        }
        long start = System.nanoTime();
        try {
            lent = pending.removeFirst().get();
        } catch (ExecutionException e) {
            if (closed.get()) {
                throw closedMeanwhile(e.getCause()); // its maker was interrupted
            }
            close();
            if (e.getCause() instanceof ImageException picture) {
                throw picture; // which data.pack=none decodes in its turn
            }
            throw new IllegalStateException("the batch of step " + toReturn + " could not be made: "
                    + e.getCause().getMessage(), e.getCause());
        } catch (CancellationException e) {
            throw closedMeanwhile(e);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the batch of step " + toReturn, e);
        } finally {
            waitedNanos += System.nanoTime() - start;
        }
        toReturn++;
        submit();
        return lent;
    }

    private IllegalStateException closedMeanwhile(Throwable cause) {
        return new IllegalStateException("the batch loader was closed while step " + toReturn + " was awaited", cause);
    }

    /// Seconds that the consumer has spent waiting for batches.
    public double waitedSeconds() {
        return waitedNanos * 1e-9;
    }

    /// Stops the threads; batches in the making are given up, and a consumer that waits is told. Any thread may close.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            for (Runnable waiting : threads.shutdownNow()) {
                if (waiting instanceof Future<?> future) {
                    future.cancel(true); // wakes a consumer that waits for it
                }
            }
        }
    }

    private void submit() {
        if (toSubmit < end) {
            long step = toSubmit++;
            try {
                pending.addLast(threads.submit(() -> maker.make(step, free.poll())));
            } catch (RejectedExecutionException e) {
                // closed by another thread since: the batch at hand is good, and the next call says so
            }
        }
    }
}
