package dev.triptych.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.FormatException;
import dev.triptych.io.Safetensors;
import dev.triptych.io.TensorEntry;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatchCodebookTest {
    private static PatchCodebook book(int codes, int patch, int side) {
        var random = CounterRandom.of(5, Stream.CHECK, 0, patch);
        float[] vectors = new float[codes * 3 * patch * patch];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = random.uniform();
        }
        return new PatchCodebook(new Codebook(vectors, codes, 3 * patch * patch), side);
    }

    @Property(tries = 40)
    void codesOfDecodedCodesAreTheCodes(@ForAll @IntRange(min = 1, max = 4) int patch,
            @ForAll @IntRange(min = 1, max = 4) int grid, @ForAll @IntRange(min = 1, max = 3) int count) {
        var tokenizer = book(11, patch, patch * grid);
        assertEquals(grid, tokenizer.grid());
        int[] codes = new int[count * grid * grid];
        var random = CounterRandom.of(6, Stream.CHECK, grid, patch);
        for (int i = 0; i < codes.length; i++) {
            codes[i] = random.below(11);
        }
        float[] images = new float[count * 3 * tokenizer.side() * tokenizer.side()];
        tokenizer.decode(codes, count, images);
        int[] again = new int[codes.length];
        tokenizer.encode(images, count, again);
        assertArrayEquals(codes, again);
    }

    @Test
    void aPatchIsChannelRowColumn() {
        float[] image = new float[3 * 16];
        for (int i = 0; i < image.length; i++) {
            image[i] = i;
        }
        float[] patch = new float[13];
        PatchCodebook.patch(image, 4, 2, 0, 2, patch, 1);
        assertArrayEquals(new float[]{0, 8, 9, 12, 13, 24, 25, 28, 29, 40, 41, 44, 45}, patch);
    }

    @Test
    void aSavedCodebookIsTheSame(@TempDir Path folder) throws IOException {
        var tokenizer = book(7, 2, 8);
        Path file = folder.resolve("book.safetensors");
        tokenizer.save(file, Map.of("seed", "1"));
        var read = PatchCodebook.load(file);
        assertArrayEquals(tokenizer.codebook().vectors(), read.codebook().vectors());
        assertEquals(8, read.side());
        assertEquals(tokenizer.sha256(), read.sha256());
        assertNotEquals(book(6, 2, 8).sha256(), read.sha256());
    }

    @Test
    void aDamagedCodebookIsRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("book.safetensors");
        book(7, 2, 8).save(file, Map.of());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 2] ^= 1;
        Files.write(file, bytes);
        refused(file, "SHA-256");
        var values = TensorEntry.of("codebook", new int[]{2, 5}, new float[10]);
        Safetensors.write(file, Map.of("format", "triptych-patch-codebook-1", "side", "8"), List.of(values));
        refused(file, "codes of 5 numbers are no patches");
        Safetensors.write(file, Map.of("format", "other"), List.of(values));
        refused(file, "format is 'other'");
        Safetensors.write(file, Map.of("format", "triptych-patch-codebook-1"),
                List.of(TensorEntry.of("codebook", new int[]{2, 12}, new float[24])));
        refused(file, "missing");
    }

    private static void refused(Path file, String part) {
        String message = assertThrows(FormatException.class, () -> PatchCodebook.load(file)).getMessage();
        assertTrue(message.contains(file.toString()) && message.contains(part), message);
    }

    @Test
    void codesBeyondTheCodebookAreNotDecoded() {
        var tokenizer = book(4, 2, 2);
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> tokenizer.decode(new int[]{4}, 1, new float[12])).getMessage().contains("expected 0 to 3"));
    }
}
