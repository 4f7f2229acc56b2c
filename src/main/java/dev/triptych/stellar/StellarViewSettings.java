package dev.triptych.stellar;

import dev.triptych.data.view.ColourSettings;
import dev.triptych.data.view.ViewChecks;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;

/// What one STELLAR training batch consists of.
///
/// @param batch images B
/// @param side pixels of a global crop
/// @param globalViews masked views V per image; the first shares its crop with the reconstructed image
/// @param localCrops local crops M per image, 0 = none
/// @param localSide pixels of a local crop
/// @param globalLo smallest area share of a global crop
/// @param globalHi largest area share of a global crop
/// @param localLo smallest area share of a local crop
/// @param localHi largest area share of a local crop
/// @param flip probability that a crop is mirrored left to right
/// @param colour strengths of the colour augmentation
/// @param sharedColour one colour draw for all views of a step, as the authors' code does, instead of one per view
/// @param teacher whether a teacher reads view 1, so that at least two views are made
/// @param patch pixels of a patch
/// @param maskRatio share rho of dropped patches
/// @param maskKind how dropped patches are spread
public record StellarViewSettings(int batch, int side, int globalViews, int localCrops, int localSide, float globalLo,
        float globalHi, float localLo, float localHi, float flip, ColourSettings colour, boolean sharedColour,
        boolean teacher, int patch, double maskRatio, MaskKind maskKind) {
    /// Checks sizes and ranges.
    public StellarViewSettings {
        ViewChecks.atLeast("batch", batch, 1);
        ViewChecks.atLeast("side", side, 1);
        ViewChecks.atLeast("globalViews", globalViews, 0);
        ViewChecks.atLeast("localCrops", localCrops, 0);
        ViewChecks.atLeast("patch", patch, 1);
        ViewChecks.multiple("side", side, patch);
        ViewChecks.scale("global", globalLo, globalHi);
        ViewChecks.flip(flip);
        if (localCrops > 0) {
            ViewChecks.atLeast("localSide", localSide, 1);
            ViewChecks.multiple("localSide", localSide, patch);
            ViewChecks.scale("local", localLo, localHi);
        }
        PatchMask.kept((side / patch) * (side / patch), maskRatio);
    }

    /// What the views of a stage are.
    public static StellarViewSettings of(Recipe recipe, Stage stage) {
        var a = recipe.augment();
        var s = StellarSection.of(recipe);
        return new StellarViewSettings(recipe.training().batch(), recipe.data().side(), s.maskedViews(), s.localCrops(),
                s.localSide(), (float) a.globalScale().low(), (float) a.globalScale().high(),
                (float) a.localScale().low(), (float) a.localScale().high(), (float) a.flip(), ColourSettings.of(a),
                a.sharedColour(), stage.teacher(), recipe.encoder().patch(), stage.maskRatio(), s.maskKind());
    }

    /// Views made per image: V, but at least 2 for a teacher.
    public int madeViews() {
        return teacher ? Math.max(2, globalViews) : globalViews;
    }

    /// Patches along one side of a global crop.
    public int grid() {
        return side / patch;
    }

    /// Patches that a masked view keeps.
    public int keep() {
        return PatchMask.kept(grid() * grid(), maskRatio);
    }
}
