package dev.triptych.sorcen;

import dev.triptych.data.codes.CodeHeader;
import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.codes.CodeWriter;
import dev.triptych.method.Supply;
import dev.triptych.method.Workplace;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Recipe;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Codes at random, for measurements and checks alone: a step does the same work with any.
final class StandInCodes {
    private StandInCodes() {
    }

    /// Codes for a recipe; the file is a temporary one.
    static CodeSet of(Recipe recipe, Workplace place) throws IOException {
        int images = Supply.madeUp(recipe);
        place.remark("codes: at random, for " + images
                + " images, because the recipe names no code file (sorcen.codes=FILE)");
        String nobody = "0".repeat(64);
        int codes = SorcenSection.of(recipe).codebook();
        int n = recipe.patches();
        var header = new CodeHeader((int) Math.round(Math.sqrt(n)), codes, 1, images, "made up", List.of("made up"),
                "none", nobody, nobody);
        Path file = Files.createTempFile("triptych", ".codes");
        try {
            CodeWriter.write(file, header, i -> 0, new CodeWriter.Source() {
                @Override
                public void codes(int first, int count, int[] out) {
                    var random = CounterRandom.of(recipe.seed(), Stream.CODEBOOK, first, 0);
                    for (int i = 0; i < count * n; i++) {
                        out[i] = random.below(codes);
                    }
                }

                @Override
                public String imagesSha256() {
                    return nobody;
                }
            });
            return CodeSet.open(file);
        } finally {
            discard(file.toFile());
        }
    }

    /// Where a mapped file cannot be deleted, it goes with this Java.
    private static void discard(File file) {
        if (!file.delete()) {
            file.deleteOnExit();
        }
    }
}
