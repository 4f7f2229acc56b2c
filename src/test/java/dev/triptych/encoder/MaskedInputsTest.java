package dev.triptych.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What the integer inputs of masked views and of masked grids say, counted by hand.
class MaskedInputsTest {
    private final Program p = new Program("masked", new State());
    private final Map<Tensor, int[]> given = new HashMap<>();

    /// Two images of 4 patches with three views each, of which the first two are masked and keep two patches.
    @Test
    void patchesAreCountedOverAllViewsThatAreGiven() {
        var masked = MaskedPatches.input(p, 4, 2, 4);
        int[] chosen = {3, 1, 0, 2, 2, 3, 1, 0};
        masked.give(chosen, 2, 3, given::put);
        // views 0 and 1 of image 0 are images 0 and 1 of the input; of image 1, images 3 and 4
        assertArrayEquals(new int[]{3, 1, 4, 6, 14, 15, 17, 16}, given.get(masked.source()));
        assertArrayEquals(chosen, given.get(masked.cells().rows()));
        assertArrayEquals(new int[]{0, 2, 4, 6, 8}, given.get(masked.cells().first()));
        assertArrayEquals(new int[]{2, 7, 1, 6, 3, 4, 0, 5}, given.get(masked.cells().inverse()));
        assertEquals(4, given.size());
    }

    /// Two grids of 3 cells of 9 codes, of which two are not dropped.
    @Test
    void maskedCellsAreShownAsMaskAndFoundAtCls() {
        var masked = MaskedCells.input(p, 2, 2, 3, 9);
        int[] codes = {5, 6, 7, 1, 2, 3};
        boolean[] hidden = {true, false, true, false, true, true};
        masked.give(codes, hidden, new int[]{0, 1, 0, 2}, given::put);
        int cls = 9;
        int mask = 10;
        assertArrayEquals(new int[]{cls, mask, 6, cls, 1, mask}, given.get(masked.ids().rows()));
        assertArrayEquals(new int[]{0, 1, 2, 0, 1, 3}, given.get(masked.places().rows()));
        // the decoder sees an encoded row at CLS and where a cell was shown, else that of CLS
        assertArrayEquals(new int[]{0, 0, 2, 0, 3, 4, 3, 3}, given.get(masked.slots().rows()));
        assertEquals(9, given.size());
    }

    @Test
    void inputsKeepTheirNames() {
        MaskedPatches.input(p, 4, 2, 4);
        MaskedCells.input(p, 2, 2, 3, 9);
        assertEquals("[masked.source, masked.cells, masked.cells.first, masked.cells.inverse, visible.ids, "
                + "visible.ids.first, visible.ids.inverse, visible.places, visible.places.first, "
                + "visible.places.inverse, slots, slots.first, slots.inverse]", p.inputs().keySet().toString());
    }
}
