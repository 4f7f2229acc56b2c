package dev.triptych.stellar;

import dev.triptych.data.view.MaskKind;
import dev.triptych.recipe.Checks;
import dev.triptych.recipe.Default;
import dev.triptych.recipe.Doc;
import dev.triptych.recipe.Nullable;
import dev.triptych.recipe.Range;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeException;
import dev.triptych.recipe.Stage;

/// What belongs to STELLAR alone: factorization, prototypes, targets, views and the loss.
// @formatter:off
public record StellarSection(
        @Doc("number of sparse tokens K") @Range(min = 1, max = 4096) int tokens,
        @Doc("temperature of the localization L (tau_spatial); null: unnormalised scores over sqrt(d)")
        @Range(min = 0, above = true) @Nullable @Default("0.06") Double spatialTemperature,
        @Doc("number of prototypes C of each head") @Range(min = 2, max = 1048576) int prototypes,
        @Doc("the same of CLS, which has a K-th of the rows; null: as many")
        @Range(min = 2, max = 1048576) @Nullable @Default("null") Integer clsPrototypes,
        @Doc("hidden width of the predictors") @Range(min = 1, max = 65536) int predictorHidden,
        @Doc("linear layers of the predictors; 1: a single linear layer")
        @Range(min = 1, max = 16) @Default("2") int predictorLayers,
        @Doc("width of a prototype") @Range(min = 1, max = 65536) int prototypeDim,
        @Doc("temperature of the logits in the losses")
        @Range(min = 0, above = true) @Default("0.12") double logitTemperature,
        @Doc("temperature of the Sinkhorn targets")
        @Range(min = 0, above = true) @Default("0.06") double targetTemperature,
        @Doc("Sinkhorn iterations") @Range(min = 1, max = 1000) @Default("3") int sinkhornIterations,
        @Doc("exponent of the prototype normalisation in Sinkhorn; 1: balanced")
        @Range(min = 0, max = 1) @Default("1.0") double sinkhornScale,
        @Doc("masked views V of an image") @Range(min = 0, max = 256) int maskedViews,
        @Doc("how the kept patches of a masked view are drawn") @Default("gaussian") MaskKind maskKind,
        @Doc("local crops M of an image") @Range(min = 0, max = 256) int localCrops,
        @Doc("side of a local crop, pixels") @Range(min = 1, max = 4096) int localSide,
        @Doc("match tokens of two views by optimal transport; false: by index") @Default("true") boolean match,
        @Doc("entropic regularisation of the matching (cost: Euclidean distance)")
        @Range(min = 0, above = true) @Default("0.1") double matchEpsilon,
        @Doc("iterations of the matching") @Range(min = 1, max = 1000) @Default("5") int matchIterations,
        StellarWeights weights) {
    // @formatter:on

    public StellarSection {
        if (tokens == 1 && (weights.koleo() > 0 || weights.maskedKoleo() > 0)) {
            throw RecipeException.value("tokens", tokens, "at least 2, because KoLeo needs a nearest neighbour",
                    "Set stellar.tokens=2 or more, or switch KoLeo off: stellar.weights.koleo=0 "
                            + "stellar.weights.masked-koleo=0.");
        }
    }

    /// The section of a recipe.
    public static StellarSection of(Recipe recipe) {
        return recipe.section(StellarSection.class);
    }

    /// Prototypes of CLS.
    public int prototypesOfCls() {
        return clsPrototypes == null ? prototypes : clsPrototypes;
    }

    /// Rows that Sinkhorn shares out among the prototypes in a step, for each of them: of the tokens and of CLS. The
    /// authors have two (32,768 tokens over 16,384) and an eighth.
    static double[] budget(Recipe recipe) {
        var s = of(recipe);
        double batch = recipe.training().batch();
        return new double[]{batch * s.tokens / s.prototypes, batch / s.prototypesOfCls()};
    }

    /// Checks this section against the rest of a recipe.
    void check(Recipe recipe) {
        int n = recipe.patches();
        if (tokens >= n) {
            throw RecipeException.value("stellar.tokens", tokens,
                    "fewer tokens K than the N = " + n + " patches of an image (data.side " + recipe.data().side()
                            + ", encoder.patch " + recipe.encoder().patch() + ")",
                    n > 1
                            ? "Set stellar.tokens to " + (n - 1) + " or less (about N/12 is usual)."
                            : "Set a smaller encoder.patch.");
        }
        if (localCrops > 0) {
            Checks.local("stellar", localSide, recipe.data(), recipe.encoder());
        }
        var stages = recipe.training().stages();
        for (int i = 0; i < stages.size(); i++) {
            checkStage(stages.get(i), "training.stages." + i, n);
        }
    }

    private void checkStage(Stage stage, String key, int n) {
        if (maskedViews > 0 && stage.kept(n) < 1) {
            throw RecipeException.value(key + ".mask-ratio", stage.maskRatio(),
                    "a ratio that keeps at least one of the " + n + " patches",
                    "Set it to " + Math.floor(1000.0 * (n - 1) / n) / 1000 + " or less.");
        }
        if (stage.teacher() && maskedViews < 2) {
            throw RecipeException.value(key + ".teacher", true,
                    "stellar.masked-views of at least 2 (the teacher sees view 1), found " + maskedViews,
                    "Set stellar.masked-views=2 or teacher: false.");
        }
    }
}
