/// Recipes: strict YAML bound to records, and the schedules that a recipe's numbers describe. No method is known here:
/// each brings a [dev.triptych.recipe.Schema].
///
/// A recipe says everything that a run depends on besides the images. [dev.triptych.recipe.RecipeBook] reads one,
/// built in or from a file, applies `key=value` overrides and binds it to a [dev.triptych.recipe.Recipe]; whatever does
/// not fit is a [dev.triptych.recipe.RecipeException] that names the place, the value, what was expected and what to
/// do.
package dev.triptych.recipe;
