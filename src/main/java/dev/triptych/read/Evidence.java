package dev.triptych.read;

import dev.triptych.check.measure.EvaluationVectors;
import dev.triptych.check.vectors.VectorCheck;
import dev.triptych.io.vectors.VectorRun;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.twin.check.Components;
import dev.triptych.twin.check.GradientReport;
import dev.triptych.twin.check.OperationTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// What holds the parts of a program: gradient checks in float64 and golden cases, by the operations and the sections
/// of the specification that they compute.
public final class Evidence {
    /// What the largest error of a gradient check is, in words.
    @FunctionalInterface
    public interface Errors {
        /// Checks by name: of an operation, or of a component.
        String of(String name);
    }

    /// A gradient check of a component, or of a whole loss.
    ///
    /// @param name of the check
    /// @param sections that it computes
    record Check(String name, Set<String> sections) {
    }

    private final List<Check> checks;
    private final Map<String, Set<String>> golden;
    private final Errors errors;

    private Evidence(List<Check> checks, Map<String, Set<String>> golden, Errors errors) {
        this.checks = checks;
        this.golden = golden;
        this.errors = errors;
    }

    /// Computes all golden cases of a folder, to see which part each of them computes, and lists all gradient checks.
    ///
    /// @param errors says what a gradient check finds
    public static Evidence gather(Path vectors, Errors errors) throws IOException {
        var golden = new TreeMap<String, Set<String>>();
        VectorRun.run(vectors, report -> golden.put(
                report.method() + "/" + report.file().getFileName().toString().replace(".json", ""),
                report.computed()), EvaluationVectors.or("float32", VectorCheck::run));
        var checks = Components.all().stream().map(component -> {
            var sections = new TreeSet<String>();
            component.make().apply(random(component.name())).program().launches()
                    .forEach(launch -> sections.add(launch.section()));
            return new Check(component.name(), sections);
        }).toList();
        return new Evidence(checks, golden, errors);
    }

    private static CounterRandom random(String name) {
        return CounterRandom.of(name.hashCode(), Stream.CHECK, 1, 0);
    }

    /// Runs the gradient checks that are asked for.
    public static Errors measured() {
        var found = new HashMap<String, String>();
        return name -> found.computeIfAbsent(name, Evidence::measure);
    }

    private static String measure(String name) {
        var line = OperationTable.rows().stream().filter(row -> row.operation().equals(name)).findFirst()
                .map(GradientReport::check)
                .orElseGet(() -> Components.all().stream().filter(c -> c.name().equals(name)).findFirst()
                        .map(GradientReport::check).orElseThrow(() -> new IllegalArgumentException(
                                name + " is neither an operation nor a component that is checked")));
        return String.format(Locale.ROOT, "%.0e of %.0e allowed", line.error(), line.tolerance());
    }

    /// Whether the table of operations has a row of that name.
    static boolean isChecked(String operation) {
        return OperationTable.operations().contains(operation);
    }

    /// The error of a check.
    String error(String name) {
        return errors.of(name);
    }

    /// Checks of components and whole losses that compute a section.
    List<String> checks(Predicate<String> section) {
        return checks.stream().filter(c -> c.sections().stream().anyMatch(section)).map(Check::name).toList();
    }

    /// Golden cases that compute something of that name: an operation, or a section.
    List<String> golden(Predicate<String> name) {
        return golden.entrySet().stream().filter(e -> e.getValue().stream().anyMatch(name)).map(Map.Entry::getKey)
                .toList();
    }
}
