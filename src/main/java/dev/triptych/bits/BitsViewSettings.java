package dev.triptych.bits;

import dev.triptych.data.view.ColourSettings;
import dev.triptych.data.view.ViewChecks;
import dev.triptych.recipe.Recipe;

/// What one BITS training batch consists of: two global crops and L local crops of every image, each kind with colours
/// of its own.
///
/// @param batch images n
/// @param side pixels of a global crop
/// @param localCrops local crops L per image, 0 = none
/// @param localSide pixels of a local crop
/// @param globalLo smallest area share of a global crop
/// @param globalHi largest area share of a global crop
/// @param localLo smallest area share of a local crop
/// @param localHi largest area share of a local crop
/// @param flip probability that a crop is mirrored left to right
/// @param first colours of the first global crop
/// @param second colours of the second global crop
/// @param local colours of the local crops
public record BitsViewSettings(int batch, int side, int localCrops, int localSide, float globalLo, float globalHi,
        float localLo, float localHi, float flip, ColourSettings first, ColourSettings second, ColourSettings local) {
    /// Checks sizes and ranges.
    public BitsViewSettings {
        ViewChecks.atLeast("batch", batch, 1);
        ViewChecks.atLeast("side", side, 1);
        ViewChecks.atLeast("localCrops", localCrops, 0);
        ViewChecks.scale("global", globalLo, globalHi);
        ViewChecks.flip(flip);
        if (localCrops > 0) {
            ViewChecks.atLeast("localSide", localSide, 1);
            ViewChecks.scale("local", localLo, localHi);
        }
    }

    /// What a BITS recipe says: its colours, with the probabilities of blur and solarisation of each kind of view.
    public static BitsViewSettings of(Recipe recipe) {
        var augment = recipe.augment();
        var bits = BitsSection.of(recipe);
        var colour = ColourSettings.of(augment);
        return new BitsViewSettings(recipe.training().batch(), recipe.data().side(), bits.localCrops(),
                bits.localSide(), (float) augment.globalScale().low(), (float) augment.globalScale().high(),
                (float) augment.localScale().low(), (float) augment.localScale().high(), (float) augment.flip(),
                colour.with((float) bits.blurFirst(), 0),
                colour.with((float) bits.blurSecond(), (float) bits.solarise()),
                colour.with((float) bits.blurLocal(), 0));
    }

    /// These settings for batches of another size, without local crops.
    public BitsViewSettings globalsOnly(int images) {
        return new BitsViewSettings(images, side, 0, 0, globalLo, globalHi, 0, 0, flip, first, second, local);
    }

    /// Numbers of one global crop.
    int globalLength() {
        return 3 * side * side;
    }

    /// Numbers of one local crop.
    int localLength() {
        return 3 * localSide * localSide;
    }
}
