package dev.triptych.program;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

/// One static method of package `kernel`. Its parameters are arrays, each followed by an offset, then sizes and
/// constants; a launch gives a tensor for each array with its offset.
///
/// @param name the method's name, unique among all kernels
/// @param family the class that holds it
/// @param method the method itself
public record Kernel(String name, Class<?> family, Method method) {
    /// The kernel of that name in a family.
    ///
    /// @throws IllegalArgumentException if the family has not exactly one public method of that name
    public static Kernel of(Class<?> family, String name) {
        List<Method> found = Arrays.stream(family.getMethods()).filter(m -> m.getName().equals(name)).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(
                    "Kernel family " + family.getName() + " has " + found.size() + " methods '" + name + "', not one");
        }
        return new Kernel(name, family, found.getFirst());
    }

    /// Checks that arguments fit: a tensor of the right kind for each array and its offset, boxed numbers for the rest.
    void check(Object... arguments) {
        Class<?>[] types = method.getParameterTypes();
        int at = 0;
        for (Object argument : arguments) {
            boolean fits = switch (argument) {
                case Tensor t -> at + 1 < types.length && types[at + 1] == int.class
                        && types[at] == (t.arena().isInteger() ? int[].class : float[].class);
                case Integer i -> at < types.length && types[at] == int.class;
                case Float f -> at < types.length && types[at] == float.class;
                default -> false;
            };
            if (!fits) {
                throw new IllegalArgumentException(
                        "Kernel " + name + ": argument " + argument + " does not fit parameter "
                                + at + " of " + method);
            }
            at += argument instanceof Tensor ? 2 : 1;
        }
        if (at != types.length) {
            throw new IllegalArgumentException("Kernel " + name + ": " + at + " parameters given of " + method);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Kernel k && k.method.equals(method);
    }

    @Override
    public int hashCode() {
        return method.hashCode();
    }

    @Override
    public String toString() {
        return family.getSimpleName() + "." + name;
    }
}
