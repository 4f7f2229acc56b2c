package dev.triptych.tokens;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.method.Trained;
import dev.triptych.method.Workplace;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Recipe;
import dev.triptych.tokenizer.Codebook;
import dev.triptych.tokenizer.PatchCodebook;
import dev.triptych.tokenizer.Tokenizer;
import dev.triptych.train.RunException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// The codes that a recipe's decoder predicts, of a frozen tokenizer.
public final class DecoderTargets {
    private static final int CHANNELS = 3;

    private DecoderTargets() {
    }

    /// What the decoder of a recipe predicts of a tokenizer; null where it predicts pixels, or does not learn.
    ///
    /// @param tokenizer null where the recipe names none
    /// @param learns whether the method's weights let the decoder learn
    /// @throws RunException where it predicts codes, and there is no tokenizer or one with other codes
    public static CodeTargets of(Recipe recipe, Tokenizer tokenizer, boolean learns) {
        var d = DecoderSection.of(recipe);
        if (d.codes() == 0 || tokenizer == null && !learns) {
            return null;
        }
        if (tokenizer == null) {
            throw new RunException("decoder.tokenizer is null, but the decoder predicts " + d.codes() + " codes; "
                    + "expected the tokenizer that gives them. Fit one with `triptych tokenize`, then give "
                    + "decoder.tokenizer=FILE, or train without the decoder: " + recipe.method()
                    + ".weights.reconstruction=0.");
        }
        String remedy = ". Give another decoder.tokenizer, or set ";
        if (tokenizer.codes() != d.codes()) {
            throw new RunException(d.tokenizer() + " has " + tokenizer.codes() + " codes; expected the recipe's "
                    + d.codes() + remedy + "decoder.codes=" + tokenizer.codes() + ".");
        }
        int side = recipe.data().side();
        try {
            return CodeTargets.of(tokenizer, side, side / recipe.encoder().patch());
        } catch (IllegalArgumentException e) {
            throw new RunException(d.tokenizer() + ": " + e.getMessage() + remedy + "encoder.patch.");
        }
    }

    /// Those of the tokenizer that a recipe names, for training; says what it is, and whether it was accepted.
    ///
    /// @param learns whether the method's weights let the decoder learn
    public static CodeTargets open(Recipe recipe, Workplace place, boolean learns) throws IOException {
        var d = DecoderSection.of(recipe);
        if (d.tokenizer() == null && d.codes() > 0 && place.makesUp()) {
            place.remark("tokenizer: " + d.codes()
                    + " codes at random, because the recipe names none (decoder.tokenizer=FILE)");
            return of(recipe, codebook(recipe), learns);
        }
        if (d.tokenizer() == null) {
            return of(recipe, null, learns);
        }
        var saved = place.batchTokenizer(Path.of(d.tokenizer()));
        String objection = saved.objection();
        place.remark("tokenizer:  " + saved.tokenizer().description() + ", " + saved.path()
                + (objection.isEmpty() ? "" : "; not accepted as a tokenizer: " + objection));
        return of(recipe, saved.tokenizer(), learns);
    }

    /// Those of the very tokenizer that a run's decoder learnt from; null where it predicts pixels, and where its
    /// recipe names no tokenizer (weights that were imported): it cannot paint then.
    ///
    /// @throws RunException if the recipe's is not the tokenizer that it learnt from
    public static CodeTargets learnt(Trained run, Workplace place) throws IOException {
        var d = DecoderSection.of(run.recipe());
        if (d.codes() == 0 || d.tokenizer() == null) {
            return null;
        }
        CodeTargets targets = of(run.recipe(), place.batchTokenizer(Path.of(d.tokenizer())).tokenizer(),
                true);
        run.requireSources(Map.of("tokenizer", targets.tokenizer().sha256()), " at " + d.tokenizer() + ".");
        return targets;
    }

    /// A patch codebook at random, with as many codes as a recipe's decoder predicts.
    public static PatchCodebook codebook(Recipe recipe) {
        int patch = recipe.encoder().patch();
        int width = CHANNELS * patch * patch;
        int codes = DecoderSection.of(recipe).codes();
        float[] vectors = new float[Math.multiplyExact(codes, width)];
        var random = CounterRandom.of(recipe.seed(), Stream.CODEBOOK, 0, 0);
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = random.uniform();
        }
        return new PatchCodebook(new Codebook(vectors, codes, width), recipe.data().side());
    }
}
