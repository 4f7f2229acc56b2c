package dev.triptych.recipe;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// One key of a recipe, as its record declares it.
///
/// @param path     dotted key; an element of a list is `*`, as in `training.stages.*.epochs`
/// @param type     what a value has to be
/// @param standard default in YAML notation; null where the key has to be given
/// @param range    accepted numbers, or the words of an enum; empty where everything goes
/// @param doc      meaning
public record Key(String path, String type, String standard, String range, String doc) {

    /// All keys of a record type, depth first in the order of declaration.
    public static List<Key> all(Class<? extends Record> type) {
        var keys = new ArrayList<Key>();
        collect(type, "", keys);
        return keys;
    }

    private static void collect(Class<?> type, String prefix, List<Key> keys) {
        for (var component : type.getRecordComponents()) {
            var path = prefix + kebab(component.getName());
            var inner = component.getType();
            if (isSection(inner)) {
                collect(inner, path + ".", keys);
            } else if (inner == List.class && isSection(element(component))) {
                collect(element(component), path + ".*.", keys);
            } else {
                keys.add(of(component, path));
            }
        }
    }

    /// The key that a component declares.
    static Key of(RecordComponent component, String path) {
        var standard = component.getAnnotation(Default.class);
        var doc = component.getAnnotation(Doc.class);
        return new Key(path, typeOf(component), standard == null ? null : standard.value(), rangeOf(component),
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

    /// What a value of a component has to be, in words: `an integer in [1, 64]`.
    static String expectation(RecordComponent component) {
        var range = rangeOf(component);
        var words = switch (typeOf(component).replace(" or null", "")) {
            case "integer" -> "an integer";
            case "number" -> "a number";
            case "true|false" -> "true or false";
            case "text" -> "text";
            case "word" -> "one of " + range;
            case "[low, high]" -> "[low, high], two numbers";
            case "list" -> "a list";
            default -> "a section of 'key: value' lines";
        };
        var full = range.isEmpty() || component.getType().isEnum() ? words : words + " in " + range;
        return component.isAnnotationPresent(Nullable.class) ? full + ", or null" : full;
    }

    /// `maskRatio` and `PER_TENSOR` in the form of YAML: `mask-ratio`, `per-tensor`.
    static String kebab(String name) {
        if (name.equals(name.toUpperCase(Locale.ROOT))) {
            return name.toLowerCase(Locale.ROOT).replace('_', '-');
        }
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    static boolean isSection(Class<?> type) {
        return type.isRecord() && type != Interval.class;
    }

    /// The element type of a component of type List.
    static Class<?> element(RecordComponent component) {
        return (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
    }

    private static String typeOf(RecordComponent component) {
        var type = component.getType();
        var name = type.isEnum()
                ? "word"
                : type == int.class || type == long.class
                        ? "integer"
                        : type == double.class || type == Double.class
                                ? "number"
                                : type == boolean.class
                                        ? "true|false"
                                        : type == String.class
                                                ? "text"
                                                : type == Interval.class
                                                        ? "[low, high]"
                                                        : type == List.class ? "list" : "section";
        return component.isAnnotationPresent(Nullable.class) ? name + " or null" : name;
    }

    private static String rangeOf(RecordComponent component) {
        var type = component.getType();
        if (type.isEnum()) {
            var words = Arrays.stream(type.getEnumConstants()).map(c -> kebab(((Enum<?>) c).name())).toList();
            return String.join(", ", words);
        }
        var range = component.getAnnotation(Range.class);
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
