package dev.triptych.data.set;

import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;

/// Which images a step sees: every epoch is a permutation keyed by (seed, ORDER, epoch), cut into whole batches; what
/// is left over at its end is not used in that epoch. Thread-safe.
public final class EpochOrder {
    private final int size;
    private final int batch;
    private final long seed;
    private volatile Epoch latest;

    private record Epoch(long number, int[] order) {
    }

    /// Order of a set of `size` images in batches.
    public EpochOrder(int size, int batch, long seed) {
        if (batch < 1 || batch > size) {
            throw new IllegalArgumentException("a batch of " + batch + " images cannot be drawn from a set of " + size
                    + ": choose a batch of 1 to " + size);
        }
        this.size = size;
        this.batch = batch;
        this.seed = seed;
    }

    /// Steps of one epoch.
    public int stepsPerEpoch() {
        return size / batch;
    }

    /// The epoch of a step, from 0.
    public long epoch(long step) {
        return step / stepsPerEpoch();
    }

    /// Writes the images of a step to `indices[0 .. batch-1]`.
    public void indices(long step, int[] indices) {
        long number = epoch(step);
        Epoch epoch = latest;
        if (epoch == null || epoch.number != number) {
            epoch = new Epoch(number, CounterRandom.of(seed, Stream.ORDER, number, 0).permutation(size));
            latest = epoch;
        }
        System.arraycopy(epoch.order, (int) (step % stepsPerEpoch()) * batch, indices, 0, batch);
    }
}
