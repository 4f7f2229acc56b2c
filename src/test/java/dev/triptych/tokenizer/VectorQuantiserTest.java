package dev.triptych.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.plain.PlainDevice;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class VectorQuantiserTest {
    @Test
    void theGradientPassesStraightThroughAndNoneReachesTheCodebook() {
        var state = new State();
        var quantiser = new VectorQuantiser(Scope.of(state), 3, 2);
        var p = new Program("test", state);
        var z = p.differentiableInput("z", 2, 2);
        var quantised = quantiser.apply(p, z);
        var weight = p.input("weight", 2, 2);
        var gradients = p.gradient(p.scaledSum(p.rowDots(quantised.latents(), weight), 1f));
        assertEquals(List.of(VectorQuantiser.STOP), p.stopGradients());
        p.keep(quantised.latents());
        p.keep(gradients.of(z));
        try (var device = new PlainDevice(); var session = device.bind(state, p)) {
            session.upload(quantiser.averages().vectors(), new float[]{9, 9, 1, 0, 0, 1});
            session.upload(z, new float[]{0.75f, 0, 0, 0.5f});
            session.upload(weight, new float[]{2, 3, 5, 7});
            session.run(p);
            assertArrayEquals(new int[]{1, 2}, session.downloadIntegers(quantised.codes()));
            assertArrayEquals(new float[]{1, 0, 0, 1}, session.download(quantised.latents()));
            assertArrayEquals(new float[]{2, 3, 5, 7}, session.download(gradients.of(z)));
        }
    }

    @Test
    void codesBelowAShareOfTheMeanAreDead() {
        assertEquals(List.of(0, 3), VectorQuantiser.dead(new float[]{0.19f, 8, 0.21f, 0, 1.6f}, 0.1f));
        assertEquals(List.of(), VectorQuantiser.dead(new float[]{1, 1}, 1f));
    }

    @Test
    void sizesThatCannotBeHalvedAreRefused() {
        assertEquals(3, new VqSettings(32, 8, 16, 4, 1, 8, 4).halvings());
        assertEquals(4, new VqSettings(32, 8, 16, 4, 1, 8, 4).widthAfter(0));
        for (int[] bad : new int[][]{{32, 3, 16}, {30, 4, 16}, {32, 8, 10}, {32, 1, 16}}) {
            assertTrue(assertThrows(IllegalArgumentException.class,
                    () -> new VqSettings(bad[0], bad[1], bad[2], 4, 1, 8, 4)).getMessage().contains("patch " + bad[1]));
        }
    }
}
