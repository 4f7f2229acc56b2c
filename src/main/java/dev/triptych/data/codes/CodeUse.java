package dev.triptych.data.codes;

/// How evenly codes are used.
public final class CodeUse {
    private final long[] counts;
    private long total;

    /// Nothing counted yet, for K codes.
    public CodeUse(int codes) {
        counts = new long[codes];
    }

    /// Counts the first `n` codes.
    public void add(int[] codes, int n) {
        for (int i = 0; i < n; i++) {
            counts[codes[i]]++;
        }
        total += n;
    }

    /// How often each code was seen.
    public long[] counts() {
        return counts.clone();
    }

    /// Codes seen at least once.
    public int used() {
        int used = 0;
        for (long count : counts) {
            used += count > 0 ? 1 : 0;
        }
        return used;
    }

    /// Entropy of the codes in nats: what a predictor without any context is left with. 0 where nothing was counted.
    public double entropy() {
        double entropy = 0;
        for (long count : counts) {
            if (count > 0) {
                double p = (double) count / total;
                entropy -= p * Math.log(p);
            }
        }
        return entropy;
    }

    /// exp of the entropy: as many codes, used equally often, would have the same.
    public double perplexity() {
        return Math.exp(entropy());
    }

    /// Share of the commonest code: what a predictor that always says it gets right.
    public double commonest() {
        long most = 0;
        for (long count : counts) {
            most = Math.max(most, count);
        }
        return total == 0 ? 0 : (double) most / total;
    }
}
