package dev.triptych.bits;

import java.util.Map;
import java.util.Optional;

/// Watches for messages that say nothing: a bit entropy near 0, the sign that the channel of BITS has collapsed.
public final class ChannelWatch {
    private static final double SILENT = 0.05;
    private static final int PATIENCE = 10;

    private int silent;

    /// Takes the health figures of a logged step.
    ///
    /// @return a warning when the entropy has been under 0.05 bit for ten logged steps running; once per occurrence
    public Optional<String> see(Map<String, Double> figures) {
        double entropy = figures.getOrDefault(BitsHealth.ENTROPY, Double.NaN);
        silent = entropy < SILENT ? silent + 1 : 0;
        return silent == PATIENCE
                ? Optional.of(String.format(java.util.Locale.ROOT, "collapse: the messages have said less than %.2f "
                        + "bit for each of their bits over %d logged steps. Raise bits.beta, or lower optimizer.lr.",
                        SILENT, PATIENCE))
                : Optional.empty();
    }
}
