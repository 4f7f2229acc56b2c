package dev.triptych.sheet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// Heat maps of tokens: what is seen of L.
class PlacesTest {
    private static final Cell RED = Cell.plain(2, 2, 0xc02020);
    /// Two pictures of four patches and three tokens; the second is dim everywhere.
    private static final float[] L = {1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0,
            0.5f, 0.3f, 0.2f, 0.34f, 0.33f, 0.33f, 0.3f, 0.4f, 0.3f, 0.2f, 0.3f, 0.5f};

    private static boolean grey(int rgb) {
        return (rgb >> 16 & 255) == (rgb >> 8 & 255) && (rgb & 255) == (rgb >> 8 & 255);
    }

    private static int light(int rgb) {
        return (rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255);
    }

    /// A token that nowhere has more than half of a patch is seen as well as one that has all of it.
    @Test
    void theScaleGoesFromAnEvenShareToThePicturesLargestValue() {
        var places = new Places(L, 12, 2, 3);
        assertEquals(1 / 3.0, places.from());
        assertEquals(0.5, places.peak());
        int[] first = places.over(RED, 0).rgb();
        assertEquals(new Places(L, 0, 2, 3).over(RED, 0).rgb()[0], first[0], "0.5 here as 1 there");
        assertTrue(!grey(first[1]) && light(first[1]) < light(first[0]), "0.34 is a little above 1/3");
        assertTrue(grey(first[2]) && grey(first[3]), "0.3 and 0.2 are below an even share: the picture alone, in grey");
        int[] third = places.over(RED, 2).rgb();
        assertEquals(first[0], third[3], "one scale for all tokens of a picture");
    }

    @Test
    void anEvenLHasNoColour() {
        for (int rgb : new Places(new float[]{0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f}, 0, 2, 2).over(RED, 1)
                .rgb()) {
            assertTrue(grey(rgb));
        }
        assertTrue(!grey(new Places(new float[]{1, 1, 1, 1}, 0, 2, 1).over(RED, 0).rgb()[0]), "one token has all");
    }

    @Test
    void theBarHasTheColoursOfTheMaps() {
        var bar = Places.scale();
        int last = bar.rgb()[bar.width() - 1];
        assertTrue(light(last) > light(bar.rgb()[0]));
        int[] map = Cell.plain(1, 1, 0x808080).heat(new float[]{(bar.width() - 0.5f) / bar.width()}, 1, 1, 0, 1,
                Colormap.VIRIDIS).rgb();
        assertEquals(map[0], last);
    }
}
