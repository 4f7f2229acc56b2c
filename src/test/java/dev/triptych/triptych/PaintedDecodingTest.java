package dev.triptych.triptych;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.device.Session;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.methods.Methods;
import dev.triptych.program.Program;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Recipe;
import dev.triptych.tokens.DecoderTargets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Pictures of which a part is generated anew: what is known stays and is seen as it is, what is hidden is not seen.
class PaintedDecodingTest {
    private static final int GRID = 4;
    private static final int SIDE = 16;
    private static final int BATCH = 3;

    private final Recipe recipe = Methods.RECIPES.load("triptych-micro", List.of()).recipe();
    private final CodeTargets targets = CodeTargets.of(DecoderTargets.codebook(recipe), SIDE, GRID);
    private final int mask = targets.tokenizer().codes() + 1;
    private PaintedDecoding decoding;
    private Session session;
    private float[] picture;
    private int[] known;

    /// The right half of a picture is hidden.
    @BeforeEach
    void bind() {
        var programs = new TriptychPrograms(recipe);
        decoding = new PaintedDecoding(programs, targets, 3, 4.5, BATCH, GRID * GRID / 2);
        session = new PlainDevice().bind(programs.state(), decoding.programs().toArray(Program[]::new));
        session.initialize(programs.state(), 1);
        var random = CounterRandom.of(1, Stream.CHECK, 0, 0);
        picture = new float[3 * SIDE * SIDE];
        for (int i = 0; i < picture.length; i++) {
            picture[i] = random.uniform();
        }
        known = new int[GRID * GRID];
        targets.encode(picture, 1, known);
        for (int i = 0; i < known.length; i++) {
            known[i] = hidden(i) ? mask : known[i];
        }
    }

    @AfterEach
    void close() {
        session.close();
    }

    private static boolean hidden(int cell) {
        return cell % GRID >= GRID / 2;
    }

    private int[] complete(float[] seen) {
        return decoding.complete(session, seen, known, 2 * BATCH, 7, more -> {
        });
    }

    /// The picture with other pixels in one half.
    private float[] changed(boolean hiddenHalf) {
        float[] other = picture.clone();
        for (int i = 0; i < other.length; i++) {
            if (i % SIDE >= SIDE / 2 == hiddenHalf) {
                other[i] = 1 - other[i];
            }
        }
        return other;
    }

    @Test
    void whatIsKnownStaysAndTheRestIsDrawnForEachPicture() {
        int[] grids = complete(picture);
        assertTrue(Arrays.stream(grids).allMatch(code -> code >= 0 && code < targets.tokenizer().codes()));
        for (int i = 0; i < grids.length; i++) {
            int cell = i % known.length;
            if (!hidden(cell)) {
                assertEquals(known[cell], grids[i], "cell " + i);
            }
        }
        assertTrue(IntStream.range(known.length, grids.length)
                .anyMatch(i -> grids[i] != grids[i % known.length]), "pictures differ");
        assertArrayEquals(grids, complete(picture), "a function of weights, picture and seed");
    }

    @Test
    void knownCellsAreSeenAsTheyAreAndHiddenOnesAreNot() {
        int[] grids = complete(picture);
        assertArrayEquals(grids, complete(changed(true)));
        assertFalse(Arrays.equals(grids, complete(changed(false))), "the same codes of other pixels are seen");
    }
}
