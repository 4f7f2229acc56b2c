package dev.triptych.measure.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.measure.code.CodeGrids;
import dev.triptych.measure.code.CodeProbe;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FewShotTest {
    private static int[] labels(int count, int classes) {
        return IntStream.range(0, count).map(i -> i % classes).toArray();
    }

    @Property(tries = 40)
    void aDrawHasAsManyOfEachClassAndALargerOneExtendsIt(@ForAll @IntRange(min = 2, max = 6) int classes,
            @ForAll @IntRange(min = 12, max = 60) int each, @ForAll @IntRange(min = 0, max = 4) int draw,
            @ForAll @IntRange(min = 1, max = 6) int shots) {
        int[] labels = labels(classes * each, classes);
        var few = new FewShot(labels);
        int[] rows = few.draw(draw, shots);
        var counts = Arrays.stream(rows).boxed().collect(Collectors.groupingBy(r -> labels[r], Collectors.counting()));
        assertEquals(classes, counts.size());
        counts.values().forEach(count -> assertEquals(shots, count.intValue()));
        assertEquals(rows.length, Arrays.stream(rows).distinct().count());
        var more = Arrays.stream(few.draw(draw, shots + 1)).boxed().collect(Collectors.toSet());
        assertTrue(Arrays.stream(rows).allMatch(more::contains), "a larger draw extends a smaller one");
    }

    @Test
    void drawsDiffer() {
        var few = new FewShot(labels(200, 4));
        assertFalse(Arrays.equals(few.draw(0, 5), few.draw(1, 5)));
        assertArrayEquals(few.draw(2, 5), few.draw(2, 5));
    }

    @Test
    void tooFewRowsAreSaid() {
        var few = new FewShot(labels(40, 4));
        assertTrue(few.possible(10));
        assertFalse(few.possible(11));
    }

    /// A learner that remembers which rows it was fit and judged on.
    @Test
    void theDecayIsChosenByNoLabelBesideTheShots() {
        var few = new FewShot(labels(400, 4));
        int[] rows = few.draw(0, 5);
        var seen = new java.util.TreeSet<Integer>();
        FewShot.Learner learner = (fit, l2) -> {
            Arrays.stream(fit).forEach(seen::add);
            return new FewShot.Learner.Fit() {
                @Override
                public double onTraining(int[] held) {
                    Arrays.stream(held).forEach(seen::add);
                    assertTrue(Arrays.stream(held).noneMatch(h -> Arrays.stream(fit).anyMatch(r -> r == h)));
                    assertEquals(4, held.length, "one of each class");
                    return l2 == 1e-1 || l2 == 1e-3 ? 90 : 50;
                }

                @Override
                public double onTest() {
                    throw new IllegalStateException("the test rows choose nothing");
                }
            };
        };
        assertEquals(1e-1, FewShot.decay(learner, rows, 5), "the largest of equals");
        assertEquals(Arrays.stream(rows).boxed().collect(Collectors.toSet()), seen);
        seen.clear();
        assertEquals(1e-2, FewShot.decay(learner, few.draw(0, 1), 1));
        assertTrue(seen.isEmpty());
    }

    /// Two clouds far apart are told from one label each, and more labels tell close ones better.
    @Test
    void whatALabelIsWorth() {
        var random = new SplittableRandom(1);
        var far = clouds(random, 400, 20);
        var sure = new FewShot(far.labels()).measure(FewShot.Learner.on(far, far), 1);
        assertEquals(100, sure.mean(), 1e-9);
        assertEquals(0, sure.deviation(), 1e-9);
        var near = clouds(random, 400, 1);
        var few = new FewShot(near.labels());
        double one = few.measure(FewShot.Learner.on(near, near), 1).mean();
        double many = few.measure(FewShot.Learner.on(near, near), 25).mean();
        assertTrue(many > one + 2 && few.measure(FewShot.Learner.on(near, near), 1).deviation() > 0, one + " " + many);
    }

    private static Features clouds(SplittableRandom random, int count, double distance) {
        float[] rows = new float[count * 3];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (random.nextGaussian() + (i / 3 % 2 == 0 ? distance : -distance));
        }
        return new Features(rows, count, 3, labels(count, 2));
    }

    @Test
    void codesAreLearntFromToo() {
        var random = new SplittableRandom(2);
        int[] ids = random.ints(400 * 4, 0, 4).toArray();
        for (int i = 0; i < 400; i++) {
            ids[i * 4] = i % 4;
        }
        var grids = new CodeGrids(2, 4, ids, labels(400, 4));
        var result = new FewShot(grids.labels()).measure(CodeProbe.fewShot(grids, grids), 25);
        assertTrue(result.mean() > 90, () -> "accuracy " + result);
    }
}
