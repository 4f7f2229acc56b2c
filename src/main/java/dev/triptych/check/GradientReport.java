package dev.triptych.check;

import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.trial.Component;
import dev.triptych.trial.FiniteDifferences;
import dev.triptych.trial.Precision;
import dev.triptych.trial.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Checks everything that has a gradient: all rows of the table of operations, then all components.
///
/// @param precision in which it was checked
/// @param lines one per operation and component
public record GradientReport(String precision, List<Line> lines) {
    /// What was found for one operation or component.
    ///
    /// @param name of the operation or component
    /// @param kind what it is
    /// @param checks number of samples whose gradients were checked
    /// @param tensors number of tensors checked
    /// @param entries number of entries moved one by one
    /// @param directions number of random directions
    /// @param error largest error, relative to the norm of the gradient; NaN if anything was not finite
    /// @param tolerance what it may be
    /// @param worst where it occurred
    public record Line(String name, Kind kind, int checks, int tensors, long entries, int directions, double error,
            double tolerance, String worst) {
        /// Whether the error is within the tolerance.
        public boolean passed() {
            return error <= tolerance;
        }
    }

    /// What a line is about.
    public enum Kind {
        /// A row of the table with gradients.
        OPERATION,
        /// A row of the table without: its values are compared with a formula, and the error is theirs.
        VALUES,
        /// A component or a method.
        COMPONENT
    }

    /// Checks all operations and components.
    public static GradientReport run(Consumer<Line> progress) {
        return run(OperationTable.rows(), Components.all(), progress);
    }

    /// Checks the given operations and components; each line is handed out as soon as it is known.
    public static GradientReport run(List<OperationRow> rows, List<Component> components, Consumer<Line> progress) {
        var lines = new ArrayList<Line>();
        for (OperationRow row : rows) {
            lines.add(check(row));
            progress.accept(lines.getLast());
        }
        for (Component component : components) {
            lines.add(check(component));
            progress.accept(lines.getLast());
        }
        return new GradientReport(Precision.NAME, List.copyOf(lines));
    }

    /// Checks all samples of an operation.
    public static Line check(OperationRow row) {
        Line total = null;
        for (Sample sample : row.samples()) {
            if (sample instanceof Sample.Gradient gradient) {
                FiniteDifferences.Result r = OperationTable.check(row, gradient);
                total = plus(total, new Line(row.operation(), Kind.OPERATION, 1, r.tensors(), r.entries(),
                        r.directions(), r.error(), Precision.GRADIENT_TOLERANCE, gradient.name() + ": " + r.worst()));
            }
        }
        if (total != null) {
            return total;
        }
        for (Sample sample : row.samples()) {
            if (sample instanceof Sample.Values values) {
                total = plus(total,
                        new Line(row.operation(), Kind.VALUES, 1, 0, 0, 0, OperationTable.check(row, values),
                                Precision.VALUE_TOLERANCE, values.name()));
            }
        }
        if (total == null) {
            throw new IllegalStateException("Operation " + row.operation() + " has no sample with gradients or values");
        }
        return total;
    }

    /// Checks a component.
    public static Line check(Component component) {
        var random = CounterRandom.of(component.name().hashCode(), Stream.CHECK, 1, 0);
        FiniteDifferences.Result r = FiniteDifferences.check(component.make().apply(random), component.effort());
        return new Line(component.name(), Kind.COMPONENT, 1, r.tensors(), r.entries(), r.directions(), r.error(),
                Precision.GRADIENT_TOLERANCE, r.worst());
    }

    private static Line plus(Line a, Line b) {
        if (a == null) {
            return b;
        }
        Line worse = Double.isNaN(a.error()) || b.error() <= a.error() ? a : b;
        return new Line(a.name(), a.kind(), a.checks() + b.checks(), a.tensors() + b.tensors(),
                a.entries() + b.entries(), a.directions() + b.directions(), worse.error(), a.tolerance(),
                worse.worst());
    }

    /// Whether every line is within its tolerance.
    public boolean passed() {
        return lines.stream().allMatch(Line::passed);
    }

    /// Number of entries checked in all.
    public long entries() {
        return lines.stream().mapToLong(Line::entries).sum();
    }

    /// Largest error of a gradient; NaN if anything was not finite.
    public double largestError() {
        return lines.stream().filter(l -> l.kind() != Kind.VALUES).mapToDouble(Line::error).reduce(0, Math::max);
    }
}
