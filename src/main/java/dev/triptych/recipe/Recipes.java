package dev.triptych.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Finds and reads recipes: the built-in ones by name, others by path.
public final class Recipes {
    private static final List<String> NAMES = List.of("stellar-micro", "stellar-scenes", "stellar-cifar",
            "stellar-cifar-gpu", "stellar-micro-codes", "stellar-cifar-codes", "stellar-paper", "stellar-b16",
            "bits-micro", "bits-scenes", "bits-cifar", "bits-cifar-gpu",
            "bits-adapt", "bits-paper", "vqvae-micro", "vqvae-cifar", "sorcen-micro", "sorcen-scenes", "sorcen-cifar",
            "sorcen-cifar-gpu", "sorcen-paper");

    /// Bytes of a recipe file.
    private static final long LARGEST = 1 << 20;

    private Recipes() {
    }

    /// The names of the built-in recipes.
    public static List<String> names() {
        return NAMES;
    }

    /// The text of a built-in recipe, comments included.
    ///
    /// @throws RecipeException if there is none of this name
    public static String text(String name) {
        if (!NAMES.contains(name)) {
            throw new RecipeException("", "recipe",
                    "'" + name + "' is unknown; expected one of " + String.join(", ", NAMES)
                            + ", or the path of a file",
                    Files.isRegularFile(Path.of(name))
                            ? "For the file of this name write ./" + name + "."
                            : "Did you mean " + Nearest.of(name, NAMES) + "?");
        }
        try (InputStream in = Recipes.class.getResourceAsStream("/recipes/" + name + ".yaml")) {
            if (in == null) {
                throw new IllegalStateException("recipes/" + name + ".yaml is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The comment at the head of a built-in recipe: command, hardware, minutes, metric.
    public static String comment(String name) {
        return String.join("\n", text(name).lines().takeWhile(line -> line.startsWith("#"))
                .map(line -> line.substring(1).strip()).toList());
    }

    /// Reads a built-in recipe, or a file: anything with a slash or the ending .yaml or .yml is a path.
    ///
    /// @param overrides `key=value` in the order of the command line; `data=DIR` is short for `data.dir=DIR`
    /// @throws RecipeException if anything does not fit
    public static LoadedRecipe load(String nameOrPath, List<String> overrides) {
        boolean path = nameOrPath.contains("/") || nameOrPath.contains("\\") || nameOrPath.endsWith(".yaml")
                || nameOrPath.endsWith(".yml");
        if (path) {
            return load(Path.of(nameOrPath), overrides);
        }
        var parsed = parse(text(nameOrPath), nameOrPath + ".yaml", overrides);
        return new LoadedRecipe(nameOrPath, "built-in " + nameOrPath, parsed.recipe(), parsed.settings());
    }

    /// Reads a recipe file.
    ///
    /// @throws RecipeException if there is no such file, or anything in it does not fit
    public static LoadedRecipe load(Path file, List<String> overrides) {
        if (!Files.isRegularFile(file)) {
            throw new RecipeException(file.toString(), "",
                    "there is no such file; expected a recipe in YAML, or one of " + String.join(", ", NAMES),
                    "Check the path.");
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw new RecipeException(file.toString(), "", "the file has " + Files.size(file)
                        + " bytes; expected a recipe, at most " + LARGEST, "Check the path.");
            }
            return parse(Files.readString(file), file.toString(), overrides);
        } catch (CharacterCodingException e) {
            throw new RecipeException(file.toString(), "", "the file is not text; expected YAML in UTF-8",
                    "Check the path.");
        } catch (IOException e) {
            throw new RecipeException(file.toString(), "", "the file cannot be read: " + e.getMessage(),
                    "Check its permissions.");
        }
    }

    /// Binds a recipe given as text.
    ///
    /// @param file name for messages
    public static LoadedRecipe parse(String text, String file, List<String> overrides) {
        var document = Yaml.document(text, file);
        var settings = new ArrayList<Setting>();
        for (var override : overrides) {
            settings.add(Setting.apply(override, document, Key.all(Recipe.class)));
        }
        var name = Path.of(file).getFileName().toString().replaceFirst("\\.ya?ml$", "");
        return new LoadedRecipe(name, file, Binder.bind(Recipe.class, document), settings);
    }
}
