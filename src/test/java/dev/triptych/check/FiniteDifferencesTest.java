package dev.triptych.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.twin.check.GradientReport;
import dev.triptych.twin.check.OperationRow;
import dev.triptych.twin.check.OperationTable;
import dev.triptych.twin.program.Tensor;
import dev.triptych.twin.program.call.ElementwiseCalls.ScaleValues;
import dev.triptych.twin.trial.Component;
import dev.triptych.twin.trial.FiniteDifferences;
import dev.triptych.twin.trial.Sample;
import dev.triptych.twin.trial.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// The engine sees what is wrong, and holds fixed what it must.
class FiniteDifferencesTest {
    private static FiniteDifferences.Result check(Function<Trial, Tensor> loss) {
        var trial = new Trial("test", CounterRandom.of(11, Stream.CHECK, 0, 0));
        trial.differentiate(loss.apply(trial));
        return FiniteDifferences.check(trial, FiniteDifferences.Effort.FULL);
    }

    /// y = 2 x with an adjoint that says `slope`.
    private static Tensor twice(Trial trial, Tensor x, double slope) {
        var p = trial.program();
        Tensor y = p.result("twice", new Tensor[]{x}, x.shape());
        int n = y.count();
        return p.operation("twice", y, x).launch(n, new ScaleValues(x, y, n, 2.0))
                .adjoint((dy, to) -> to.gradient(x, dx -> to.launch(n, new ScaleValues(dy, dx, n, slope))));
    }

    @Test
    void aRightAdjointPassesAndAWrongOneDoesNot() {
        for (int n : new int[]{5, 1000}) {
            assertTrue(check(t -> t.weigh(twice(t, t.variable("x", n), 2.0))).within(1e-6));
            var wrong = check(t -> t.weigh(twice(t, t.variable("x", n), 2.0001)));
            assertFalse(wrong.within(1e-6));
            assertTrue(wrong.error() < 3e-4);
            assertTrue(wrong.worst().contains("by differences"), wrong.worst());
        }
    }

    @Test
    void aMissingAdjointIsSeen() {
        var result = check(t -> {
            Tensor x = t.variable("x", 3);
            Tensor y = t.program().activation("y", false, 3);
            t.program().operation("lost", y, x).launch(3, new ScaleValues(x, y, 3, 2.0)).withoutAdjoint();
            return t.weigh(t.program().add(x, y));
        });
        assertFalse(result.within(1e-2));
    }

    @Test
    void onlyOneWrongEntryOfManyIsSeenByDirections() {
        var result = check(t -> {
            Tensor x = t.variable("x", 4000);
            var p = t.program();
            return t.weigh(p.concat(p.slice(x, 0, 3999), twice(t, p.slice(x, 3999, 1), 3.0)));
        });
        assertFalse(result.within(1e-4), result.toString());
        assertEquals(8, result.directions());
        assertEquals(24, result.entries());
    }

    @Test
    void aValueThatIsNotANumberFails() {
        var result = check(t -> t.weigh(t.program().scale(t.variable("x", new double[]{Double.NaN, 1, 2}, 3), 2)));
        assertFalse(result.within(1e9));
    }

    @Test
    void aReportForgetsNoSampleThatFailed() {
        var row = new OperationRow("scale", "", List.of(
                new Sample.Gradient("bad",
                        (t, p) -> t.program().scale(t.variable("x", new double[]{Double.NaN, 1}, 2), 2)),
                new Sample.Gradient("good", (t, p) -> p.scale(t.variable("x", 2), 2))));
        GradientReport.Line line = GradientReport.check(row);
        assertTrue(Double.isNaN(line.error()));
        assertFalse(line.passed());
        assertEquals(2, line.checks());
        assertTrue(line.worst().startsWith("bad: entry 0"), line.worst());
    }

    @Test
    void namedStopGradientsAreHeldFixed() {
        var fixed = check(t -> {
            Tensor x = t.variable("x", 5, 3);
            Tensor target = t.program().stopGradient("target", t.program().scale(x, 3.0));
            return t.program().mean(t.program().squaredError(x, target));
        });
        assertTrue(fixed.within(1e-6), fixed.toString());
    }

    @Test
    void statesAreNotMovedWhileDifferencing() {
        var result = check(t -> {
            var p = t.program();
            Tensor x = t.parameter("x", 6, 3);
            Tensor teacher = t.state().teacher("x");
            p.emaUpdate(List.of(x), t.fixed("momentum", new double[]{0.5}, 1));
            Tensor running = t.state().buffer("running", new double[6], 3, 2);
            Tensor moments = p.channelMoments(x);
            p.updateRunningMoments(x, moments, running, 0.1);
            Tensor y = p.batchNorm(x, moments, t.parameter("gain", 3), t.parameter("shift", 3), 1e-5);
            return p.mean(p.squaredError(y, teacher));
        });
        assertTrue(result.within(1e-6), result.toString());
    }

    @Test
    void theReportCoversTheTable() {
        var seen = new ArrayList<GradientReport.Line>();
        Consumer<GradientReport.Line> add = seen::add;
        var component = Component.of("two layers", t -> {
            var p = t.program();
            Tensor x = t.variable("x", 6, 5);
            Tensor h = p.gelu(p.linear(x, t.parameter("w1", 50, 5), t.parameter("b1", 50)));
            Tensor y = p.linear(h, t.parameter("w2", 3, 50), t.parameter("b2", 3));
            return p.mean(p.crossEntropy(y, t.labels("label", 0, 1, 2, 2, 1, 0), 0.1, -1));
        });
        GradientReport report = GradientReport.run(OperationTable.rows(), List.of(component), add);
        assertEquals("float64", report.precision());
        assertEquals(seen, report.lines());
        assertEquals(OperationTable.rows().size() + 1, report.lines().size());
        assertTrue(report.passed(),
                () -> report.lines().stream().filter(l -> !l.passed()).toList().toString());
        assertTrue(report.largestError() < 1e-6);
        assertTrue(report.entries() > 1000);
        assertEquals(8, report.lines().getLast().directions());
        assertNull(report.lines().stream().filter(l -> Double.isNaN(l.error())).findAny().orElse(null));
    }
}
