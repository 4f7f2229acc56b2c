package dev.triptych.device.vector;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.LII_Result;

/// [WorkerPool] under the races that jcstress provokes: two sessions, first runs, late workers, failing parts, closing.
/// A part adds 1 to a place of its own without any synchronisation, as an accumulating kernel does.
public final class WorkerPoolStress {
    private static final int WORKERS = 4;

    private WorkerPoolStress() {
    }

    /// A job that counts how often each of its parts ran.
    private static final class Counting {
        final int[] ran;
        final Runnable job;

        Counting(WorkerPool pool, int parts) {
            ran = new int[parts];
            job = pool.job(parts, (part, worker) -> ran[part]++);
        }

        /// Parts that did not run that often.
        int wrong(int times) {
            int wrong = 0;
            for (int count : ran) {
                wrong += count == times ? 0 : 1;
            }
            return wrong;
        }
    }

    /// Two sessions share a pool, and each runs a job for the first time: a worker that comes late for the job of one
    /// must take nothing of the other's that it does not count.
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Every part ran once.")
    @Outcome(expect = FORBIDDEN, desc = "Parts ran twice, or were not done when the run ended.")
    public static class FirstRuns {
        private static final WorkerPool POOL = new WorkerPool(WORKERS);
        private final Counting few = new Counting(POOL, 2);
        private final Counting many = new Counting(POOL, 5);

        @Actor
        public void one(II_Result r) {
            few.job.run();
            r.r1 = few.wrong(1);
        }

        @Actor
        public void other(II_Result r) {
            many.job.run();
            r.r2 = many.wrong(1);
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 += few.wrong(1);
            r.r2 += many.wrong(1);
        }
    }

    /// One job runs again and again, the other between its runs.
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Every part ran once in each run.")
    @Outcome(expect = FORBIDDEN, desc = "Parts ran twice, or were not done when the run ended.")
    public static class RepeatedRuns {
        private static final WorkerPool POOL = new WorkerPool(WORKERS);
        private final Counting few = new Counting(POOL, 2);
        private final Counting many = new Counting(POOL, 7);

        @Actor
        public void one(II_Result r) {
            for (int run = 1; run <= 3; run++) {
                few.job.run();
                r.r1 += few.wrong(run);
            }
        }

        @Actor
        public void other(II_Result r) {
            for (int run = 1; run <= 3; run++) {
                many.job.run();
                r.r2 += many.wrong(run);
            }
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 += few.wrong(3);
            r.r2 += many.wrong(3);
        }
    }

    /// The second of two jobs that go together reads what the first has written, through memory that all share.
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Each session's second job saw its own first job.")
    @Outcome(expect = FORBIDDEN, desc = "A session's jobs were parted, or wrote too late.")
    public static class Together {
        private static final WorkerPool POOL = new WorkerPool(WORKERS);
        private static final int PARTS = 4;

        static {
            POOL.reserveShared(PARTS);
        }

        private static int mark(int number) {
            int[] wrong = new int[PARTS];
            POOL.together(
                    POOL.job(PARTS, (part, worker) -> POOL.shared()[part] = number * PARTS + part),
                    POOL.job(PARTS, (part, worker) -> {
                        int other = PARTS - 1 - part;
                        wrong[part] = POOL.shared()[other] == number * PARTS + other ? 0 : 1;
                    })).run();
            int sum = 0;
            for (int one : wrong) {
                sum += one;
            }
            return sum;
        }

        @Actor
        public void one(II_Result r) {
            r.r1 = mark(1);
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = mark(2);
        }
    }

    /// A part of one session's job fails; the other's job is not touched.
    @JCStressTest
    @State
    @Outcome(id = "part 1, 0, 0", expect = ACCEPTABLE, desc = "The failure came out at its job, once all was done.")
    @Outcome(expect = FORBIDDEN, desc = "The failure was lost, went astray, or came too soon.")
    public static class FailingPart {
        private static final WorkerPool POOL = new WorkerPool(WORKERS);
        private final int[] ran = new int[3];
        private final Runnable failing = POOL.job(ran.length, (part, worker) -> {
            ran[part]++;
            if (part == 1) {
                throw new IllegalArgumentException("part 1");
            }
        });
        private final Counting good = new Counting(POOL, 3);

        @Actor
        public void one(LII_Result r) {
            try {
                failing.run();
                r.r1 = "nothing failed";
            } catch (IllegalStateException e) {
                r.r1 = e.getCause().getMessage();
                r.r2 = ran[0] + ran[1] + ran[2] - ran.length;
            }
        }

        @Actor
        public void other(LII_Result r) {
            good.job.run();
            r.r3 = good.wrong(1);
        }

        @Arbiter
        public void end(LII_Result r) {
            r.r2 += ran[0] + ran[1] + ran[2] - ran.length;
            r.r3 += good.wrong(1);
        }
    }

    /// A pool is closed while a session runs a job for the first time.
    @JCStressTest
    @State
    @Outcome(id = "ran, 0, 0", expect = ACCEPTABLE, desc = "The job came first.")
    @Outcome(id = "The vector device is closed, 3, 0", expect = ACCEPTABLE, desc = "The end came first: no part ran.")
    @Outcome(expect = FORBIDDEN, desc = "A part of the job ran, or a thread lives on.")
    public static class Closing {
        private final WorkerPool pool = new WorkerPool(3);
        private final Counting counting = new Counting(pool, 3);

        @Actor
        public void one(LII_Result r) {
            try {
                counting.job.run();
                r.r1 = "ran";
            } catch (IllegalStateException e) {
                r.r1 = e.getMessage();
            }
            r.r2 = counting.wrong(1);
        }

        @Actor
        public void other() {
            pool.close();
        }

        @Arbiter
        public void end(LII_Result r) {
            r.r3 = counting.wrong(1) - r.r2;
        }
    }
}
