package dev.triptych.bench;

import dev.triptych.data.codes.CodeHeader;
import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.codes.CodeWriter;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Recipe;
import dev.triptych.tokenizer.Codebook;
import dev.triptych.tokenizer.PatchCodebook;
import dev.triptych.tokenizer.Tokenizer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a recipe's training reads besides images, made up at random where the recipe names no file: a step does the
/// same work with any codes. For measurements and checks alone.
public final class StandIns {
    private static final int CHANNELS = 3;

    private StandIns() {
    }

    /// The tokenizer whose codes a recipe's decoder predicts, or a made-up one; null where it predicts pixels.
    ///
    /// @param named by the recipe; null where it names none
    public static Tokenizer tokenizer(Recipe recipe, Tokenizer named) {
        if (recipe.decoder() == null || recipe.decoder().codes() == 0) {
            return null;
        }
        return named == null ? codebook(recipe) : named;
    }

    /// A patch codebook with as many codes as a recipe's decoder predicts.
    public static PatchCodebook codebook(Recipe recipe) {
        int patch = recipe.encoder().patch();
        int width = CHANNELS * patch * patch;
        float[] vectors = new float[Math.multiplyExact(recipe.decoder().codes(), width)];
        var random = CounterRandom.of(recipe.seed(), Stream.CODEBOOK, 0, 0);
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = random.uniform();
        }
        return new PatchCodebook(new Codebook(vectors, recipe.decoder().codes(), width), recipe.data().side());
    }

    /// The code file of a recipe of Sorcen, or made-up codes of so many images, whose file is a temporary one.
    public static CodeSet codes(Recipe recipe, int images) throws IOException {
        if (recipe.sorcen().codes() != null) {
            return CodeSet.open(Path.of(recipe.sorcen().codes()));
        }
        String nobody = "0".repeat(64);
        int codes = recipe.sorcen().codebook();
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
