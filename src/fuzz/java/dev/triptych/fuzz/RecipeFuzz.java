package dev.triptych.fuzz;

import dev.triptych.methods.Methods;
import dev.triptych.recipe.RecipeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/// Damaged recipes and overrides: a recipe, or a [RecipeException].
class RecipeFuzz {
    /// What a recipe does not have: anchors, and shapes that nest.
    private static final String ODD = """
            a: &a [1, 2.5, -0x1F, 0o17, "x\\u00e9", ~]
            b: {c: *a, d: [*a, *a, {e: &e {f: *a}}], "g h": !!str 7}
            i: >-
              folded
              text
            j: |
              kept
            """;
    private static final Mutations RECIPES = new Mutations(Stream.concat(Stream.of(ODD),
            Methods.RECIPES.names().stream().map(Methods.RECIPES::text)).map(RecipeFuzz::bytes).toList());
    private static final Mutations OVERRIDES = new Mutations(List.of(bytes("optimizer.lr=1e-3"),
            bytes("training.stages.0.epochs=2"), bytes("data=DIR"), bytes("augment.global-scale=[0.4, 1.0]"),
            bytes("training.stages=[{name: a, epochs: 1}]")));

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void onlyNamedErrors(@ForAll long seed) {
        try {
            if (seed % 8 == 0) {
                Methods.RECIPES.load("stellar-micro", List.of(new String(OVERRIDES.of(seed), StandardCharsets.UTF_8)));
            } else {
                Methods.RECIPES.parse(new String(RECIPES.of(seed), StandardCharsets.UTF_8), "f.yaml", List.of());
            }
        } catch (RecipeException expected) {
            expected.getMessage();
        }
    }
}
