package dev.triptych.build;

import dev.triptych.build.Kernel.Argument;
import dev.triptych.build.Source.Token;
import java.util.ArrayList;
import java.util.List;

/// Writes the layer form of a file of kernels: `dev.triptych.kernel.layer.K` beside `dev.triptych.kernel.K`.
///
/// Every kernel `k(float[] x, int x0, float[] y, int y0, int n, float scale)` becomes
/// `k(float[] x, float[] y, int n, int[] layer, int layer0, float[] number, int number0)`, which reads its offsets,
/// `x0` and `y0`, from `layer[layer0]` on, and its constants from `number[number0]` on. Without constants the last two
/// parameters are left out. TornadoVM compiles numbers into the device's code, but not what lies in an array: a graph
/// of such tasks serves every layer of a model, with other tables each time. Sizes stay parameters, since the device
/// must know them before it launches.
///
/// The number of a launch, an `int` parameter of the name `launch`, is read behind the offsets.
final class LayerForm {
    private LayerForm() {
    }

    /// The layer form of a source whose kernels were read by [KernelRules] and found in order.
    static String of(Source source, List<Kernel> kernels) {
        List<Token> code = source.code();
        for (Kernel kernel : kernels) {
            write(source, code, kernel);
        }
        int end = Source.indexOf(code, Source.indexOf(code, 0, "package"), ";");
        source.append(code.get(end - 1), ".layer");
        if (code.stream().anyMatch(t -> t.is(KernelRules.SCALAR))) {
            source.append(code.get(end), " import dev.triptych.kernel." + KernelRules.SCALAR + ";");
        }
        source.append(code.get(end), " // generated from " + source.name() + ", do not edit");
        return source.text();
    }

    private static void write(Source source, List<Token> code, Kernel kernel) {
        List<Token> parameters = kernel.parameters();
        List<String> integers = new ArrayList<>();
        List<String> numbers = new ArrayList<>();
        int at = 0;
        for (Argument a : kernel.arguments()) {
            int end = Source.indexOf(parameters, at, ",");
            int next = a.isArray() ? Source.indexOf(parameters, end + 1, ",") : end;
            if (a.isArray()) {
                integers.add(a.name() + "0");
                parameters.subList(end, next).forEach(token -> source.replace(token, ""));
            } else if (!a.isSize()) {
                (a.isConstant() ? numbers : integers).add(a.name());
                parameters.subList(at - 1, next).forEach(token -> source.replace(token, ""));
            }
            at = next + 1;
        }
        source.prepend(kernel.close(), ", int[] layer, int layer0"
                + (numbers.isEmpty() ? "" : ", float[] number, int number0"));
        Token open = code.get(code.indexOf(kernel.close()) + 1);
        read(source, open, "int", integers, "layer");
        read(source, open, "float", numbers, "number");
    }

    private static void read(Source source, Token open, String type, List<String> names, String table) {
        for (int i = 0; i < names.size(); i++) {
            source.append(open, " " + type + " " + names.get(i) + " = " + table + "[" + table + "0"
                    + (i == 0 ? "" : " + " + i) + "];");
        }
    }
}
