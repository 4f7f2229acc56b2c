package dev.triptych.measure.feature;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.method.InputException;
import org.junit.jupiter.api.Test;

/// What an evaluation keeps is added up in `long`, and refused before it is made.
class RoomTest {
    private static final long PIXELS = 3L * 224 * 224;

    private static String refusal(Room room, long images, long width, int copies) {
        return assertThrows(InputException.class, () -> room.add("raw pixels", images, width, copies)).getMessage();
    }

    @Test
    void anArrayThatIsTooLongIsRefused() {
        assertDoesNotThrow(() -> new Room("Use fewer.", Long.MAX_VALUE).add("raw pixels", 14_266, PIXELS, 1));
        assertEquals("raw pixels: 14,267 images of 150,528 numbers each, more than the 2,147,483,583 of a Java array. "
                + "Use fewer.", refusal(new Room("Use fewer.", Long.MAX_VALUE), 14_267, PIXELS, 1));
        assertTrue(refusal(new Room("Use fewer."), Integer.MAX_VALUE, Integer.MAX_VALUE, 1).contains("Java array"));
    }

    @Test
    void whatIsKeptTogetherMustFit() {
        var room = new Room("Use fewer.", 4_000);
        room.add("features", 10, 50, 1).add("features", 10, 20, 2);
        assertEquals("raw pixels: with 10 images of 11 numbers each the evaluation keeps 0 MB; this Java has 0 MB. Use "
                + "fewer. Or give it more: TRIPTYCH_HEAP.", refusal(room, 10, 11, 1));
        assertDoesNotThrow(() -> new Room("", 4_000).add("features", 10, 50, 2));
        refusal(new Room("", 4_000), 10, 51, 2);
    }
}
