package dev.triptych.methods;

import dev.triptych.bits.BitsPrograms;
import dev.triptych.bits.BitsTask;
import dev.triptych.data.set.ImageSet;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.Task;
import dev.triptych.recipe.Recipe;
import dev.triptych.sorcen.SorcenPrograms;
import dev.triptych.stellar.StellarPrograms;
import dev.triptych.stellar.StellarTask;
import dev.triptych.tokenizer.Tokenizer;
import dev.triptych.vqvae.VqVaePrograms;
import dev.triptych.vqvae.VqVaeTask;

/// All methods, by the `method` of a recipe.
public final class Methods {
    private Methods() {
    }

    /// The programs of a recipe's method; registers the parameters of its model.
    public static MethodPrograms programs(Recipe recipe) {
        return switch (recipe.method()) {
            case STELLAR -> new StellarPrograms(recipe);
            case BITS -> new BitsPrograms(recipe);
            case VQVAE -> new VqVaePrograms(recipe);
            case SORCEN -> new SorcenPrograms(recipe);
        };
    }

    /// The task of a recipe's method on a set of images, whose decoder, if any, predicts pixels.
    public static Task task(Recipe recipe, ImageSet images) {
        return task(recipe, images, null);
    }

    /// The task of a recipe's method on a set of images.
    ///
    /// @param tokenizer whose codes a decoder predicts; null where none does
    public static Task task(Recipe recipe, ImageSet images, Tokenizer tokenizer) {
        return switch (recipe.method()) {
            case STELLAR -> new StellarTask(recipe, images, tokenizer);
            case BITS -> new BitsTask(recipe, images);
            case VQVAE -> new VqVaeTask(recipe, images);
            case SORCEN -> throw new IllegalArgumentException("Sorcen trains on stored codes, not on images");
        };
    }
}
