package dev.triptych.recipe;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// One key or section of a recipe, as a record declares it.
///
/// @param name    in YAML
/// @param type    of its value
/// @param element type of what a list holds; null for anything else
/// @param words   that it accepts; empty where it is no word
/// @param marks   its annotations
record Field(String name, Class<?> type, Class<?> element, List<String> words, AnnotatedElement marks) {
    /// What a component of a record declares.
    static Field of(RecordComponent component) {
        var type = component.getType();
        return new Field(kebab(component.getName()), type,
                component.getGenericType() instanceof ParameterizedType list && type == List.class
                        ? (Class<?>) list.getActualTypeArguments()[0]
                        : null,
                type.isEnum()
                        ? Arrays.stream(type.getEnumConstants()).map(c -> kebab(((Enum<?>) c).name())).toList()
                        : List.of(),
                component);
    }

    /// A section of a method: the record `VqVaeSection` is the section `vqvae`.
    static Field section(Class<? extends Record> type) {
        var name = type.getSimpleName().replaceFirst("Section$", "").toLowerCase(Locale.ROOT);
        return new Field(name, type, null, List.of(), type);
    }

    /// The same with words of its own.
    Field withWords(List<String> accepted) {
        return new Field(name, type, element, accepted, marks);
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

    /// An annotation; null where there is none.
    <A extends Annotation> A mark(Class<A> kind) {
        return marks.getAnnotation(kind);
    }

    boolean nullable() {
        return marks.isAnnotationPresent(Nullable.class);
    }
}
