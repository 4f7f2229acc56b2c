package dev.triptych.io.vectors;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What became of one case in one precision.
///
/// @param file the case
/// @param method the case's method
/// @param family what computed it, `?` where nothing could
/// @param precision `float32` or `float64`
/// @param lines one for each group of tensors
/// @param computed names of what was computed for it: operations, and sections of the specification
/// @param failures why it failed; empty where it passed
public record VectorReport(Path file, String method, String family, String precision, List<Line> lines,
        Set<String> computed, List<String> failures) {
    /// One group of a case's tensors.
    ///
    /// @param group `intermediates`, `losses`, `grads` or `after optimizer`
    /// @param tensors how many were compared
    /// @param numbers how many numbers they hold
    /// @param error largest difference over its allowance, at most 1 to pass
    /// @param difference that difference itself
    /// @param tensor where it is
    /// @param note why nothing was compared; empty where it was
    public record Line(String group, int tensors, long numbers, double error, double difference, String tensor,
            String note) {
    }

    /// Copies the lists.
    public VectorReport {
        lines = List.copyOf(lines);
        computed = Set.copyOf(computed);
        failures = List.copyOf(failures);
    }

    /// A case that could not be run.
    public static VectorReport failed(Path file, String method, String precision, String reason) {
        return new VectorReport(file, method, "?", precision, List.of(), Set.of(), List.of(reason));
    }

    /// Whether everything was within its allowance.
    public boolean passed() {
        return failures.isEmpty();
    }

    /// The report as lines of text, one per group and one per failure.
    public List<String> text() {
        var text = new ArrayList<String>();
        String name = file.getFileName().toString().replaceFirst("\\.json$", "");
        String head = String.format(Locale.ROOT, "%-22s %-8s %-17s %-7s", name, method, family, precision);
        for (Line line : lines) {
            text.add(line.note().isEmpty()
                    ? String.format(Locale.ROOT, "%s %-15s %3d tensors %7d numbers  largest error %8.2e, %8.2e of its"
                            + " allowance (%s)  %s", head, line.group(), line.tensors(), line.numbers(),
                            line.difference(), line.error(), line.tensor(), line.error() <= 1 ? "ok" : "FAILED")
                    : String.format(Locale.ROOT, "%s %-15s %3d tensors not compared: %s", head, line.group(),
                            line.tensors(), line.note()));
        }
        failures.forEach(f -> text.add(head + " FAILED: " + f));
        return text;
    }
}
