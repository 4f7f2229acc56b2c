package dev.triptych.check;

import dev.triptych.trial.Sample;
import java.util.ArrayList;
import java.util.List;

/// A row of the table of operations: everything that proves one operation.
///
/// @param operation its name: the method of `Program`
/// @param avoided the points where it is not smooth and how the samples avoid them; empty if it is smooth everywhere
/// @param samples calls whose gradients or values are checked, and calls that must be refused
public record OperationRow(String operation, String avoided, List<Sample> samples) {
    /// A row without samples.
    static OperationRow of(String operation) {
        return new OperationRow(operation, "", List.of());
    }

    /// Names the points where the operation is not smooth.
    OperationRow avoids(String text) {
        return new OperationRow(operation, text, samples);
    }

    /// Adds a sample whose gradients are checked.
    OperationRow gradient(String name, Sample.Build build) {
        return with(new Sample.Gradient(name, build));
    }

    /// Adds a sample whose values are checked.
    OperationRow values(String name, Sample.Formula formula) {
        return with(new Sample.Values(name, formula));
    }

    /// Adds a call that must be refused with a message that contains the given text.
    OperationRow refused(String name, String message, Sample.Build build) {
        return with(new Sample.Refused(name, message, build));
    }

    private OperationRow with(Sample sample) {
        var more = new ArrayList<>(samples);
        more.add(sample);
        return new OperationRow(operation, avoided, List.copyOf(more));
    }
}
