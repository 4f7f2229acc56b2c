package dev.triptych.method;

import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeBook;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The methods that a program knows, by the word that names them in a recipe.
public final class Registry {
    private final List<Method> all;
    private final RecipeBook recipes;

    /// @throws IllegalArgumentException if two of them have one name or one section
    public Registry(List<Method> all) {
        this.all = List.copyOf(all);
        this.recipes = new RecipeBook(all);
    }

    /// All of them, in order.
    public List<Method> all() {
        return all;
    }

    /// Their recipes.
    public RecipeBook recipes() {
        return recipes;
    }

    /// Titles of some of them, for messages.
    ///
    /// @param joint between two of them
    public String titles(Predicate<Method> which, String joint) {
        return all.stream().filter(which).map(Method::title).collect(Collectors.joining(joint));
    }

    /// The method of a recipe.
    public Method of(Recipe recipe) {
        return all.stream().filter(method -> method.name().equals(recipe.method())).findFirst().orElseThrow(
                () -> new IllegalArgumentException("no method is called " + recipe.method() + ", only "
                        + all.stream().map(Method::name).toList()));
    }
}
