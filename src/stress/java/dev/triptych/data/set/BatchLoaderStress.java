package dev.triptych.data.set;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/// [BatchLoader] and [EpochOrder] under the races that jcstress provokes: order, arrays that are used again, an end
/// while a batch is awaited, a maker that fails.
public final class BatchLoaderStress {
    private static final int NUMBERS = 8;

    private BatchLoaderStress() {
    }

    private static int[] make(long step, int[] used) {
        int[] batch = used == null ? new int[NUMBERS] : used;
        for (int i = 0; i < NUMBERS; i++) {
            batch[i] = (int) step;
        }
        return batch;
    }

    /// Numbers of a batch that are not those of its step.
    private static int wrong(int[] batch, int step) {
        int wrong = 0;
        for (int number : batch) {
            wrong += number == step ? 0 : 1;
        }
        return wrong;
    }

    /// Two loaders of one maker, with more steps than arrays: a batch is its step's, and stays so until the next call.
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Every batch was its step's for as long as it was lent.")
    @Outcome(expect = FORBIDDEN, desc = "A batch came out of order, unfinished, or was filled again while it was lent.")
    public static class Lent {
        private static final int STEPS = 8;

        private static int consume() {
            int wrong = 0;
            try (var loader = new BatchLoader<>(BatchLoaderStress::make, 0, STEPS, 3, 2)) {
                for (int step = 0; step < STEPS; step++) {
                    int[] batch = loader.next();
                    wrong += wrong(batch, step);
                    Thread.yield();
                    wrong += wrong(batch, step);
                }
            }
            return wrong;
        }

        @Actor
        public void one(II_Result r) {
            r.r1 = consume();
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = consume();
        }
    }

    /// The loader is closed by another thread than the one that waits for batches.
    @JCStressTest
    @State
    @Outcome(id = "the batch loader is closed", expect = ACCEPTABLE, desc = "Before.")
    @Outcome(id = "the batch loader was closed while step [0-3] was awaited", expect = ACCEPTABLE, desc = "While.")
    @Outcome(id = "all", expect = ACCEPTABLE, desc = "After.")
    @Outcome(expect = FORBIDDEN, desc = "A wrong batch, another error.")
    public static class Closing {
        private final BatchLoader<int[]> loader = new BatchLoader<>(BatchLoaderStress::make, 0, 4, 2, 2);

        @Actor
        public void one(L_Result r) {
            try {
                for (int step = 0; loader.hasNext(); step++) {
                    if (wrong(loader.next(), step) > 0) {
                        r.r1 = "a wrong batch of step " + step;
                        return;
                    }
                }
                r.r1 = "all";
            } catch (IllegalStateException e) {
                r.r1 = e.getMessage();
            } catch (RuntimeException e) {
                r.r1 = e.toString();
            }
        }

        @Actor
        public void other() {
            loader.close();
        }
    }

    /// One batch cannot be made, while the others are in the making.
    @JCStressTest
    @State
    @Outcome(id = "1, the batch of step 1 could not be made: bad 7", expect = ACCEPTABLE, desc = "At its step.")
    @Outcome(expect = FORBIDDEN, desc = "The failure was lost, or came at another step.")
    public static class Failing {
        private final BatchLoader<int[]> loader = new BatchLoader<>((step, used) -> {
            if (step % 2 == 1) {
                throw new IllegalArgumentException("bad " + (step == 1 ? 7 : 8));
            }
            return make(step, used);
        }, 0, 6, 3, 3);

        @Actor
        public void one(L_Result r) {
            int good = 0;
            try {
                while (loader.hasNext()) {
                    loader.next();
                    good++;
                }
                r.r1 = good;
            } catch (IllegalStateException e) {
                r.r1 = good + ", " + e.getMessage();
            }
        }

        @Arbiter
        public void end() {
            loader.close();
        }
    }

    /// Makers ask for steps of two epochs at once; the order that is kept is that of one of them.
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Both have the images of their step.")
    @Outcome(expect = FORBIDDEN, desc = "The order of another epoch, or part of one.")
    public static class Epochs {
        private static final int SIZE = 12;
        private static final int BATCH = 4;
        private static final int[][] RIGHT = new int[6][BATCH];
        private final EpochOrder order = new EpochOrder(SIZE, BATCH, 1);

        static {
            for (int step = 0; step < RIGHT.length; step++) {
                new EpochOrder(SIZE, BATCH, 1).indices(step, RIGHT[step]);
            }
        }

        private int ask(int from) {
            int wrong = 0;
            int[] indices = new int[BATCH];
            for (int step = from; step < RIGHT.length; step += 2) {
                order.indices(step, indices);
                for (int i = 0; i < BATCH; i++) {
                    wrong += indices[i] == RIGHT[step][i] ? 0 : 1;
                }
            }
            return wrong;
        }

        @Actor
        public void one(II_Result r) {
            r.r1 = ask(0);
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = ask(1);
        }
    }
}
