package dev.triptych.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds, reads and checks recipes of some methods: the built-in ones by name, others by path.
public final class RecipeBook {
    /// Bytes of a recipe file.
    private static final long LARGEST = 1 << 20;
    private static final String ENCODER = "encoder";

    private final Map<String, Schema> methods = new LinkedHashMap<>();
    /// Methods by the sections and keys that only they know.
    private final Map<String, List<String>> owners = new LinkedHashMap<>();
    private final List<Field> fields = new ArrayList<>();
    /// Where the methods' own sections begin among the fields, and how many there are.
    private final int first;
    private final int sections;
    private final Shape shape;
    private final List<Key> keys;
    private final List<String> names;

    /// The recipes of some methods, whose sections follow each other in that order.
    ///
    /// @throws IllegalArgumentException if two methods have one name or one section, or know a key that there is not
    public RecipeBook(List<? extends Schema> schemas) {
        owners.put(ENCODER, new ArrayList<>());
        for (var schema : schemas) {
            if (methods.putIfAbsent(schema.name(), schema) != null) {
                throw new IllegalArgumentException("two methods have the name " + schema.name());
            }
            if (schema.encoder()) {
                own(ENCODER, schema);
            }
            schema.sharedKeys().forEach(key -> own(key, schema));
        }
        var common = Shape.of(Recipe.class).fields();
        first = common.stream().map(Field::name).toList().indexOf("own");
        fields.add(common.getFirst().withWords(List.copyOf(methods.keySet())));
        fields.addAll(common.subList(1, first));
        schemas.forEach(schema -> schema.sections().forEach(type -> section(schema, Field.section(type))));
        sections = fields.size() - first;
        fields.addAll(common.subList(first + 1, common.size()));
        shape = new Shape(List.copyOf(fields), this::recipe);
        keys = Key.all(shape);
        var known = Stream.concat(keys.stream().map(Key::path), fields.stream().map(Field::name)).toList();
        owners.keySet().stream().filter(key -> !known.contains(key)).findFirst().ifPresent(key -> {
            throw new IllegalArgumentException(key + " of " + owners.get(key) + " is not a key of a recipe");
        });
        names = schemas.stream().flatMap(schema -> schema.recipes().stream()).toList();
        var paths = keys.stream().map(Key::path).toList();
        schemas.forEach(schema -> schema.files().stream().filter(key -> !paths.contains(key)).findFirst()
                .ifPresent(key -> {
                    throw new IllegalArgumentException(key + " of " + schema.name() + " is not a key of a recipe");
                }));
    }

    private void own(String key, Schema schema) {
        owners.computeIfAbsent(key, k -> new ArrayList<>()).add(schema.name());
    }

    /// A section of a method's own; methods that know one record share its section.
    private void section(Schema schema, Field section) {
        own(section.name(), schema);
        if (fields.stream().anyMatch(field -> field.name().equals(section.name()) && field.type() == section.type())) {
            return;
        }
        if (Stream.concat(fields.stream(), Shape.of(Recipe.class).fields().stream())
                .anyMatch(field -> field.name().equals(section.name()))) {
            throw new IllegalArgumentException("the section " + section.name() + " of " + schema.name()
                    + " is there already");
        }
        fields.add(section);
    }

    /// The recipe of the values of all fields: those of a method's own sections lie between the common ones.
    private Recipe recipe(Object[] values) {
        var own = new LinkedHashMap<String, Record>();
        var parts = new ArrayList<>(Arrays.asList(values).subList(0, first));
        for (int i = first; i < first + sections; i++) {
            if (values[i] != null) {
                own.put(fields.get(i).name(), (Record) values[i]);
            }
        }
        parts.add(own);
        parts.addAll(Arrays.asList(values).subList(first + sections, values.length));
        var recipe = (Recipe) Shape.of(Recipe.class).maker().apply(parts.toArray());
        check(recipe, methods.get(recipe.method()));
        return recipe;
    }

    private static void check(Recipe recipe, Schema method) {
        var data = recipe.data();
        if (recipe.encoder() != null) {
            Checks.divisible("data.side", data.side(), "encoder.patch", recipe.encoder().patch());
        }
        method.check(recipe);
        int smallest = method.smallestView(recipe);
        if (recipe.augment().blurKernel() / 2 >= smallest) {
            throw RecipeException.value("augment.blur-kernel", recipe.augment().blurKernel(),
                    "a kernel whose half is smaller than the smallest view, " + smallest + " px",
                    "Set augment.blur-kernel to " + (2 * smallest - 1) + " or less.");
        }
        if (data.generated() && data.trainImages() > 0 && recipe.training().batch() > data.trainImages()) {
            throw RecipeException.value("training.batch", recipe.training().batch(),
                    "at most data.train-images, " + data.trainImages(),
                    "Set training.batch=" + data.trainImages() + " or generate more scenes.");
        }
    }

