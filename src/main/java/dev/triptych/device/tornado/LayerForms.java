package dev.triptych.device.tornado;

import dev.triptych.program.Kernel;
import dev.triptych.program.Launch;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/// The generated layer forms of kernels: which of a launch's arguments they take as they are, and which they read from
/// tables. Tensors give an array and an offset; the array and sizes are arguments, the offset, constants and the number
/// of the launch lie in tables.
final class LayerForms {
    private static final String LAYER = "dev.triptych.kernel.layer.";

    /// @param kernel the layer form
    /// @param launch which argument of a launch is its number; -1 if none is
    private record Form(Kernel kernel, int launch) {
    }

    private final Map<Kernel, Form> forms = new HashMap<>();

    /// The layer form of a kernel.
    Kernel of(Kernel kernel) {
        return form(kernel).kernel;
    }

    private Form form(Kernel kernel) {
        return forms.computeIfAbsent(kernel, LayerForms::find);
    }

    private static Form find(Kernel kernel) {
        try {
            Class<?> family = Class.forName(LAYER + kernel.family().getSimpleName());
            String launch = kernel.name() + "Launch";
            boolean numbered = Arrays.stream(family.getMethods()).anyMatch(m -> m.getName().equals(launch));
            return new Form(Kernel.of(family, kernel.name()),
                    numbered ? (int) family.getMethod(launch).invoke(null) : -1);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Kernel " + kernel + " has no layer form: kernels belong to package "
                    + "dev.triptych.kernel, from which the build writes these forms", e);
        }
    }

    /// What the code of a launch depends on: its kernel, the arenas, the sizes.
    List<Object> shape(Launch launch) {
        List<Object> shape = arguments(launch, tensor -> tensor.arena());
        shape.addFirst(launch.kernel());
        return shape;
    }

    /// The arguments before the tables.
    ///
    /// @param array the array of a tensor's arena
    List<Object> arguments(Launch launch, Function<Tensor, Object> array) {
        var values = new ArrayList<Object>();
        int number = form(launch.kernel()).launch;
        for (int i = 0; i < launch.arguments().size(); i++) {
            Object argument = launch.arguments().get(i);
            if (argument instanceof Tensor t) {
                values.add(array.apply(t));
            } else if (argument instanceof Integer && i != number) {
                values.add(argument);
            }
        }
        return values;
    }

    /// What the launches read from the table of integers: offsets, and the number of the launch.
    int[] integers(List<Launch> launches, ToIntFunction<Tensor> offset) {
        var values = new ArrayList<Integer>();
        for (Launch launch : launches) {
            launch.tensors().forEach(t -> values.add(offset.applyAsInt(t)));
            int number = form(launch.kernel()).launch;
            if (number >= 0) {
                values.add((Integer) launch.arguments().get(number));
            }
        }
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    /// What the launches read from the table of constants.
    float[] numbers(List<Launch> launches) {
        List<Float> values = launches.stream().flatMap(l -> l.arguments().stream()).filter(Float.class::isInstance)
                .map(Float.class::cast).toList();
        float[] numbers = new float[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = values.get(i);
        }
        return numbers;
    }
}
