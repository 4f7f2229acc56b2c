package dev.triptych.methods;

import dev.triptych.bits.BitsMethod;
import dev.triptych.mae.MaeMethod;
import dev.triptych.method.Registry;
import dev.triptych.recipe.RecipeBook;
import dev.triptych.sorcen.SorcenMethod;
import dev.triptych.stellar.StellarMethod;
import dev.triptych.triptych.TriptychMethod;
import dev.triptych.vqgan.VqganMethod;
import dev.triptych.vqvae.VqVaeMethod;
import java.util.List;

/// The methods of this program. A new one is a line here.
public final class Methods {
    /// All of them, in the order of their sections in a recipe.
    public static final Registry ALL = new Registry(List.of(
            new StellarMethod(),
            new BitsMethod(),
            new VqVaeMethod(),
            new SorcenMethod(),
            new MaeMethod(),
            new VqganMethod(),
            new TriptychMethod()));

    /// Their recipes.
    public static final RecipeBook RECIPES = ALL.recipes();

    private Methods() {
    }
}
