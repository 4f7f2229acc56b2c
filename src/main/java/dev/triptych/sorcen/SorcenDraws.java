package dev.triptych.sorcen;

import dev.triptych.recipe.Recipe;

/// What decides the draws of Sorcen's batches.
///
/// @param batch images of a step
/// @param ratio law of the masked share
/// @param drops cells that the encoder never sees
/// @param shared images of a batch that share a ratio and a side of the window
/// @param window which cells the teacher sees
/// @param truth whether the echo is the image's own codes for ever
/// @param keepVisible whether cells that are not masked keep their own code in the echo
public record SorcenDraws(int batch, MaskRatio ratio, int drops, int shared, WindowKind window, boolean truth,
        boolean keepVisible) {
    /// The settings of a recipe.
    public static SorcenDraws of(Recipe recipe) {
        var s = SorcenSection.of(recipe);
        return new SorcenDraws(recipe.training().batch(),
                new MaskRatio(s.maskMean(), s.maskDeviation(), s.maskRatio().low(), s.maskRatio().high()),
                s.dropped(recipe.patches()), s.sharedDraws(), s.window(), s.echo() == EchoKind.TRUTH,
                s.echoKeepVisible());
    }

    /// The same for batches of another size.
    public SorcenDraws withBatch(int images) {
        return new SorcenDraws(images, ratio, drops, shared, window, truth, keepVisible);
    }
}
