package dev.triptych.recipe;

import java.util.LinkedHashMap;
import java.util.List;

/// One override of the command line, `key=value`.
///
/// @param key    dotted key; an element of a list by its number, as in `training.stages.0.epochs`
/// @param value  the text after the equals sign
/// @param before what it replaces: the recipe's value, or the default, or `(none)`
public record Setting(String key, String value, String before) {

    /// The line that tells the user: `optimizer.lr=1e-3 (was 5e-4)`.
    @Override
    public String toString() {
        return key + "=" + value + " (was " + before + ")";
    }

    /// The override as it was given, `data=` in its long form.
    String word() {
        return key + "=" + value;
    }

    /// Applies `key=value` to the document; `data=DIR` is short for `data.dir=DIR`.
    static Setting apply(String text, Yaml.Section document, List<Key> keys) {
        var where = "override '" + text + "'";
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw new RecipeException(where, "", "it has no 'key=' part; expected key=value",
                    "Write for example optimizer.lr=1e-3 or data=DIR.");
        }
        var value = text.substring(equals + 1);
        boolean directory = text.startsWith("data=");
        var key = directory ? "data.dir" : text.substring(0, equals);
        var path = key.split("\\.", -1);
        if (key.equals("data.dir") && value.isBlank()) {
            throw new RecipeException(where, key, "is empty, as a variable is that was not set; expected the path of "
                    + "pictures", "Give data=PATH, or data=null for generated scenes.");
        }
        var node = directory ? folder(value, where) : Yaml.free(value, where);
        Yaml at = document;
        for (int i = 0; i < path.length - 1; i++) {
            at = step(at, path[i], key, where);
        }
        var before = put(at, path[path.length - 1], node, key, where);
        return new Setting(key, value, before == null ? standard(key, keys) : before.show());
    }

    private static Yaml.Scalar folder(String value, String where) {
        return new Yaml.Scalar(value, value.equals("null") ? Yaml.Kind.NULL : Yaml.Kind.STRING, true, where);
    }

    private static Yaml step(Yaml at, String name, String key, String where) {
        return switch (at) {
            case Yaml.Section section -> section.entries().computeIfAbsent(name,
                    n -> new Yaml.Section(new LinkedHashMap<>(), where));
            case Yaml.Items list -> list.items().get(index(list, name, key, where));
            case Yaml.Scalar scalar -> throw inside(scalar, name, key, where);
        };
    }

    private static Yaml put(Yaml at, String name, Yaml value, String key, String where) {
        return switch (at) {
            case Yaml.Section section -> section.entries().put(name, value);
            case Yaml.Items list -> list.items().set(index(list, name, key, where), value);
            case Yaml.Scalar scalar -> throw inside(scalar, name, key, where);
        };
    }

    private static RecipeException inside(Yaml.Scalar scalar, String name, String key, String where) {
        return new RecipeException(where, key, "looks for '" + name + "' inside the single value " + scalar.show()
                + "; expected a section there", "Remove '." + name + "' or set the section.");
    }

    private static int index(Yaml.Items list, String name, String key, String where) {
        int size = list.items().size();
        if (!name.matches("\\d{1,9}") || Integer.parseInt(name) >= size) {
            throw new RecipeException(where, key,
                    "names element '" + name + "' of a list of " + size + "; expected "
                            + (size == 0 ? "nothing: the list is empty" : "a number from 0 to " + (size - 1)),
                    "Count the elements from 0, as in training.stages.0.epochs=1.");
        }
        return Integer.parseInt(name);
    }

    private static String standard(String key, List<Key> keys) {
        var general = key.replaceAll("\\.\\d+\\.", ".*.");
        return keys.stream().filter(k -> k.path().equals(general) && k.standard() != null)
                .map(k -> k.standard() + ", the default").findFirst().orElse("(none)");
    }
}
