package dev.triptych.recipe;

import java.util.ArrayList;
import java.util.List;

/// One key of a recipe, as its record declares it.
///
/// @param path     dotted key; an element of a list is `*`, as in `training.stages.*.epochs`
/// @param type     what a value has to be
/// @param standard default in YAML notation; null where the key has to be given
/// @param range    accepted numbers, or the words of an enum; empty where everything goes
/// @param doc      meaning
public record Key(String path, String type, String standard, String range, String doc) {
    /// All keys of a shape, depth first in the order of declaration.
    static List<Key> all(Shape shape) {
        var keys = new ArrayList<Key>();
        collect(shape, "", keys);
        return keys;
    }

    private static void collect(Shape shape, String prefix, List<Key> keys) {
        for (var field : shape.fields()) {
            var path = prefix + field.name();
            if (Field.isSection(field.type())) {
                collect(Shape.of(field.type()), path + ".", keys);
            } else if (field.type() == List.class && Field.isSection(field.element())) {
                collect(Shape.of(field.element()), path + ".*.", keys);
            } else {
                keys.add(of(field, path));
            }
        }
    }

    /// The key that a field declares.
    static Key of(Field field, String path) {
        var standard = field.mark(Default.class);
        var doc = field.mark(Doc.class);
        return new Key(path, typeOf(field), standard == null ? null : standard.value(), rangeOf(field),
                doc == null ? "" : doc.value());
    }

    /// The dotted keys in a text table with aligned columns.
    static String table(List<Key> keys) {
        var rows = new ArrayList<String[]>();
        rows.add(new String[]{"key", "type", "default", "range", "meaning"});
        for (var key : keys) {
            rows.add(new String[]{key.path(), key.type(), key.standard() == null ? "(required)" : key.standard(),
                    key.range(), key.doc()});
        }
        var widths = new int[4];
        for (var row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        var text = new StringBuilder();
        for (var row : rows) {
            for (int i = 0; i < widths.length; i++) {
                text.append(row[i]).repeat(' ', widths[i] - row[i].length() + 2);
            }
            text.append(row[4]).append('\n');
        }
        return text.toString();
    }

    /// What the value of a field has to be, in words: `a whole number in [1, 64]`.
    static String expectation(Field field) {
        var range = rangeOf(field);
        var words = switch (typeOf(field).replace(" or null", "")) {
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "true|false" -> "true or false";
            case "text" -> "text";
            case "word" -> "one of " + range;
            case "[low, high]" -> "[low, high], two numbers";
            case "list" -> "a list";
            default -> "a section of 'key: value' lines";
        };
        var full = range.isEmpty() || !field.words().isEmpty() ? words : words + " in " + range;
        return field.nullable() ? full + ", or null" : full;
    }

    private static String typeOf(Field field) {
        var type = field.type();
        var name = !field.words().isEmpty()
                ? "word"
                : type == int.class || type == Integer.class || type == long.class
                        ? "integer"
                        : type == double.class || type == Double.class
                                ? "number"
                                : type == boolean.class || type == Boolean.class
                                        ? "true|false"
                                        : type == String.class
                                                ? "text"
                                                : type == Interval.class
                                                        ? "[low, high]"
                                                        : type == List.class ? "list" : "section";
        return field.nullable() ? name + " or null" : name;
    }

    private static String rangeOf(Field field) {
        if (!field.words().isEmpty()) {
            return String.join(", ", field.words());
        }
        var range = field.mark(Range.class);
        if (range == null) {
            return "";
        }
        boolean low = range.min() != Double.NEGATIVE_INFINITY;
        boolean high = range.max() != Double.POSITIVE_INFINITY;
        return (low ? (range.above() ? "(" : "[") + plain(range.min()) : "(-inf") + ", "
                + (high ? plain(range.max()) + (range.below() ? ")" : "]") : "inf)");
    }

    private static String plain(double x) {
        return x == Math.rint(x) && Math.abs(x) < 1e15 ? String.valueOf((long) x) : String.valueOf(x);
    }
}
