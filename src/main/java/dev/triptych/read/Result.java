package dev.triptych.read;

import dev.triptych.program.Call;
import dev.triptych.program.Launch;
import dev.triptych.program.Origin;
import dev.triptych.program.Step;
import dev.triptych.program.Tensor;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What one step of a program gives, by the names that the sources give it.
///
/// @param number of the step, from 1
/// @param step the operation, or its adjoint
/// @param launches of it
/// @param names of the results
/// @param results the tensors that it gives; several for an adjoint
/// @param operands names of what it reads
/// @param source the line of source where the value gets its name, or where it is asked for
record Result(int number, Step step, List<Launch> launches, List<String> names, List<Tensor> results,
        List<String> operands, Origin source) {
    private static final int DIGITS = 5;
    private static final float EXACT = 1e-6f;
    private static final int LONG = 5;
    private static final float LARGE = 1e7f;

    /// The result with its shape, `l (16, 16, 3)`; the names alone where there are several.
    String left() {
        return String.join(", ", names) + (names.size() == 1 ? " " + Tensor.text(results.getFirst().shape()) : "");
    }

    /// How it is made: `softmax(cosine, scale 1 / 0.06)`.
    String right() {
        var inside = new ArrayList<>(operands);
        constants().forEach((name, value) -> inside.add(name + " " + text(value)));
        return step.operation() + "(" + String.join(", ", inside) + ")";
    }

    /// `Factorization:52`.
    String place() {
        if (source == null) {
            return "";
        }
        String file = source.file();
        return file.substring(file.lastIndexOf('/') + 1).replace(".java", ":") + source.line();
    }

    /// The section, for adjoints that of their operation.
    String heading() {
        return (step.isAdjoint() ? "gradient of " : "") + step.section();
    }

    long flops() {
        return launches.stream().mapToLong(Launch::flops).sum();
    }

    long bytes() {
        return launches.stream().mapToLong(Launch::bytes).sum();
    }

    /// What two steps have in common that do the same with other numbers.
    String likeness() {
        return step.operation() + step.origins() + heading().replaceAll("\\d+", "#")
                + results.stream().map(t -> Tensor.text(t.shape())).toList();
    }

    /// Constants of the kernels by name; a factor of 1 changes nothing and is left out.
    private Map<String, Float> constants() {
        var constants = new LinkedHashMap<String, Float>();
        for (Launch launch : launches) {
            Call call = launch.call();
            int next = 0;
            for (RecordComponent component : call.getClass().getRecordComponents()) {
                if (component.getType() == float.class) {
                    constants.putIfAbsent(component.getName(), call.constants().get(next++));
                }
            }
        }
        constants.values().removeIf(value -> value == 1f);
        return constants;
    }

    /// A constant as somebody would write it: 16.666666 is 1 / 0.06, 0.0208333 is 1 / 48.
    static String text(float value) {
        String own = plain(value);
        if (value <= 0f || own.length() < LONG) {
            return own;
        }
        String inverse = plain(1f / value);
        boolean exact = Math.abs(Float.parseFloat(inverse) * value - 1f) < EXACT;
        return exact && inverse.length() < own.length() - 1 ? "1 / " + inverse : own;
    }

    private static String plain(float value) {
        String text = new BigDecimal(value).round(new MathContext(DIGITS)).stripTrailingZeros().toString();
        return text.contains("E") && Math.abs(value) >= 1f && Math.abs(value) < LARGE
                ? new BigDecimal(text).toPlainString()
                : text.replace("E", "e");
    }
}
