package dev.triptych.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.triptych.check.TwinComparison;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.trial.Component;
import dev.triptych.trial.Trial;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The whole objective of every method in float32, as it trains, beside its float64 twin, whose gradients finite
/// differences prove: losses within 1e-4, gradients within 1e-3 of their norm.
class PrecisionTest {
    private static final double GRADIENTS = 1e-3;
    private static final long SEED = 5;

    private static CounterRandom random() {
        return CounterRandom.of(SEED, Stream.CHECK, 0, 0);
    }

    @TestFactory
    List<DynamicTest> float32AgreesWithFloat64() {
        List<Component> single = Miniatures.components();
        var twin = dev.triptych.twin.methods.Miniatures.components();
        assertEquals(single.size(), twin.size());
        var tests = new ArrayList<DynamicTest>();
        for (int i = 0; i < single.size(); i++) {
            Component component = single.get(i);
            var other = twin.get(i);
            assertEquals(component.name(), other.name());
            tests.add(DynamicTest.dynamicTest(component.name(), () -> {
                Trial one = component.make().apply(random());
                TwinComparison.agree(one, other.make().apply(random()), GRADIENTS, (a, b) -> {
                });
            }));
        }
        return tests;
    }
}
