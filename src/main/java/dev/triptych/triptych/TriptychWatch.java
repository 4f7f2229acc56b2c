package dev.triptych.triptych;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Watches for messages that say nothing, of tokens or of CLS: a bit entropy near 0.
final class TriptychWatch {
    private static final double SILENT = 0.05;
    private static final int PATIENCE = 10;
    private static final List<String> FIGURES = List.of(TriptychHealth.TOKEN_ENTROPY, TriptychHealth.CLS_ENTROPY);

    private final Map<String, Integer> silent = new LinkedHashMap<>();

    /// Takes the health figures of a logged step.
    ///
    /// @return a warning when an entropy has been under 0.05 bit for ten logged steps running; once per occurrence
    Optional<String> see(Map<String, Double> figures) {
        for (String name : FIGURES) {
            double entropy = figures.getOrDefault(name, Double.NaN);
            int count = entropy < SILENT ? silent.merge(name, 1, Integer::sum) : 0;
            if (count == 0) {
                silent.remove(name);
            }
            if (count == PATIENCE) {
                return Optional.of(String.format(Locale.ROOT, "collapse: the figure '%s' has been under %.2f bit over "
                        + "%d logged steps. Raise triptych.weights.rate, or lower optimizer.lr.", name, SILENT,
                        PATIENCE));
            }
        }
        return Optional.empty();
    }
}
