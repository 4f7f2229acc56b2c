package dev.triptych.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.List;
import org.junit.jupiter.api.Test;

class DropPathTest {
    private static Program program() {
        return new Program("drop path", new State());
    }

    @Test
    void ratesRiseLinearlyFromZero() {
        assertEquals(List.of(0f, 0.25f, 0.5f), DropPath.linear(0.5f, 3));
        assertEquals(List.of(0.5f), DropPath.linear(0.5f, 1));
    }

    @Test
    void withoutRatesThereIsNoInput() {
        Program p = program();
        assertSame(DropPath.NONE, DropPath.input(p, DropPath.linear(0f, 4), 6));
        assertTrue(p.inputs().isEmpty());
    }

    @Test
    void draws() {
        List<Float> rates = List.of(0f, 0.3f);
        int sequences = 4000;
        float[] keep = DropPath.draw(CounterRandom.of(1, Stream.DROPOUT, 5, 0), rates, sequences);
        assertEquals(4 * sequences, keep.length);
        for (int branch = 0; branch < 4; branch++) {
            float kept = 0;
            for (int s = 0; s < sequences; s++) {
                kept += keep[branch * sequences + s];
            }
            assertEquals(1 - rates.get(branch / 2), kept / sequences, branch < 2 ? 0 : 0.03);
        }
    }

    @Test
    void aMaskForOtherSequencesIsRefused() {
        Program p = program();
        var path = DropPath.input(p, List.of(0.5f), 3);
        var error = assertThrows(IllegalArgumentException.class, () -> path.pack(p, 4, 4));
        assertEquals("drop path: mask droppath(1, 2, 3) is not for the 2 sequences given", error.getMessage());
    }
}