    /// The names of the built-in recipes.
    public List<String> names() {
        return names;
    }

    /// Keys of a recipe's method that say where a file lies.
    public Set<String> files(Recipe recipe) {
        return methods.get(recipe.method()).files();
    }

    /// A table of all keys: key, type, default, range, meaning.
    public String describe() {
        return Key.table(keys);
    }

    /// All keys, in order.
    public List<Key> keys() {
        return keys;
    }

    /// The text of a built-in recipe, comments included.
    ///
    /// @throws RecipeException if there is none of this name
    public String text(String name) {
        if (!names.contains(name)) {
            if (Files.isDirectory(Path.of(name))) {
                throw folder(name);
            }
            throw new RecipeException("", "recipe",
                    "'" + name + "' is unknown; expected one of " + String.join(", ", names)
                            + ", or the path of a file",
                    Files.isRegularFile(Path.of(name))
                            ? "For the file of this name write ./" + name + "."
                            : "Did you mean " + Nearest.of(name, names) + "?");
        }
        try (InputStream in = RecipeBook.class.getResourceAsStream("/recipes/" + name + ".yaml")) {
            if (in == null) {
                throw new IllegalStateException("recipes/" + name + ".yaml is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The comment at the head of a built-in recipe: command, hardware, minutes, metric.
    public String comment(String name) {
        return String.join("\n", text(name).lines().takeWhile(line -> line.startsWith("#"))
                .map(line -> line.substring(1).strip()).toList());
    }

    /// Reads a built-in recipe, or a file: anything with a slash or the ending .yaml or .yml is a path.
    ///
    /// @param overrides `key=value` in the order of the command line; `data=DIR` is short for `data.dir=DIR`
    /// @throws RecipeException if anything does not fit
    public LoadedRecipe load(String nameOrPath, List<String> overrides) {
        boolean path = nameOrPath.contains("/") || nameOrPath.contains("\\") || nameOrPath.endsWith(".yaml")
                || nameOrPath.endsWith(".yml");
        if (path) {
            return load(Path.of(nameOrPath), overrides);
        }
        var parsed = parse(text(nameOrPath), nameOrPath + ".yaml", overrides);
        return new LoadedRecipe(nameOrPath, "built-in " + nameOrPath, parsed.recipe(), parsed.settings());
    }

    private RecipeException folder(String name) {
        return new RecipeException(name, "", "this is a folder; expected a recipe in YAML, or one of "
                + String.join(", ", names), "Pictures are named by data=" + name + " behind the recipe.");
    }

    /// Reads a recipe file.
    ///
    /// @throws RecipeException if there is no such file, or anything in it does not fit
    public LoadedRecipe load(Path file, List<String> overrides) {
        if (Files.isDirectory(file)) {
            throw folder(file.toString());
        }
        if (!Files.isRegularFile(file)) {
            throw new RecipeException(file.toString(), "",
                    "there is no such file; expected a recipe in YAML, or one of " + String.join(", ", names),
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
    public LoadedRecipe parse(String text, String file, List<String> overrides) {
        var document = Yaml.document(text, file);
        var settings = new ArrayList<Setting>();
        for (var override : overrides) {
            var setting = Setting.apply(override, document, keys);
            settings.stream().filter(earlier -> earlier.key().equals(setting.key())).findFirst().ifPresent(earlier -> {
                throw new RecipeException("override '" + override + "'", setting.key(), "is given twice, "
                        + earlier.value() + " and " + setting.value() + "; expected once", "Leave one out.");
            });
            settings.add(setting);
        }
        var name = Path.of(file).getFileName().toString().replaceFirst("\\.ya?ml$", "");
        return new LoadedRecipe(name, file, bound(document, settings), settings);
    }

    /// What a document describes; where keys do not go together, an override that has to do with it is named rather
    /// than the recipe, which fits by itself.
    private Recipe bound(Yaml.Section document, List<Setting> settings) {
        try {
            return (Recipe) Binder.bind(shape, document, owners);
        } catch (RecipeException e) {
            var involved = settings.stream().filter(setting -> !e.where().startsWith("override")
                    && Pattern.compile("(?<![a-z.-])" + Pattern.quote(setting.key()) + "(?![a-z.-]*[a-z])")
                            .matcher(e.getMessage()).find())
                    .findFirst();
            throw involved.isEmpty() ? e : e.at("override '" + involved.get().word() + "'");
        }
    }
}
