package dev.triptych.check.device;

import dev.triptych.data.codes.CodeHeader;
import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.codes.CodeWriter;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Stored codes for the steps of Sorcen, so that a check needs no tokenizer: diagonal stripes, one code in ten random.
public final class SampleCodes {
    private static final int IMAGES = 64;
    private static final int VIEWS = 2;

    private SampleCodes() {
    }

    /// Codes that fit a recipe, in a file that goes when Java ends.
    public static CodeSet of(Recipe recipe) throws IOException {
        Path file = Files.createTempFile("triptych", ".codes");
        file.toFile().deleteOnExit();
        int grid = recipe.data().side() / recipe.encoder().patch();
        int codes = recipe.sorcen().codebook();
        int images = Math.max(IMAGES, recipe.training().batch());
        var header = new CodeHeader(grid, codes, VIEWS, images, "train", List.of("stripes"), "stripes",
                "0".repeat(64), "0".repeat(64));
        CodeWriter.write(file, header, i -> 0, new CodeWriter.Source() {
            @Override
            public void codes(int first, int count, int[] out) {
                int each = VIEWS * grid * grid;
                for (int i = 0; i < count * each; i++) {
                    int image = first + i / each;
                    int cell = i % (grid * grid);
                    var random = CounterRandom.of(1, Stream.CHECK, image, i % each);
                    int stripe = image % 10 + (1 + image % 3) * (cell / grid) + cell % grid;
                    out[i] = random.chance(0.1f) ? random.below(codes) : stripe % codes;
                }
            }

            @Override
            public String imagesSha256() {
                return "0".repeat(64);
            }
        });
        return CodeSet.open(file);
    }
}
