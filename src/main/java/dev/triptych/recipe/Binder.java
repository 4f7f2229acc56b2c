package dev.triptych.recipe;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;

/// Binds a YAML section to a record, component by component; whatever does not fit exactly is a [RecipeException].
final class Binder {
    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private final Yaml.Section document;
    private final Class<? extends Record> root;
    private Method method;

    private Binder(Yaml.Section document, Class<? extends Record> root) {
        this.document = document;
        this.root = root;
    }

    /// The record that the document describes.
    static <R extends Record> R bind(Class<R> type, Yaml.Section document) {
        return new Binder(document, type).bind(type, document, "");
    }

    private <R> R bind(Class<R> type, Yaml.Section section, String path) {
        var components = type.getRecordComponents();
        var names = Arrays.stream(components).map(c -> Key.kebab(c.getName())).toList();
        section.entries().forEach((name, value) -> {
            if (!names.contains(name)) {
                throw unknown(name, value, names, path);
            }
        });
        var arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            var value = section.entries().get(names.get(i));
            var at = join(path, names.get(i));
            arguments[i] = ofAnotherMethod(components[i])
                    ? foreign(components[i], value, at, section)
                    : component(components[i], value, at, section);
            method = arguments[i] instanceof Method named ? named : method;
        }
        return create(type, components, arguments, path);
    }

    private boolean ofAnotherMethod(RecordComponent component) {
        var of = component.getAnnotation(Of.class);
        return of != null && !List.of(of.value()).contains(method);
    }

    /// What a section or key of another method is worth: null, or its default. It must not be given another value.
    private Object foreign(RecordComponent component, Yaml given, String path, Yaml.Section section) {
        boolean whole = Key.isSection(component.getType());
        Object standard = whole ? null : component(component, null, path, section);
        if (given != null && (whole || !value(component, component.getType(), given, path).equals(standard))) {
            var owner = String.join(" or ", Arrays.stream(component.getAnnotation(Of.class).value())
                    .map(m -> Key.kebab(m.name())).toList());
            throw new RecipeException(given.where(), path,
                    "is a " + (whole ? "section" : "key") + " of method " + owner
                            + "; expected only those of this recipe's method, " + Key.kebab(method.name()),
                    "Remove it, or set method: " + owner + ".");
        }
        return standard;
    }

    private <R> R create(Class<R> type, RecordComponent[] components, Object[] arguments, String path) {
        var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RecipeException inner) {
                throw inner.in(whereIs(join(path, inner.key())), path);
            }
            throw new IllegalStateException("Cannot make " + type.getName(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot make " + type.getName(), e);
        }
    }

    private Object component(RecordComponent component, Yaml given, String path, Yaml.Section section) {
        if (given != null) {
            return value(component, component.getType(), given, path);
        }
        var standard = component.getAnnotation(Default.class);
        if (standard != null) {
            return value(component, component.getType(), Yaml.read(standard.value(), "default"), path);
        }
        if (Key.isSection(component.getType())) {
            return bind(component.getType(), new Yaml.Section(new LinkedHashMap<>(), section.where()), path);
        }
        var key = Key.of(component, path);
        throw new RecipeException(section.where(), path,
                "is missing; expected " + Key.expectation(component) + " (" + key.doc() + ")",
                "Add it to the recipe, or give " + path + "=VALUE.");
    }

    private Object value(RecordComponent component, Class<?> type, Yaml given, String path) {
        if (given instanceof Yaml.Scalar scalar && scalar.isNull()
                && component.isAnnotationPresent(Nullable.class)) {
            return null;
        }
        if (Key.isSection(type) && given instanceof Yaml.Section section) {
            return bind(type, section, path);
        }
        if (type == List.class && given instanceof Yaml.Items list) {
            var items = new ArrayList<Object>();
            for (int i = 0; i < list.items().size(); i++) {
                items.add(value(component, Key.element(component), list.items().get(i), path + "." + i));
            }
            return items;
        }
        if (type == Interval.class && given instanceof Yaml.Items list && list.items().size() == 2) {
            return interval(component, list, path);
        }
        if (given instanceof Yaml.Scalar scalar && !scalar.isNull()) {
            return scalar(component, type, scalar, path);
        }
        throw wrong(component, type, given, path);
    }

    private Interval interval(RecordComponent component, Yaml.Items list, String path) {
        var ends = new double[2];
        for (int i = 0; i < 2; i++) {
            if (!(list.items().get(i) instanceof Yaml.Scalar scalar)
                    || !(scalar(component, double.class, scalar, path) instanceof Double end)) {
                throw wrong(component, Interval.class, list, path);
            }
            ends[i] = end;
        }
        try {
            return new Interval(ends[0], ends[1]);
        } catch (RecipeException e) {
            throw new RecipeException(list.where(), path,
                    "is " + list.show() + "; expected " + Key.expectation(component) + ", the smaller first",
                    e.remedy());
        }
    }

    private Object scalar(RecordComponent component, Class<?> type, Yaml.Scalar given, String path) {
        var kind = given.kind();
        if (type == String.class && (kind == Yaml.Kind.STRING || given.free())) {
            return given.text();
        }
        if (type == boolean.class && kind == Yaml.Kind.BOOL) {
            return Boolean.valueOf(given.text().equalsIgnoreCase("true"));
        }
        if (type.isEnum() && kind != Yaml.Kind.BOOL) {
            for (var constant : type.getEnumConstants()) {
                if (Key.kebab(((Enum<?>) constant).name()).equals(given.text())) {
                    return constant;
                }
            }
        }
        if ((type == double.class || type == Double.class) && (kind == Yaml.Kind.INT || kind == Yaml.Kind.FLOAT)
                && within(component, given.number())) {
            return given.number();
        }
        if ((type == int.class || type == long.class) && kind == Yaml.Kind.INT) {
            var number = given.integer();
            boolean fits = number.compareTo(LONG_MIN) >= 0 && number.compareTo(LONG_MAX) <= 0
                    && (type == long.class || number.bitLength() <= 31) && within(component, number.doubleValue());
            if (fits) {
                return type == int.class ? (Object) number.intValue() : (Object) number.longValue();
            }
        }
        throw wrong(component, type, given, path);
    }

    private static boolean within(RecordComponent component, double x) {
        var range = component.getAnnotation(Range.class);
        if (Double.isNaN(x) || Double.isInfinite(x)) {
            return false;
        }
        return range == null || (range.above() ? x > range.min() : x >= range.min())
                && (range.below() ? x < range.max() : x <= range.max());
    }

    private static RecipeException wrong(RecordComponent component, Class<?> type, Yaml given, String path) {
        var expected = type == component.getType() || type == double.class
                ? Key.expectation(component)
                : "a section of 'key: value' lines";
        return new RecipeException(given.where(), path, "is " + given.show() + "; expected " + expected,
                remedy(component, type, given));
    }

    private static String remedy(RecordComponent component, Class<?> type, Yaml given) {
        if (type.isEnum() && given instanceof Yaml.Scalar scalar) {
            var words = List.of(Key.of(component, "").range().split(", "));
            return "Did you mean " + Nearest.of(scalar.text(), words) + "?";
        }
        if (type == String.class) {
            return "Put the value in quotes if it is meant as text.";
        }
        boolean fraction = given instanceof Yaml.Scalar s && s.kind() == Yaml.Kind.FLOAT;
        if ((type == int.class || type == long.class) && fraction) {
            return "Write it without a decimal point or exponent.";
        }
        var standard = component.getAnnotation(Default.class);
        return standard == null
                ? "Correct the value."
                : "Correct the value, or leave the key out for "
                        + standard.value() + ".";
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
