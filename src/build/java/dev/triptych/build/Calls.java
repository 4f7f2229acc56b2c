package dev.triptych.build;

import dev.triptych.build.Kernel.Argument;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Writes the typed calls of a file of kernels: `dev.triptych.program.call.KCalls` beside `dev.triptych.kernel.K`.
///
/// Every kernel `k(float[] x, int x0, float[] y, int y0, int n, float scale)` becomes a record
/// `K(Tensor x, Tensor y, int n, float scale)`, which is what a program holds, and a record of the kernel's own
/// parameters, `K.Bound(float[] x, int x0, ..)`, which is what a device runs: the kernel as it is written, and its
/// range form. So the compiler checks what an operation gives to a kernel, and a device takes it apart by pattern.
final class Calls {
    private static final String RECORD = """

                <comment>
                public record <Kernel>(<components>) implements Call {
                    /// Checks the tensors' arenas.
                    public <Kernel> {
            <checks>        }

                    @Override
                    public Kernel kernel() {
                        return new Kernel("<family>", "<kernel>");
                    }

                    @Override
                    public List<Tensor> tensors() {
                        return List.of(<tensors>);
                    }

                    @Override
                    public List<Tensor> written() {
                        return List.of(<written>);
                    }

                    @Override
                    public List<Integer> sizes() {
                        return List.of(<sizes>);
                    }

                    @Override
                    public List<Float> constants() {
                        return List.of(<constants>);
                    }

                    @Override
                    public <Kernel> with(UnaryOperator<Tensor> replace) {
                        return new <Kernel>(<replaced>);
                    }

                    @Override
                    public Bound bind(Arenas arenas) {
                        return new Bound(<bound>);
                    }

                    /// The call on arrays.
                    public record Bound(<parameters>) implements Call.Bound {
                        @Override
                        public void run() {
                            dev.triptych.kernel.<family>.<kernel>(<values>);
                        }

                        @Override
                        public int extent() {
                            return dev.triptych.kernel.range.<family>.<kernel>Extent(<values>);
                        }

                        @Override
                        public void run(int from, int to) {
                            dev.triptych.kernel.range.<family>.<kernel>(<values>, from, to);
                        }
                    }
                }
            """;

    private Calls() {
    }

    /// The path of the calls of a source, given its own.
    static String path(String source) {
        return source.replace("/kernel/", "/program/call/").replace(".java", "Calls.java");
    }

    /// The name of a kernel's record.
    static String type(Kernel kernel) {
        return Character.toUpperCase(kernel.name().charAt(0)) + kernel.name().substring(1);
    }

    /// The calls of a file of kernels.
    ///
    /// @param source its path
    static String of(String source, List<Kernel> kernels) {
        String family = source.replaceAll(".*/|\\.java", "");
        var text = new StringBuilder("""
                package dev.triptych.program.call; // generated from %s, do not edit

                import dev.triptych.program.Arenas;
                import dev.triptych.program.Call;
                import dev.triptych.program.Kernel;
                import dev.triptych.program.Tensor;
                import java.util.List;
                import java.util.function.UnaryOperator;

                /// Calls of the kernels of [dev.triptych.kernel.%s].
                public final class %sCalls {
                    private %sCalls() {
                    }
                """.formatted(source, family, family, family));
        kernels.forEach(kernel -> text.append(record(family, kernel)));
        return text.append("}\n").toString();
    }

    private static String record(String family, Kernel kernel) {
        List<Argument> all = kernel.arguments();
        List<Argument> tensors = all.stream().filter(Argument::isArray).toList();
        String values = list(all, a -> a.isArray() ? a.name() + ", " + a.name() + "0" : a.name());
        return RECORD.replace("<comment>", String.join("\n    ", kernel.comment()))
                .replace("<Kernel>", type(kernel)).replace("<family>", family).replace("<kernel>", kernel.name())
                .replace("<components>", list(all, a -> a.isArray() ? "Tensor " + a.name() : a.toString()))
                .replace("<checks>", checks(family + "." + kernel.name(), tensors))
                .replace("<tensors>", list(tensors, Argument::name))
                .replace("<written>", String.join(", ", kernel.written()))
                .replace("<sizes>", list(all.stream().filter(Argument::isSize).toList(), Argument::name))
                .replace("<constants>", list(all.stream().filter(Argument::isConstant).toList(), Argument::name))
                .replace("<replaced>", list(all, a -> a.isArray() ? "replace.apply(" + a.name() + ")" : a.name()))
                .replace("<bound>", list(all, a -> a.isArray() ? bound(a) : a.name()))
                .replace("<parameters>", list(all, a -> a.isArray() ? a + ", int " + a.name() + "0" : a.toString()))
                .replace("<values>", values);
    }

    private static String checks(String kernel, List<Argument> tensors) {
        return tensors.stream().map(t -> "            Call.expect" + (t.type().equals("int[]") ? "Integers" : "Numbers")
                + "(\"" + kernel + "\", \"" + t.name() + "\", " + t.name() + ");\n").collect(Collectors.joining());
    }

    private static String bound(Argument a) {
        return "arenas." + (a.type().equals("int[]") ? "integers(" : "floats(") + a.name() + "), arenas.offset("
                + a.name() + ")";
    }

    private static String list(List<Argument> arguments, Function<Argument, String> text) {
        return arguments.stream().map(text).collect(Collectors.joining(", "));
    }
}
