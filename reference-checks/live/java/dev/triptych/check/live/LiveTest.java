package dev.triptych.check.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.triptych.check.OperationTable;
import dev.triptych.libtorch.Findings;
import dev.triptych.libtorch.Outcome;
import dev.triptych.program.CodeOperations.Candidates;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.Lifespan;
import net.jqwik.api.lifecycle.Store;

/// Every operation of the table beside libtorch, on shapes that jqwik draws and shrinks.
class LiveTest {
    @Example
    void everyOperationHasARowOrAReason() {
        var names = new ArrayList<>(LiveTable.rows().stream().map(LiveRow::name).toList());
        names.addAll(LiveTable.without().keySet());
        assertEquals(OperationTable.operations(), new TreeSet<>(names),
                "operations of Program's interfaces (left) and rows or reasons of LiveTable (right)");
        assertEquals(new TreeSet<>(names).size(), names.size(), "an operation has two rows, or a row and a reason");
    }

    @Example
    void aWrongValueAndAWrongGradientAreFound() {
        var factor = new LiveRow("scale", t -> t.agrees(t.program().scale(t.variable("x", 3), 2f), "2.0005 * x"));
        var stopped = new LiveRow("scale", t -> t.agrees(t.program().scale(t.variable("x", 3), 2f),
                "1.9995 * x + 0.0005 * x.detach()"));
        var decision = new LiveRow("candidateCodes",
                t -> t.decides(t.program().candidateCodes(t.fixed("x", 3, 4), Candidates.ARG_MAX),
                        "torch.sort(x)[1][:, 2:3]", "smallest_gap(x).unsqueeze(1)"));
        for (LiveRow row : List.of(factor, stopped, decision)) {
            assertFalse(agrees(row.run(List.of(1), 1)), row.name());
        }
        assertEquals(0, stopped.run(List.of(1), 1).value(), Numbers.VALUE_TOLERANCE);
    }

    // Shrinking without a time limit: with one, jqwik leaves its thread behind in libtorch.
    @Property(shrinking = ShrinkingMode.FULL)
    void everyOperationAgrees(@ForAll @Size(8) List<@IntRange(min = 1, max = 7) Integer> sides, @ForAll long seed) {
        compare(LiveTable.rows(), sides, seed, LiveTest::agrees);
    }

    @Property(shrinking = ShrinkingMode.FULL)
    void everyPieceAgrees(@ForAll @Size(8) List<@IntRange(min = 1, max = 7) Integer> sides, @ForAll long seed) {
        compare(LiveTable.pieces(), sides, seed, o -> o.within(Numbers.PIECE_TOLERANCE, Numbers.PIECE_TOLERANCE));
    }

    private static void compare(List<LiveRow> rows, List<Integer> sides, long seed, Predicate<Outcome> agrees) {
        var wrong = new ArrayList<String>();
        for (LiveRow row : rows) {
            Outcome outcome = row.run(sides, seed);
            findings().add(row.name(), outcome);
            if (!agrees.test(outcome)) {
                wrong.add(row.name() + ": " + outcome);
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static boolean agrees(Outcome outcome) {
        return outcome.within(Numbers.VALUE_TOLERANCE, Numbers.GRADIENT_TOLERANCE);
    }

    private static Findings findings() {
        return Store.getOrCreate("findings", Lifespan.PROPERTY, Findings::new).get();
    }

    /// Prints what was found. A row of which every draw was too close to decide has proven nothing.
    @AfterProperty
    void tell() {
        System.out.print(findings().table(Numbers.NAME));
        assertEquals(List.of(), findings().empty(), "rows of which nothing was compared: draw more, -Dlive.tries=1000");
    }
}
