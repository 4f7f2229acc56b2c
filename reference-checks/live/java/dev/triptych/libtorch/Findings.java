package dev.triptych.libtorch;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What a run found, row by row.
public final class Findings {
    private final Map<String, Outcome> outcomes = new TreeMap<>();

    /// Adds a comparison.
    public void add(String row, Outcome outcome) {
        outcomes.merge(row, outcome, Outcome::plus);
    }

    /// Rows of which no number was compared.
    public List<String> empty() {
        return outcomes.entrySet().stream().filter(e -> e.getValue().numbers() == 0).map(Map.Entry::getKey).toList();
    }

    /// A table with the largest differences; empty where nothing was compared.
    ///
    /// @param title what was compared
    public String table(String title) {
        if (outcomes.isEmpty()) {
            return "";
        }
        long numbers = outcomes.values().stream().mapToLong(Outcome::numbers).sum();
        long undecided = outcomes.values().stream().mapToLong(Outcome::undecided).sum();
        int tries = outcomes.values().stream().mapToInt(Outcome::tries).max().orElse(0);
        var text = new StringBuilder(String.format(Locale.ROOT,
                "%n%s, libtorch %s: %d rows, %d draws of each, %,d numbers compared, %,d too close to decide%n", title,
                Script.engine().getVersion(), outcomes.size(), tries, numbers, undecided));
        text.append(String.format(Locale.ROOT, "%-44s %10s %10s %10s%n", "row", "numbers", "values", "gradients"));
        outcomes.forEach((row, o) -> text.append(String.format(Locale.ROOT, "%-44s %,10d %10.1e %10s%n", row,
                o.numbers(), o.value(),
                Double.isNaN(o.gradient()) ? "-" : String.format(Locale.ROOT, "%.1e", o.gradient()))));
        return text.toString();
    }
}
