package dev.triptych.recipe;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// What a section of a recipe consists of, and how its values become a record.
///
/// @param fields in order
/// @param maker  takes their values in that order; throws [RecipeException] with a key relative to the section
record Shape(List<Field> fields, Function<Object[], Object> maker) {
    /// The shape of a record.
    static Shape of(Class<?> type) {
        var components = type.getRecordComponents();
        return new Shape(Arrays.stream(components).map(Field::of).toList(), values -> make(type, components, values));
    }

    private static Object make(Class<?> type, RecordComponent[] components, Object[] values) {
        var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RecipeException inner) {
                throw inner;
            }
            throw new IllegalStateException("Cannot make " + type.getName(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot make " + type.getName(), e);
        }
    }
}
