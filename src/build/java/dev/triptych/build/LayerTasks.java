package dev.triptych.build;

import dev.triptych.build.Kernel.Argument;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes `dev.triptych.device.tornado.LayerTasks`: a task of the layer form of every kernel.
final class LayerTasks {
    /// The path of the file.
    static final String PATH = "dev/triptych/device/tornado/LayerTasks.java";

    private LayerTasks() {
    }

    /// The file.
    ///
    /// @param families kernels by the name of their family
    static String of(Map<String, List<Kernel>> families) {
        var text = new StringBuilder("""
                package dev.triptych.device.tornado; // generated from dev/triptych/kernel, do not edit

                import dev.triptych.program.Arenas;
                import dev.triptych.program.Call;
                %simport uk.ac.manchester.tornado.api.TaskGraph;

                /// A task of the layer form of every kernel.
                final class LayerTasks {
                    private LayerTasks() {
                    }

                    /// Appends the task of a call to a graph. The method that a reference names is what TornadoVM
                    /// compiles.
                    ///
                    /// @param a the arenas
                    /// @param t what the task reads of its graph's tables
                    static TaskGraph append(TaskGraph graph, String id, Call call, Arenas a, Tables.Place t) {
                        return switch (call) {
                """.formatted(families.keySet().stream().map(f -> "import dev.triptych.program.call." + f + "Calls;\n")
                .collect(Collectors.joining())));
        families.forEach((family, kernels) -> kernels.forEach(kernel -> text.append("            case ")
                .append(family).append("Calls.").append(Calls.type(kernel)).append(" c -> graph.task(id, ")
                .append("dev.triptych.kernel.layer.").append(family).append("::").append(kernel.name())
                .append(arguments(kernel)).append(");\n")));
        return text.append("""
                            default -> throw new IllegalArgumentException("Kernel " + call.kernel()
                                    + " has no layer form: kernels belong to package dev.triptych.kernel");
                        };
                    }
                }
                """).toString();
    }

    private static String arguments(Kernel kernel) {
        var text = new StringBuilder();
        for (Argument a : kernel.arguments()) {
            if (a.isArray()) {
                text.append(", a.").append(a.type().equals("int[]") ? "integers" : "floats").append("(c.")
                        .append(a.name()).append("())");
            } else if (a.isSize()) {
                text.append(", c.").append(a.name()).append("()");
            }
        }
        text.append(", t.integers(), t.integer()");
        if (kernel.arguments().stream().anyMatch(Argument::isConstant)) {
            text.append(", t.numbers(), t.number()");
        }
        return text.toString();
    }
}
