package dev.triptych.measure.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.set.Subset;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

public class CodeProbeTest {
    /// Random grids; the class is what code 0 of the second cell says, plus twice the parity of the third.
    public static CodeGrids random(long seed, int count, int grid, int codes) {
        var random = new SplittableRandom(seed);
        int n = grid * grid;
        int[] ids = random.ints((long) count * n, 0, codes).toArray();
        int[] labels = IntStream.range(0, count)
                .map(i -> (ids[i * n + 1] == 0 ? 1 : 0) + 2 * (ids[i * n + 2] % 2)).toArray();
        return new CodeGrids(grid, codes, ids, labels);
    }

    @Test
    void findsClassesThatSingleCellsSay() {
        var train = random(1, 600, 3, 5);
        var test = random(2, 300, 3, 5);
        assertTrue(new CodeProbe(1e-4, 200, 1e-5).accuracy(train, test) > 99);
    }

    @Test
    void placesAreLostInTheHistogram() {
        var grids = new CodeGrids(2, 3, new int[]{0, 1, 2, 2, 2, 2, 1, 0}, new int[]{0, 1});
        assertArrayEquals(new float[]{1, 1, 2, 1, 1, 2}, grids.histogram().rows());
        assertEquals(100, CodeProbe.standard().accuracy(grids, grids));
    }

    @Test
    void aCodeThatTrainingNeverSawSaysNothing() {
        var train = new CodeGrids(1, 3, new int[]{0, 0, 0, 1}, new int[]{1, 1, 1, 0});
        var unseen = new CodeGrids(1, 3, new int[]{2}, new int[]{1});
        assertEquals(100, new CodeProbe(1e-2, 100, 1e-6).accuracy(train, unseen)); // by the bias alone
    }

    @Test
    void gridsOfAnotherCodebookAreRefused() {
        var e = assertThrows(IllegalArgumentException.class,
                () -> CodeProbe.standard().accuracy(random(1, 20, 2, 5), random(1, 20, 2, 6)));
        assertTrue(e.getMessage().contains("of 6 codes") && e.getMessage().contains("2 x 2 of 5;"), e::getMessage);
        assertThrows(IllegalArgumentException.class, () -> new CodeGrids(1, 2, new int[]{2}, new int[]{0}));
        assertThrows(IllegalArgumentException.class, () -> new CodeGrids(2, 2, new int[]{1}, new int[]{0}));
    }

    /// The value is that of a dense softmax, and the gradient that of finite differences.
    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void valueAndGradient(@ForAll long seed) {
        var grids = random(seed, 23, 2, 4);
        var objective = new CodeLogistic(grids, 0.1);
        var random = new SplittableRandom(seed);
        double[] point = random.doubles(objective.size(), -1, 1).toArray();
        double[] gradient = new double[point.length];
        double value = objective.evaluate(point, gradient);
        assertTrue(value > 0);
        double[] unused = new double[point.length];
        for (int i = 0; i < point.length; i++) {
            double[] moved = point.clone();
            moved[i] += 1e-5;
            double up = objective.evaluate(moved, unused);
            moved[i] -= 2e-5;
            assertEquals((up - objective.evaluate(moved, unused)) / 2e-5, gradient[i], 1e-7);
        }
    }

    /// Before anything is learnt every class is as likely.
    @Test
    void theLossAtZeroIsTheLogarithmOfTheClasses() {
        var grids = random(3, 40, 2, 4);
        var objective = new CodeLogistic(grids, 1);
        assertEquals(Math.log(4), objective.evaluate(new double[objective.size()], new double[objective.size()]),
                1e-12);
    }

    @Test
    void someGridsKeepCodesAndLabels() {
        var grids = random(4, 10, 2, 30);
        assertEquals(grids, grids.drawn(10));
        int[] some = Subset.drawn(10, 2);
        assertArrayEquals(new int[]{grids.labels()[some[0]], grids.labels()[some[1]]}, grids.drawn(2).labels());
        assertEquals(grids.ids()[4 * some[1]], grids.drawn(2).ids()[4]);
    }

    @Test
    void doesNotDependOnTheNumberOfThreads() throws Exception {
        var objective = new CodeLogistic(random(5, 400, 3, 6), 1e-3);
        double[] point = new SplittableRandom(6).doubles(objective.size()).toArray();
        double[][] gradients = new double[2][point.length];
        try (var one = new ForkJoinPool(1); var four = new ForkJoinPool(4)) {
            assertEquals(one.submit(() -> objective.evaluate(point, gradients[0])).get(),
                    four.submit(() -> objective.evaluate(point, gradients[1])).get());
        }
        assertArrayEquals(gradients[0], gradients[1]);
    }
}
