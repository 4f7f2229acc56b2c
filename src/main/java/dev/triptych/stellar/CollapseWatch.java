package dev.triptych.stellar;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Watches for a cross-entropy that stays at ln C: predictions that say nothing, the sign of collapse.
public final class CollapseWatch {
    private static final double NEAR = 0.01;
    private static final int PATIENCE = 10;
    private static final List<String> TERMS = List.of("clustering", "cls clustering", "mask", "cls masked",
            "cls local");

    private final double ofTokens;
    private final double ofCls;
    private final Map<String, Integer> stuck = new LinkedHashMap<>();

    /// @param prototypes C of the tokens
    /// @param clsPrototypes of CLS
    public CollapseWatch(int prototypes, int clsPrototypes) {
        this.ofTokens = Math.log(prototypes);
        this.ofCls = Math.log(clsPrototypes);
    }

    /// Takes the losses of a logged step.
    ///
    /// @return a warning when one has been within one percent of ln C for ten logged steps running; once per occurrence
    public Optional<String> see(Map<String, Double> losses) {
        for (String term : TERMS) {
            Double loss = losses.get(term);
            double uniform = term.startsWith("cls") ? ofCls : ofTokens;
            boolean near = loss != null && Math.abs(loss - uniform) <= NEAR * uniform;
            int count = near ? stuck.merge(term, 1, Integer::sum) : 0;
            if (!near) {
                stuck.remove(term);
            } else if (count == PATIENCE) {
                return Optional.of("collapse: the loss '" + term + "' has stayed at ln C = "
                        + String.format(java.util.Locale.ROOT, "%.3f", uniform) + " for " + PATIENCE
                        + " logged steps; its predictions say nothing. Lower optimizer.lr, raise training.batch, or "
                        + "begin with a stage that has teacher: true.");
            }
        }
        return Optional.empty();
    }
}
