package dev.triptych.recipe;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Binds a YAML section to a record, field by field; whatever does not fit exactly is a [RecipeException].
final class Binder {
    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);
    /// The key whose word says which keys and sections there may be.
    static final String METHOD = "method";

    private final Yaml.Section document;
    private final Shape root;
    private final Map<String, List<String>> owners;
    private String method;

    private Binder(Yaml.Section document, Shape root, Map<String, List<String>> owners) {
        this.document = document;
        this.root = root;
        this.owners = owners;
    }

    /// What the document describes.
    ///
    /// @param owners methods by the sections and keys that only they know, an element of a list as `*`
    static Object bind(Shape root, Yaml.Section document, Map<String, List<String>> owners) {
        return new Binder(document, root, owners).bind(root, document, "");
    }

    private Object bind(Shape shape, Yaml.Section section, String path) {
        var names = shape.fields().stream().map(Field::name).toList();
        section.entries().forEach((name, value) -> {
            if (!names.contains(name)) {
                throw unknown(name, value, names, path);
            }
        });
        var values = new Object[names.size()];
        for (int i = 0; i < values.length; i++) {
            var field = shape.fields().get(i);
            var given = section.entries().get(field.name());
            var at = join(path, field.name());
            var known = owners.get(at.replaceAll("\\.\\d+\\.", ".*."));
            values[i] = known == null || known.contains(method)
                    ? value(field, given, at, section)
                    : foreign(field, given, at, section, known);
            method = at.equals(METHOD) ? (String) values[i] : method;
        }
        try {
            return shape.maker().apply(values);
        } catch (RecipeException e) {
            throw e.in(whereIs(join(path, e.key())), path);
        }
    }

    /// What a section or key of another method is worth: null, or its default. It must not be given another value.
    private Object foreign(Field field, Yaml given, String path, Yaml.Section section, List<String> known) {
        boolean whole = Field.isSection(field.type());
        Object standard = whole ? null : value(field, null, path, section);
        if (given != null && (whole || !value(field, field.type(), given, path).equals(standard))) {
            var owner = String.join(" or ", known);
            throw new RecipeException(given.where(), path,
                    "is a " + (whole ? "section" : "key") + " of method " + owner
                            + "; expected only those of this recipe's method, " + method,
                    "Remove it, or set method: " + owner + ".");
        }
        return standard;
    }

    private Object value(Field field, Yaml given, String path, Yaml.Section section) {
        if (given != null) {
            return value(field, field.type(), given, path);
        }
        var standard = field.mark(Default.class);
        if (standard != null) {
            return value(field, field.type(), Yaml.read(standard.value(), "default"), path);
        }
        if (Field.isSection(field.type())) {
            return bind(Shape.of(field.type()), new Yaml.Section(new LinkedHashMap<>(), section.where()), path);
        }
        var key = Key.of(field, path);
        throw new RecipeException(section.where(), path,
                "is missing; expected " + Key.expectation(field) + " (" + key.doc() + ")",
                "Add it to the recipe, or give " + path + "=VALUE.");
    }

    private Object value(Field field, Class<?> type, Yaml given, String path) {
        if (given instanceof Yaml.Scalar scalar && scalar.isNull() && field.nullable()) {
            return null;
        }
        if (Field.isSection(type) && given instanceof Yaml.Section section) {
            return bind(Shape.of(type), section, path);
        }
        if (type == List.class && given instanceof Yaml.Items list) {
            var items = new ArrayList<Object>();
            for (int i = 0; i < list.items().size(); i++) {
                items.add(value(field, field.element(), list.items().get(i), path + "." + i));
            }
            return items;
        }
        if (type == Interval.class && given instanceof Yaml.Items list && list.items().size() == 2) {
            return interval(field, list, path);
        }
        if (given instanceof Yaml.Scalar scalar && !scalar.isNull()) {
            return scalar(field, type, scalar, path);
        }
        throw wrong(field, type, given, path);
    }

    private Interval interval(Field field, Yaml.Items list, String path) {
        var ends = new double[2];
        for (int i = 0; i < 2; i++) {
            if (!(list.items().get(i) instanceof Yaml.Scalar scalar)
                    || !(scalar(field, double.class, scalar, path) instanceof Double end)) {
                throw wrong(field, Interval.class, list, path);
            }
            ends[i] = end;
        }
        try {
            return new Interval(ends[0], ends[1]);
        } catch (RecipeException e) {
            throw new RecipeException(list.where(), path,
                    "is " + list.show() + "; expected " + Key.expectation(field) + ", the smaller first",
                    e.remedy());
        }
    }

    private Object scalar(Field field, Class<?> type, Yaml.Scalar given, String path) {
        var kind = given.kind();
        if (!field.words().isEmpty() && kind != Yaml.Kind.BOOL && field.words().contains(given.text())) {
            return type.isEnum() ? type.getEnumConstants()[field.words().indexOf(given.text())] : given.text();
        }
        if (type == String.class && field.words().isEmpty() && (kind == Yaml.Kind.STRING || given.free())) {
            return given.text();
        }
        if ((type == boolean.class || type == Boolean.class) && kind == Yaml.Kind.BOOL) {
            return Boolean.valueOf(given.text().equalsIgnoreCase("true"));
        }
        if ((type == double.class || type == Double.class) && (kind == Yaml.Kind.INT || kind == Yaml.Kind.FLOAT)
                && within(field, given.number())) {
            return given.number();
        }
        boolean whole = type == int.class || type == Integer.class;
        if ((whole || type == long.class) && kind == Yaml.Kind.INT) {
            var number = given.integer();
            boolean fits = number.compareTo(LONG_MIN) >= 0 && number.compareTo(LONG_MAX) <= 0
                    && (type == long.class || number.bitLength() <= 31) && within(field, number.doubleValue());
            if (fits) {
                return whole ? (Object) number.intValue() : (Object) number.longValue();
            }
        }
        throw wrong(field, type, given, path);
    }

    private static boolean within(Field field, double x) {
        var range = field.mark(Range.class);
        if (Double.isNaN(x) || Double.isInfinite(x)) {
            return false;
        }
        return range == null || (range.above() ? x > range.min() : x >= range.min())
                && (range.below() ? x < range.max() : x <= range.max());
    }

    private static RecipeException wrong(Field field, Class<?> type, Yaml given, String path) {
        var expected = type == field.type() || type == double.class
                ? Key.expectation(field)
                : Field.isSection(type)
                        ? "a section of 'key: value' lines"
                        : Key.expectation(new Field(field.name(), type, null, field.words(), field.marks()));
        return new RecipeException(given.where(), path, "is " + given.show() + "; expected " + expected,
                remedy(field, type, given));
    }

    private static String remedy(Field field, Class<?> type, Yaml given) {
        if (!field.words().isEmpty() && given instanceof Yaml.Scalar scalar) {
            return "Did you mean " + Nearest.of(scalar.text(), field.words()) + "?";
        }
        if (type == String.class) {
            return "Put the value in quotes if it is meant as text.";
        }
        boolean fraction = given instanceof Yaml.Scalar s && s.kind() == Yaml.Kind.FLOAT;
        if ((type == int.class || type == long.class) && fraction) {
            return "Write it without a decimal point or exponent.";
        }
        var standard = field.mark(Default.class);
        return standard == null
                ? "Correct the value."
                : "Correct the value, or leave the key out for " + standard.value() + ".";
    }

    private RecipeException unknown(String name, Yaml value, List<String> names, String path) {
        var near = Nearest.close(name, names);
        var remedy = near == null ? null : "Did you mean " + join(path, near) + "?";
        if (remedy == null) {
            var elsewhere = Key.all(root).stream().map(Key::path).filter(p -> last(p).equals(name)).toList();
            remedy = elsewhere.isEmpty() ? "Remove it." : "Did you mean " + String.join(" or ", elsewhere) + "?";
        }
        return new RecipeException(value.where(), join(path, name),
                "is not a key of a recipe (its value: " + value.show() + "); expected one of "
                        + String.join(", ", names),
                remedy);
    }

    /// Where a dotted key stands; for a key that the document leaves out, where its section stands.
    private String whereIs(String path) {
        Yaml at = document;
        for (var name : path.split("\\.")) {
            Yaml next = switch (at) {
                case Yaml.Section section -> section.entries().get(name);
                case Yaml.Items list when name.matches("\\d{1,9}") && Integer.parseInt(name) < list.items().size() ->
                    list.items().get(Integer.parseInt(name));
                default -> null;
            };
            if (next == null) {
                break;
            }
            at = next;
        }
        return at.where();
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : name.isEmpty() ? path : path + "." + name;
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
