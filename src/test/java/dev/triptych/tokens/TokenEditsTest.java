package dev.triptych.tokens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.method.InputException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens that are deleted and swapped.
class TokenEditsTest {
    private static final List<Path> FILES = List.of(Path.of("in/a.png"), Path.of("b:c.png"));

    @Test
    void aDeletedColumnIsSharedOutAmongTheOthers() {
        float[] l = {0.5f, 0.25f, 0.25f, 0f, 1f, 0f};
        assertArrayEquals(new float[]{2 / 3f, 0, 1 / 3f, 0.5f, 0, 0.5f},
                TokenEdits.of(List.of(2), List.of()).localization(l, 3), 1e-7f);
        assertArrayEquals(l, TokenEdits.NONE.localization(l, 3));
    }

    /// Swaps read what was there before, so that two tokens may change places.
    @Test
    void aSwappedTokenSaysWhatTheOtherSaid() {
        float[] s = {1, 1, 2, 2, 3, 3, 4, 4};
        var edits = TokenEdits.of(List.of(), List.of("1:b:c.png:2", "2:a.png:1"));
        assertArrayEquals(new float[]{4, 4, 1, 1, 4, 4, 1, 1}, edits.sparse(s, 2, FILES));
        assertEquals("token 1 from token 2 of b:c.png, token 2 from token 1 of a.png", edits.toString());
    }

    /// A picture is meant by the path that was given, or by its name where no other has it.
    @Test
    void aPictureIsMeantByItsPathOrByItsName() {
        float[] s = {1, 2, 3, 4};
        var files = List.of(Path.of("x/a.png"), Path.of("y/a.png"), Path.of("y/b.png"), Path.of("c.png"));
        assertEquals(2, TokenEdits.of(List.of(), List.of("1:y/a.png:1")).sparse(s, 1, files)[0]);
        assertEquals(3, TokenEdits.of(List.of(), List.of("1:b.png:1")).sparse(s, 1, files)[0]);
        var edits = TokenEdits.of(List.of(), List.of("1:a.png:1"));
        assertTrue(assertThrows(InputException.class, () -> edits.require(1, files)).getMessage()
                .contains("2 of the pictures are called so: [x/a.png, y/a.png]. Give its path."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1:3", "1::3", "x:a.png:1", "1:a.png:", ":a.png:1", "12345:a.png:1"})
    void whatIsNoSwapIsRefused(String swap) {
        assertTrue(assertThrows(InputException.class, () -> TokenEdits.of(List.of(), List.of(swap))).getMessage()
                .contains("TOKEN:PICTURE:TOKEN"));
    }

    @Test
    void tokensAndPicturesHaveToBeThere() {
        refused("--drop names token 3", List.of(3), List.of());
        refused("--drop names token 0", List.of(0), List.of());
        refused("--drop names all 2 tokens", List.of(1, 2), List.of());
        refused("--swap names token 3", List.of(), List.of("1:a.png:3"));
        refused("the picture d.png", List.of(), List.of("1:d.png:2"));
        TokenEdits.of(List.of(1), List.of("1:a.png:2")).require(2, FILES);
    }

    private static void refused(String message, List<Integer> drop, List<String> swap) {
        var edits = TokenEdits.of(drop, swap);
        assertTrue(assertThrows(InputException.class, () -> edits.require(2, FILES)).getMessage().contains(message));
    }
}
