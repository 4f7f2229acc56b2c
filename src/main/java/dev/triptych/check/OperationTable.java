package dev.triptych.check;

import dev.triptych.device.HostSession;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.trial.FiniteDifferences;
import dev.triptych.trial.Sample;
import dev.triptych.trial.Trial;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The table of operations, after PyTorch's OpInfo: one row per operation, with samples whose gradients or values are
/// checked, calls that must be refused, and the points where it is not smooth.
///
/// Samples have sides that are odd, equal to one, and unequal, so that no two can be confused.
public final class OperationTable {
    private OperationTable() {
    }

    /// All rows, family by family.
    public static List<OperationRow> rows() {
        var rows = new ArrayList<OperationRow>();
        rows.addAll(LinearRows.rows());
        rows.addAll(ElementwiseRows.rows());
        rows.addAll(NormRows.rows());
        rows.addAll(TokenRows.rows());
        rows.addAll(DropoutRows.rows());
        rows.addAll(CodeRows.rows());
        rows.addAll(LossRows.rows());
        rows.addAll(AssignmentRows.rows());
        rows.addAll(ChannelRows.rows());
        rows.addAll(ConvolutionRows.rows());
        rows.addAll(QuantisationRows.rows());
        rows.addAll(UpdateRows.rows());
        return List.copyOf(rows);
    }

    /// Names of all operations: the public default methods of the interfaces that `Program` is made of.
    public static Set<String> operations() {
        var names = new TreeSet<String>();
        Arrays.stream(Program.class.getInterfaces()).flatMap(family -> Arrays.stream(family.getDeclaredMethods()))
                .filter(m -> m.isDefault() && Modifier.isPublic(m.getModifiers()) && !m.isSynthetic())
                .map(Method::getName).forEach(names::add);
        return names;
    }

    /// The random numbers of a sample: a function of the names alone.
    static CounterRandom random(String operation, String sample) {
        return CounterRandom.of(operation.hashCode(), Stream.CHECK, 0, sample.hashCode());
    }

    /// The programs of all samples that are not to be refused: an operation, its adjoints where its gradients are
    /// checked, and values for all inputs.
    public static List<Trial> trials() {
        var trials = new ArrayList<Trial>();
        for (OperationRow row : rows()) {
            for (Sample sample : row.samples()) {
                var trial = new Trial(row.operation() + ", " + sample.name(), random(row.operation(), sample.name()));
                switch (sample) {
                    case Sample.Gradient gradient ->
                        trial.differentiate(trial.weigh(gradient.build().on(trial, trial.program())));
                    case Sample.Values values -> values.formula().on(trial, trial.program());
                    case Sample.Refused refused -> {
                        continue;
                    }
                }
                trials.add(trial);
            }
        }
        return List.copyOf(trials);
    }

    /// Checks the gradients of a sample.
    public static FiniteDifferences.Result check(OperationRow row, Sample.Gradient sample) {
        var trial = new Trial(row.operation(), random(row.operation(), sample.name()));
        Tensor y = sample.build().on(trial, trial.program());
        trial.differentiate(trial.weigh(y));
        return FiniteDifferences.check(trial, FiniteDifferences.Effort.FULL);
    }

    /// The largest difference of a sample's values from its formula, relative to the largest value; NaN if a value is
    /// not a number.
    public static double check(OperationRow row, Sample.Values sample) {
        var trial = new Trial(row.operation(), random(row.operation(), sample.name()));
        Sample.Expected expected = sample.formula().on(trial, trial.program());
        try (HostSession session = trial.bind()) {
            session.run(trial.program());
            double[] actual = numbers(session, expected.actual());
            double[] wanted = expected.values();
            if (actual.length != wanted.length) {
                throw new IllegalStateException(
                        row.operation() + ": the formula gives " + wanted.length + " values for "
                                + expected.actual());
            }
            double largest = 0;
            double error = 0;
            for (int i = 0; i < actual.length; i++) {
                largest = Math.max(largest, Math.abs(wanted[i]));
                error = Math.max(error, Math.abs(actual[i] - wanted[i]));
            }
            return error / Math.max(largest, 1e-30);
        }
    }

    /// Makes the call that must be refused.
    ///
    /// @return the message with which it was refused; null if it was not
    public static String check(OperationRow row, Sample.Refused sample) {
        var trial = new Trial(row.operation(), random(row.operation(), sample.name()));
        try {
            sample.build().on(trial, trial.program());
            return null;
        } catch (IllegalArgumentException | IllegalStateException refusal) {
            return String.valueOf(refusal.getMessage());
        }
    }

    private static double[] numbers(HostSession session, Tensor tensor) {
        if (tensor.arena().isInteger()) {
            return Arrays.stream(session.downloadIntegers(tensor)).asDoubleStream().toArray();
        }
        float[] values = session.download(tensor);
        double[] numbers = new double[values.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = values[i];
        }
        return numbers;
    }
}
