package dev.triptych.check;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Checks every component and the whole objective of every method with respect to every parameter, in float64.
class ComponentGradientTest {
    @TestFactory
    Stream<DynamicTest> float64() {
        return dev.triptych.twin.check.Components.all().stream()
                .map(component -> DynamicTest.dynamicTest(component.name(), () -> {
                    var line = dev.triptych.twin.check.GradientReport.check(component);
                    assertTrue(line.error() <= 1e-6, () -> line.toString());
                    assertTrue(line.entries() > 0);
                }));
    }
}
