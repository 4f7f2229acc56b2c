package dev.triptych.train;

/// Images of a second, from one point of a training to the next.
final class Speed {
    private long images;
    private long nanos;

    /// The speed since the last call; NaN at the first one.
    ///
    /// @param now images seen so far
    double since(long now) {
        long time = System.nanoTime();
        double speed = nanos == 0 ? Double.NaN : (now - images) / Math.max(1e-9, (time - nanos) * 1e-9);
        images = now;
        nanos = time;
        return speed;
    }
}
