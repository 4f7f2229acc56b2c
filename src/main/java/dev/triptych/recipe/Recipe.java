package dev.triptych.recipe;

import java.util.List;

/// Everything that a run depends on besides the images. Made by [Recipes]; written back by [#toYaml]. Sections of other
/// methods than its own are null.
///
/// Keys in YAML are the component names in kebab-case: `stellar.spatialTemperature` is `stellar: spatial-temperature:`.
public record Recipe(
        @Doc("what is learned") Method method,
        @Doc("seed of every random draw") @Range(min = 0) @Default("1") long seed,
        DataSection data,
        AugmentSection augment,
        @Of({
                Method.STELLAR, Method.BITS, Method.SORCEN}) EncoderSection encoder,
        @Of(Method.STELLAR) StellarSection stellar,
        @Of(Method.STELLAR) DecoderSection decoder,
        @Of(Method.BITS) BitsSection bits,
        @Of(Method.VQVAE) VqVaeSection vqvae,
        @Of(Method.SORCEN) SorcenSection sorcen,
        OptimizerSection optimizer,
        TrainingSection training) {

    public Recipe {
        if (encoder != null) {
            Checks.divisible("data.side", data.side(), "encoder.patch", encoder.patch());
        }
        switch (method) {
            case STELLAR -> stellar.check(data, encoder, training);
            case BITS -> bits.check(data, augment, encoder, training);
            case VQVAE -> vqvae.check(data, training);
            case SORCEN -> sorcen.check(data, encoder, training);
        }
        int smallest = smallestView(data.side(), stellar, bits);
        if (augment.blurKernel() / 2 >= smallest) {
            throw RecipeException.value("augment.blur-kernel", augment.blurKernel(),
                    "a kernel whose half is smaller than the smallest view, " + smallest + " px",
                    "Set augment.blur-kernel to " + (2 * smallest - 1) + " or less.");
        }
        if (data.generated() && data.trainImages() > 0 && training.batch() > data.trainImages()) {
            throw RecipeException.value("training.batch", training.batch(),
                    "at most data.train-images, " + data.trainImages(),
                    "Set training.batch=" + data.trainImages() + " or generate more scenes.");
        }
    }

    private static int smallestView(int side, StellarSection stellar, BitsSection bits) {
        if (stellar != null && stellar.localCrops() > 0) {
            return stellar.localSide();
        }
        return bits != null && bits.localCrops() > 0 ? bits.localSide() : side;
    }

    /// Patches N of a full image.
    public int patches() {
        return Checks.patches(data, encoder);
    }

    /// This recipe with overrides (`stellar.tokens=6`), checked like any other.
    ///
    /// @throws RecipeException if an override does not fit
    public Recipe with(String... overrides) {
        return Recipes.parse(toYaml(), "recipe", List.of(overrides)).recipe();
    }

    /// This recipe as YAML with every key, which reads back to an equal recipe.
    public String toYaml() {
        return YamlWriter.write(this);
    }

    /// A table of all keys: key, type, default, range, meaning.
    public static String describe() {
        return Key.table(Key.all(Recipe.class));
    }
}
