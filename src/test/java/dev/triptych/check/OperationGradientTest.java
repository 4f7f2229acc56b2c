package dev.triptych.check;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.trial.Precision;
import dev.triptych.trial.Sample;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs the whole table of operations in float64, which proves the gradients, and in float32, which shows that the
/// single-precision build says the same.
class OperationGradientTest {
    @TestFactory
    Stream<DynamicTest> float64() {
        return dev.triptych.twin.check.OperationTable.rows().stream().flatMap(row -> row.samples().stream()
                .map(sample -> DynamicTest.dynamicTest(row.operation() + ": " + sample.name(), () -> {
                    switch (sample) {
                        case dev.triptych.twin.trial.Sample.Gradient g -> {
                            var result = dev.triptych.twin.check.OperationTable.check(row, g);
                            assertTrue(result.within(1e-6), () -> result.toString());
                            assertTrue(result.entries() > 0);
                        }
                        case dev.triptych.twin.trial.Sample.Values v ->
                            small(dev.triptych.twin.check.OperationTable.check(row, v), 1e-12);
                        case dev.triptych.twin.trial.Sample.Refused r ->
                            refused(dev.triptych.twin.check.OperationTable.check(row, r), r.message());
                    }
                })));
    }

    @TestFactory
    Stream<DynamicTest> float32() {
        return OperationTable.rows().stream().flatMap(row -> row.samples().stream()
                .map(sample -> DynamicTest.dynamicTest(row.operation() + ": " + sample.name(), () -> {
                    switch (sample) {
                        case Sample.Gradient g -> {
                            var result = OperationTable.check(row, g);
                            assertTrue(result.within(1e-2), () -> result.toString());
                        }
                        case Sample.Values v -> small(OperationTable.check(row, v), Precision.VALUE_TOLERANCE);
                        case Sample.Refused r -> refused(OperationTable.check(row, r), r.message());
                    }
                })));
    }

    private static void small(double error, double tolerance) {
        assertTrue(error <= tolerance, () -> "error of the values: " + error);
    }

    private static void refused(String message, String part) {
        assertNotNull(message, "was not refused");
        assertTrue(message.contains(part), () -> "'" + message + "' does not say '" + part + "'");
    }
}
