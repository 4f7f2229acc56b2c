package dev.triptych.triptych;

import dev.triptych.data.view.MaskKind;
import dev.triptych.recipe.Checks;
import dev.triptych.recipe.Default;
import dev.triptych.recipe.Doc;
import dev.triptych.recipe.Nullable;
import dev.triptych.recipe.Range;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeException;
import dev.triptych.tokens.DecoderSection;

/// What belongs to Triptych alone: tokens, views, messages or prototypes, the echo and the loss.
// @formatter:off
public record TriptychSection(
        @Doc("number of sparse tokens K") @Range(min = 1, max = 4096) int tokens,
        @Doc("temperature of the localization L; null: unnormalised scores over sqrt(d)")
        @Range(min = 0, above = true) @Nullable @Default("0.06") Double spatialTemperature,
        @Doc("share rho of the patches that the masked view x0m drops")
        @Range(min = 0, max = 1, below = true) @Default("0.75") double maskedShare,
        @Doc("share that the student's global views drop")
        @Range(min = 0, max = 1, below = true) @Default("0.5") double globalShare,
        @Doc("how the kept patches of masked views are drawn") @Default("uniform") MaskKind maskKind,
        @Doc("local crops M of an image") @Range(min = 0, max = 256) int localCrops,
        @Doc("side of a local crop, pixels") @Range(min = 1, max = 4096) int localSide,
        @Doc("what tokens and CLS are held to across views") @Default("messages") Kind alignment,
        @Doc("bits B of a message, of a token or of CLS") @Range(min = 1, max = 65536) @Default("32") int bits,
        @Doc("hidden width of the three-layer heads of messages")
        @Range(min = 1, max = 65536) @Default("128") int headHidden,
        @Doc("weights of these heads begin with deviation gain/sqrt(fan-in); null: 0.02")
        @Range(min = 0, max = 100, above = true) @Nullable @Default("0.9") Double headGain,
        @Doc("distortion e of the coding rate")
        @Range(min = 0, max = 1000, above = true) @Default("0.05") double epsilon,
        @Doc("epochs between re-initialisations of both heads, fractions allowed; null: never")
        @Range(min = 0, above = true) @Nullable @Default("null") Double resetEvery,
        @Doc("prototypes C of each head") @Range(min = 2, max = 1048576) @Default("64") int prototypes,
        @Doc("hidden width of the predictors of prototypes")
        @Range(min = 1, max = 65536) @Default("128") int predictorHidden,
        @Doc("width of a prototype") @Range(min = 1, max = 65536) @Default("32") int prototypeDim,
        @Doc("entropic regularisation of the matching of tokens")
        @Range(min = 0, above = true) @Default("0.1") double matchEpsilon,
        @Doc("iterations of the matching") @Range(min = 1, max = 1000) @Default("5") int matchIterations,
        @Doc("label smoothing of the dropped cells' codes") @Range(min = 0, max = 1) @Default("0.1") double smoothing,
        @Doc("codes that a cell of the echo may draw, behind the most likely one")
        @Range(min = 1, max = 65534) @Default("15") int echoK,
        @Doc("share of a stage's steps in which the image's own codes are painted")
        @Range(min = 0, max = 1) @Default("0.1") double echoWarmup,
        @Doc("temperature of the contrast with the echo")
        @Range(min = 0, max = 1000, above = true) @Default("0.3") double temperature,
        @Doc("hidden width of the echo's projector") @Range(min = 1, max = 65536) @Default("128") int projectorHidden,
        @Doc("width of what is contrasted") @Range(min = 1, max = 65536) @Default("64") int projectorOut,
        @Doc("hidden width of the echo's predictor") @Range(min = 1, max = 65536) @Default("128") int predictorEcho,
        TriptychWeights weights) {
    // @formatter:on

    /// What tokens and CLS are held to.
    public enum Kind {
        /// Messages of B bits (BITS).
        MESSAGES,
        /// Prototypes, balanced over each token slot on its own (STELLAR).
        PROTOTYPES
    }

    public TriptychSection {
        if (tokens == 1 && (weights.koleo() > 0 || weights.maskedKoleo() > 0)) {
            throw RecipeException.value("tokens", tokens, "at least 2, because KoLeo needs a nearest neighbour",
                    "Set triptych.tokens=2 or more, or switch KoLeo off: triptych.weights.koleo=0 "
                            + "triptych.weights.masked-koleo=0.");
        }
        if (alignment == Kind.PROTOTYPES && weights.rate() > 0) {
            throw RecipeException.value("weights.rate", weights.rate(),
                    "0 with prototypes, whose balance Sinkhorn keeps",
                    "Set triptych.weights.rate=0, or triptych.alignment=messages.");
        }
    }

    /// The section of a recipe.
    public static TriptychSection of(Recipe recipe) {
        return recipe.section(TriptychSection.class);
    }

    /// Patches that x0m keeps of n: int(n (1 - rho)).
    int kept(int n) {
        return (int) (n * (1 - maskedShare));
    }

    /// Patches that the student sees of a global view of n.
    int keptGlobal(int n) {
        return (int) (n * (1 - globalShare));
    }

    /// Steps between two re-initialisations of the heads; 0 for never.
    ///
    /// @param perEpoch steps of an epoch
    long resetSteps(long perEpoch) {
        return resetEvery == null ? 0 : Math.max(1, Math.round(resetEvery * perEpoch));
    }

    /// Checks this section against the rest of a recipe.
    void check(Recipe recipe) {
        var decoder = DecoderSection.of(recipe);
        Triptych.Weights w = weights.of(decoder);
        int n = recipe.patches();
        if (tokens >= n) {
            throw RecipeException.value("triptych.tokens", tokens, "fewer tokens K than the N = " + n
                    + " patches of an image",
                    n > 1
                            ? "Set triptych.tokens to " + (n - 1) + " or less."
                            : "Set a smaller encoder.patch.");
        }
        if (localCrops > 0) {
            Checks.local("triptych", localSide, recipe.data(), recipe.encoder());
        }
        keeps("triptych.masked-share", maskedShare, w.masks() ? kept(n) : 1, n);
        keeps("triptych.global-share", globalShare, w.aligns() ? keptGlobal(n) : 1, n);
        if (w.predicts() && kept(n) == n) {
            throw RecipeException.value("triptych.masked-share", maskedShare,
                    "a share that drops at least one of the " + n + " patches, because dropped cells are predicted",
                    "Set it above 0, or triptych.weights.masked=0 triptych.weights.contrast=0.");
        }
        if (decoder.reads() != DecoderSection.Reads.LOW_RANK) {
            throw RecipeException.value("decoder.reads", "dense",
                    "low-rank, because Triptych's decoder reads the product of L and S alone",
                    "Leave it out; the control without factorization is method stellar's.");
        }
        if (w.predicts() && decoder.codes() == 0) {
            throw RecipeException.value("decoder.codes", 0,
                    "the codes of a tokenizer, because masked prediction and echo are of codes",
                    "Set decoder.codes and decoder.tokenizer, or triptych.weights.masked=0 "
                            + "triptych.weights.contrast=0 triptych.weights.uniformity=0.");
        }
        if (w.contrast() > 0 && echoK > decoder.codes() - 1) {
            throw RecipeException.value("triptych.echo-k", echoK,
                    "at most " + (decoder.codes() - 1) + " of the " + decoder.codes() + " codes, one of which is the "
                            + "most likely",
                    "Set triptych.echo-k=" + (decoder.codes() - 1) + " or less.");
        }
        stages(recipe, w);
    }

    private static void keeps(String key, double share, int kept, int n) {
        if (kept < 1) {
            throw RecipeException.value(key, share, "a share that keeps at least one of the " + n + " patches",
                    "Set it to " + Math.floor(1000.0 * (n - 1) / n) / 1000 + " or less.");
        }
    }

    private void stages(Recipe recipe, Triptych.Weights w) {
        var stages = recipe.training().stages();
        for (int i = 0; i < stages.size(); i++) {
            if (w.teaches() && !stages.get(i).teacher()) {
                throw RecipeException.value("training.stages." + i + ".teacher", false,
                        "true, because tokens, CLS and echo are held to a teacher",
                        "Set teacher: true, or triptych.weights.alignment=0 triptych.weights.contrast=0.");
            }
        }
        if (resetEvery != null && stages.size() != 1) {
            throw RecipeException.value("training.stages", stages.size() + " stages",
                    "one, because the numbers of the heads' resets go through the whole run",
                    "Leave one stage, or set triptych.reset-every=null.");
        }
    }
}
