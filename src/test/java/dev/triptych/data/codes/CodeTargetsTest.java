package dev.triptych.data.codes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.tokenizer.Codebook;
import dev.triptych.tokenizer.PatchCodebook;
import dev.triptych.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;

/// One code for each patch of what the encoder sees, whatever side the tokenizer's own images have.
class CodeTargetsTest {
    private static final int GREYS = 5;

    /// A codebook of flat grey patches: code k is k / 4.
    private static PatchCodebook greys(int patch, int side) {
        int width = 3 * patch * patch;
        float[] vectors = new float[GREYS * width];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = i / width / 4f;
        }
        return new PatchCodebook(new Codebook(vectors, GREYS, width), side);
    }

    /// An image whose cells of a grid x grid are flat.
    private static float[] cells(int[] codes, int grid, int side) {
        float[] image = new float[3 * side * side];
        int cell = side / grid;
        for (int i = 0; i < image.length; i++) {
            int y = i / side % side;
            int x = i % side;
            image[i] = codes[y / cell * grid + x / cell] / 4f;
        }
        return image;
    }

    @Test
    void codesAreTheTokenizersOwnWhereTheGridFits() {
        var book = greys(4, 16);
        var targets = CodeTargets.of(book, 16, 4);
        assertSame(book, targets.tokenizer());
        assertEquals(16, targets.positions());
        int[] codes = {0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 4};
        float[] image = cells(codes, 4, 16);
        int[] found = new int[16];
        targets.encode(image, 1, found);
        assertArrayEquals(codes, found);
        assertArrayEquals(image, targets.decode(found, 1), 1e-6f);
    }

    /// As the authors resize images of 224 px to 256 where patches have 14 px and a code stands for 16.
    @Test
    void imagesAreResizedWhereAPatchIsNoCode() {
        var targets = CodeTargets.of(greys(4, 32), 28, 4);
        assertEquals(4, targets.tokenizer().grid());
        assertEquals(16, targets.tokenizer().side());
        float[] image = cells(new int[]{4, 4, 0, 0, 4, 4, 0, 0, 2, 2, 1, 1, 2, 2, 1, 1}, 4, 28);
        int[] found = new int[16];
        targets.encode(image, 1, found);
        assertArrayEquals(new int[]{4, 4, 0, 0, 4, 4, 0, 0, 2, 2, 1, 1, 2, 2, 1, 1}, found);
        float[] decoded = targets.decode(found, 1);
        assertEquals(image.length, decoded.length);
        assertEquals(1f, decoded[0], 1e-6f);
        assertEquals(0f, decoded[27], 1e-6f);
        assertEquals(0.25f, decoded[28 * 28 - 1], 1e-6f);
    }

    @Test
    void aTokenizerOfAnotherGridIsRefused() {
        Tokenizer fixed = new Tokenizer() {
            @Override
            public int codes() {
                return 8;
            }

            @Override
            public int side() {
                return 32;
            }

            @Override
            public int grid() {
                return 8;
            }

            @Override
            public void encode(float[] images, int count, int[] codes) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void decode(int[] codes, int count, float[] images) {
                throw new UnsupportedOperationException();
            }

            @Override
            public String sha256() {
                return "0".repeat(64);
            }

            @Override
            public String description() {
                return "fixed";
            }
        };
        assertSame(fixed, CodeTargets.of(fixed, 24, 8).tokenizer());
        var refusal = assertThrows(IllegalArgumentException.class, () -> CodeTargets.of(fixed, 32, 4));
        assertTrue(refusal.getMessage().contains("8 x 8 codes") && refusal.getMessage().contains("4 x 4 patches"),
                refusal::getMessage);
    }
}
