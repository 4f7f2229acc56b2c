package dev.triptych.random;

/// A stream of random numbers that is a pure function of (seed, stream, step, sample).
///
/// The key of [Philox] is the seed; the counter holds the block index, the sample, the step and the stream, each in
/// bits of its own, so two different addresses never share a number. One address yields up to 2^34 words.
/// Not thread-safe: make one per task, it costs one small array.
///
/// The transcendental functions are those of `StrictMath`: the same bits on every machine.
public final class CounterRandom {
    private static final long MAX_STEP = (1L << 56) - 1;

    private final int k0;
    private final int k1;
    private final int sample;
    private final int stepLow;
    private final int stepHighAndStream;
    private final int[] block = new int[4];
    private int blocks;
    private int used = 4;
    private double spareGaussian;
    private boolean hasSpare;

    private CounterRandom(long seed, Stream stream, long step, int sample) {
        this.k0 = (int) seed;
        this.k1 = (int) (seed >>> 32);
        this.sample = sample;
        this.stepLow = (int) step;
        this.stepHighAndStream = (int) (step >>> 32) | stream.number() << 24;
    }

    /// The generator at one address. `step` must lie in 0 .. 2^56-1; every `sample` is allowed.
    public static CounterRandom of(long seed, Stream stream, long step, int sample) {
        if (step < 0 || step > MAX_STEP) {
            throw new IllegalArgumentException(
                    "random step is " + step + ", expected 0 to " + MAX_STEP + ": count steps from 0");
        }
        return new CounterRandom(seed, stream, step, sample);
    }

    /// 32 uniform bits.
    public int nextInt() {
        if (used == 4) {
            Philox.block(blocks++, sample, stepLow, stepHighAndStream, k0, k1, block);
            used = 0;
        }
        return block[used++];
    }

    /// 64 uniform bits, from two words.
    public long nextLong() {
        long high = nextInt();
        return high << 32 | nextInt() & 0xFFFFFFFFL;
    }

    /// Uniform in [0, 1), a multiple of 2^-24.
    public float uniform() {
        return (nextInt() >>> 8) * 0x1p-24f;
    }

    /// Uniform in [0, 1), a multiple of 2^-53.
    public double uniformDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /// Uniform in [lo, hi); `lo` itself where both are equal.
    public float uniform(float lo, float hi) {
        float value = lo + (hi - lo) * uniform();
        return value < hi ? value : lo; // rounding may reach hi
    }

    /// True with probability p.
    public boolean chance(float p) {
        return uniform() < p;
    }

    /// Standard normal, by Box and Muller; two draws share one pair of uniforms.
    public double gaussian() {
        if (hasSpare) {
            hasSpare = false;
            return spareGaussian;
        }
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniformDouble()));
        double angle = 2 * StrictMath.PI * uniformDouble();
        spareGaussian = radius * StrictMath.sin(angle);
        hasSpare = true;
        return radius * StrictMath.cos(angle);
    }

    /// Normal of deviation `std` and mean 0, redrawn until it lies in [-bound, bound]; `bound` is absolute, not in
    /// units of `std` (as `trunc_normal_(std=std, a=-bound, b=bound)`).
    public double truncatedGaussian(double std, double bound) {
        if (!(std >= 0) || !(bound >= 0.01 * std)) {
            throw new IllegalArgumentException("truncated normal of std " + std + " and bound " + bound
                    + ": std must be at least 0 and bound at least std/100");
        }
        while (true) {
            double value = std * gaussian();
            if (Math.abs(value) <= bound) {
                return value;
            }
        }
    }

    /// Uniform integer in 0 .. n-1 without bias (Lemire, "Fast random integer generation in an interval", 2019).
    public int below(int n) {
        if (n <= 0) {
            throw new IllegalArgumentException("random integer below " + n + ": the bound must be at least 1");
        }
        long product = (nextInt() & 0xFFFFFFFFL) * n;
        if ((product & 0xFFFFFFFFL) < n) {
            long reject = (1L << 32) % n;
            while ((product & 0xFFFFFFFFL) < reject) {
                product = (nextInt() & 0xFFFFFFFFL) * n;
            }
        }
        return (int) (product >>> 32);
    }

    /// A uniform permutation of 0 .. n-1 (Fisher and Yates).
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
