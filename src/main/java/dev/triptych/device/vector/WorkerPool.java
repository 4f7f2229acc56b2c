package dev.triptych.device.vector;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/// A fixed number of threads that share the parts of a job: the caller and `threads - 1` daemons.
///
/// A job is made once, when a launch is bound, and run every step without allocation. Its parts are taken one by one by
/// whoever is free, so a part must not depend on which thread runs it: results are then the same for every number of
/// threads. Idle workers spin for a moment, then park. A failing part surfaces in the caller once the others are done.
///
/// Nobody waits for workers, only for parts. A worker that comes late is harmless, because it has nothing from an
/// earlier job in its hands: it takes a part first, by counting down [#left], and looks only then which job that part
/// is of. While it runs, its job cannot end, so [#current] cannot change.
final class WorkerPool implements AutoCloseable {
    private static final int SPINS = 1000;

    /// One part of a job.
    @FunctionalInterface
    interface Task {
        /// @param part which one
        /// @param worker number of the thread, from 0: the index of its scratch memory
        void run(int part, int worker);
    }

    private final Thread[] workers;
    private final AtomicIntegerArray parked;
    private final Object lock = new Object();
    private final float[][] scratch;
    private float[] shared = {};
    /// Parts of the current job that nobody has taken yet.
    private final AtomicInteger left = new AtomicInteger();
    /// Parts of the current job that are not done yet: those left, and those at work.
    private final AtomicInteger undone = new AtomicInteger();
    /// Changes only while no part is undone; whoever took a part sees it, for `left` was written after it.
    private Job current;
    /// Of a part of the current job; read when all are done, for `undone` is counted down after it.
    private Throwable failure;
    private volatile Thread waiting;
    private volatile boolean closed;

    /// @param threads in all, the caller included; at least 1
    WorkerPool(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", but at least 1 is needed");
        }
        scratch = new float[threads][0];
        parked = new AtomicIntegerArray(threads);
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            int worker = i + 1;
            workers[i] = Thread.ofPlatform().daemon().name("triptych-vector-" + worker).start(() -> work(worker));
        }
    }

    /// Number of threads, the caller included.
    int threads() {
        return scratch.length;
    }

    /// A job of so many parts; with one part, or one thread, it runs on the caller alone.
    Job job(int parts, Task task) {
        return new Job(parts, task);
    }

    /// Splits 0..extent into parts of about equal size; small work stays whole.
    ///
    /// @param work number of elementary steps: below some ten thousand, waking threads costs more than it saves
    Runnable split(int extent, long work, Range range) {
        int parts = (int) Math.min(Math.min(extent, 4L * threads()), Math.max(1, work / 16384));
        if (threads() == 1 || parts <= 1) {
            return job(extent > 0 ? 1 : 0, (part, worker) -> range.run(0, extent, worker));
        }
        return job(parts, (part, worker) -> range.run((int) ((long) extent * part / parts),
                (int) ((long) extent * (part + 1) / parts), worker));
    }

    /// A part of a range of rows or elements.
    @FunctionalInterface
    interface Range {
        /// Covers from..to.
        void run(int from, int to, int worker);
    }

    /// Sees to it that every thread has that much memory of its own while a part runs.
    void reserve(long floats) {
        synchronized (lock) {
            for (int i = 0; i < scratch.length; i++) {
                if (scratch[i].length < floats) {
                    scratch[i] = new float[Math.toIntExact(floats)];
                }
            }
        }
    }

    /// Sees to it that there is that much memory shared by all threads, for jobs that follow each other.
    void reserveShared(long floats) {
        synchronized (lock) {
            if (shared.length < floats) {
                shared = new float[Math.toIntExact(floats)];
            }
        }
    }

    /// A thread's own memory, within a part.
    float[] scratch(int worker) {
        return scratch[worker];
    }

    /// The shared memory, within a part.
    float[] shared() {
        return shared;
    }

    /// Runs several jobs as one, so that no other session's jobs come between them.
    Runnable together(Runnable... jobs) {
        return () -> {
            synchronized (lock) {
                for (Runnable job : jobs) {
                    job.run();
                }
            }
        };
    }

    /// Ends the threads.
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            announce();
        }
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void announce() {
        for (int i = 0; i < workers.length; i++) {
            if (parked.get(i) == 1) {
                LockSupport.unpark(workers[i]);
            }
        }
    }

    private void work(int worker) {
        while (!closed) {
            help(worker);
            for (int spins = 0; spins < SPINS && idle(); spins++) {
                Thread.onSpinWait();
            }
            if (idle()) {
                parked.set(worker - 1, 1);
                if (idle()) { // asked again: who announces a job looks at `parked` after it
                    LockSupport.park(this);
                }
                parked.set(worker - 1, 0);
            }
        }
    }

    private boolean idle() {
        return left.get() == 0 && !closed;
    }

    /// Takes parts of the current job until none is left.
    private void help(int worker) {
        for (int n = left.get(); n > 0; n = left.get()) {
            if (left.compareAndSet(n, n - 1)) {
                run(current, current.parts - n, worker);
            }
        }
    }

    private void run(Job job, int part, int worker) {
        try {
            job.task.run(part, worker);
        } catch (Throwable e) {
            failure = e;
        }
        if (undone.decrementAndGet() == 0) {
            LockSupport.unpark(waiting);
        }
    }

    private void await() {
        for (int spins = 0; spins < SPINS && undone.get() > 0; spins++) {
            Thread.onSpinWait();
        }
        waiting = Thread.currentThread();
        while (undone.get() > 0) {
            LockSupport.park(this);
        }
        waiting = null;
    }

    /// A task with its number of parts.
    final class Job implements Runnable {
        private final int parts;
        private final Task task;

        Job(int parts, Task task) {
            this.parts = parts;
            this.task = task;
        }

        @Override
        public void run() {
            synchronized (lock) {
                if (closed) {
                    throw new IllegalStateException("The vector device is closed");
                }
                if (workers.length == 0 || parts <= 1) {
                    for (int part = 0; part < parts; part++) {
                        task.run(part, 0);
                    }
                    return;
                }
                current = this;
                undone.set(parts);
                left.set(parts);
                announce();
                help(0);
                await();
                Throwable failed = failure;
                if (failed != null) {
                    failure = null;
                    throw new IllegalStateException("A part of a kernel failed: " + failed.getMessage(), failed);
                }
            }
        }
    }
}
