package dev.triptych.measure.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ConfusionTest {
    @Test
    void knownValues() {
        var confusion = new Confusion(4);
        confusion.add(new int[]{0, 0, 0, 1, 1, 2, -1, -1}, new int[]{0, 0, 1, 1, 1, 0, 3, 0});
        assertEquals(6, confusion.pixels());
        assertEquals(3, confusion.pixels(0));
        assertEquals(2 / 4.0, confusion.iou(0), 1e-12);
        assertEquals(2 / 3.0, confusion.iou(1), 1e-12);
        assertEquals(0, confusion.iou(2));
        assertTrue(Double.isNaN(confusion.iou(3)), "no pixel has class 3, and where it was predicted nothing counts");
        assertEquals((2 / 4.0 + 2 / 3.0) / 3, confusion.meanIou(), 1e-12);
        assertEquals(4 / 6.0, confusion.accuracy(), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> confusion.add(new int[2], new int[3]));
    }

    @Test
    void aTableWhoseSizeIsNoIntIsNotMade() {
        assertThrows(ArithmeticException.class, () -> new Confusion(1 << 16));
    }

    @Test
    void aClassThatNobodyHasStillCostsThoseItWasTakenFrom() {
        var confusion = new Confusion(2);
        confusion.add(new int[]{0, 0}, new int[]{0, 1});
        assertEquals(0.5, confusion.meanIou());
    }

    @Property(tries = 100)
    void theOrderOfPicturesDoesNotMatter(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        int[] truth = random.ints(200, -1, 5).toArray();
        int[] predicted = random.ints(200, 0, 5).toArray();
        var whole = new Confusion(5);
        whole.add(truth, predicted);
        var parts = new Confusion(5);
        for (int p = 199; p >= 0; p--) {
            parts.add(new int[]{truth[p]}, new int[]{predicted[p]});
        }
        assertEquals(whole.meanIou(), parts.meanIou());
        assertEquals(whole.accuracy(), parts.accuracy());
        assertTrue(whole.meanIou() <= 1 && whole.meanIou() >= 0);
    }
}
