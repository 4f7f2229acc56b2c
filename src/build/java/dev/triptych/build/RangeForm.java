package dev.triptych.build;

import dev.triptych.build.Source.Token;
import java.util.List;

/// Writes the range form of a file of kernels: `dev.triptych.kernel.range.K` beside `dev.triptych.kernel.K`.
///
/// Every kernel `k(..)` becomes two methods:
///
/// * `k(.., int from, int to)`, whose outer loop runs from `from` up to `to`, so that threads can share one launch and
///   give the very bits that one thread gives;
/// * `int kExtent(..)`, the bound of the outer loop.
///
/// Helpers and constants of the file are carried along as they are.
final class RangeForm {
    private RangeForm() {
    }

    /// The range form of a source whose kernels were read by [KernelRules] and found in order.
    static String of(Source source, List<Kernel> kernels) {
        for (Kernel kernel : kernels) {
            source.prepend(kernel.close(), kernel.parameters().isEmpty() ? "int from, int to" : ", int from, int to");
            source.replace(kernel.start(), "from");
            kernel.bound().forEach(token -> source.replace(token, ""));
            source.replace(kernel.bound().getFirst(), "to");
            source.append(kernel.end(), " public static int " + kernel.name() + "Extent("
                    + Source.line(kernel.parameters()) + ") { " + Source.line(kernel.prelude()) + " return "
                    + Source.line(kernel.bound()) + "; }");
        }
        source.dropParallel();
        List<Token> code = source.code();
        int end = Source.indexOf(code, Source.indexOf(code, 0, "package"), ";");
        source.append(code.get(end - 1), ".range");
        if (code.stream().anyMatch(t -> t.is(KernelRules.SCALAR))) {
            source.append(code.get(end), " import dev.triptych.kernel." + KernelRules.SCALAR + ";");
        }
        source.append(code.get(end), " // generated from " + source.name() + ", do not edit");
        return source.text();
    }
}
