package dev.triptych.build;

import dev.triptych.build.Source.Kind;
import dev.triptych.build.Source.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads the kernels of a source file and holds them to the conventions.
///
/// A kernel has to run as written in Java, over a range of its loop on any number of threads, and as a TornadoVM task.
/// The last is the strictest: some of what Java allows is refused there, some is computed wrongly without a word.
/// Every rule broken becomes one line `file:line: kernel: rule`.
final class KernelRules {
    /// The file of scalar functions: the one place that may call `Math`, and that holds no kernels.
    static final String SCALAR = "Scalar";

    /// Optimizer kernels update a parameter together with its moments: classes of this name write several tensors.
    static final String SEVERAL_OUTPUTS = "Optimizer";

    /// What a task takes in the TornadoVM API that the build has; the layer form is what becomes a task.
    static final int MAX_ARGUMENTS = 15;

    private static final Map<String, String> FORBIDDEN_WORDS = Map.of( //
            "throw", "kernels throw nothing", //
            "try", "kernels throw nothing", //
            "new", "kernels allocate nothing", //
            "synchronized", "kernels take no locks", //
            "boolean", "TornadoVM refuses boolean: use int 0 or 1", //
            "StrictMath", "call Scalar instead", //
            "TornadoMath", "call Scalar instead", //
            "floatToRawIntBits", "TornadoVM refuses bit casts", //
            "intBitsToFloat", "TornadoVM refuses bit casts");

    /// Names of OpenCL's functions and types: a kernel called so does not compile there.
    private static final Set<String> OPENCL = Set.copyOf(Arrays.asList(("acos acosh asin asinh atan atan2 atanh all "
            + "any barrier bitselect cbrt ceil clamp clz copysign cos cosh cospi cross degrees distance dot erf erfc "
            + "exp exp10 exp2 expm1 fabs fdim floor fma fmax fmin fmod fract frexp half hadd hypot ilogb image2d_t "
            + "isequal isfinite isinf isnan isnormal ldexp length lgamma log log10 log1p log2 logb mad mad24 mad_hi "
            + "max maxmag min minmag mix modf mul24 mul_hi nan nextafter normalize popcount pow pown powr prefetch "
            + "radians remainder remquo rhadd rint rootn rotate round rsqrt sampler_t select shuffle shuffle2 sign "
            + "signbit sin sincos sinh sinpi smoothstep sqrt step tan tanh tanpi tgamma trunc upsample vload vstore "
            + "kernel global local constant private uint uchar ushort ulong size_t").split(" ")));

    /// Parameters that the layer form adds.
    private static final Set<String> LAYER_FORM = Set.of("layer", "layer0", "number", "number0");

    /// Methods and variables of the typed call, beside those of every object.
    private static final Set<String> CALL = Set.of("kernel", "tensors", "written", "sizes", "constants", "with", "bind",
            "run", "extent", "arenas", "replace", "clone", "finalize", "getClass", "hashCode", "notify", "notifyAll",
            "toString", "wait");

    private final Source source;
    private final List<Token> code;
    private final String type;
    private final List<Kernel> kernels = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();

    /// @param source the file; its type's name is taken from the file's name
    KernelRules(Source source) {
        this.source = source;
        code = source.code();
        type = source.name().replaceAll(".*/", "").replace(".java", "");
        checkWords();
        checkMembers();
    }

    /// The kernels of the file, those that break a rule so badly that they cannot be read left out.
    List<Kernel> kernels() {
        return List.copyOf(kernels);
    }

    /// The rules broken, one line each.
    List<String> broken() {
        return List.copyOf(broken);
    }

    /// Checks what only shows with all files at hand: a kernel's name is unique in the package.
    static List<String> clashes(List<KernelRules> files) {
        Map<String, String> owners = new LinkedHashMap<>();
        List<String> broken = new ArrayList<>();
        for (KernelRules file : files) {
            for (Kernel kernel : file.kernels) {
                String other = owners.putIfAbsent(kernel.name(), file.source.name());
                if (other != null) {
                    broken.add(file.message(kernel.close(), kernel.name(), "its name is taken by a kernel of " + other
                            + ": kernel names are unique in the package"));
                }
            }
        }
        return broken;
    }

    private void checkWords() {
        for (int i = 0; i < code.size(); i++) {
            Token token = code.get(i);
            String rule = token.kind() == Kind.WORD ? FORBIDDEN_WORDS.get(token.text()) : null;
            if (rule != null) {
                broken.add(message(token, type, "'" + token.text() + "': " + rule));
            }
            boolean scalar = type.equals(SCALAR);
            if (!scalar && token.is("Math")) {
                broken.add(message(token, type, "'Math' goes through double on a device: call Scalar instead"));
            }
            if (scalar && token.is("double")) {
                broken.add(message(token, type, "'double': scalar functions stay in float"));
            }
            if (Source.matches(code, i, ".", "length")) {
                broken.add(message(token, type, "'.length': arrays are arenas, pass sizes as int"));
            }
            if (Source.matches(code, i, ">", ">", ">")) {
                broken.add(message(token, type, "'>>>' is compiled as '>>': shift and mask instead"));
            }
            if (Source.matches(code, i, "-", ">") || Source.matches(code, i, ":", ":")) {
                broken.add(message(token, type, "no lambdas and no switch expressions in kernels"));
            }
            if (Source.matches(code, i, "=", "{")) {
                broken.add(message(token, type, "kernels allocate nothing, and have no constant arrays"));
            }
            if (Source.matches(code, i, "[", "]", "[")) {
                broken.add(message(token, type, "arrays have one dimension"));
            }
        }
    }

    /// Walks the members of the top-level type: fields must be constants, methods are kernels or helpers.
    private void checkMembers() {
        int i = Source.indexOf(code, 0, "{") + 1;
        while (i < code.size() && !code.get(i).is("}")) {
            int start = i;
            while (i < code.size() && !List.of("(", "=", ";", "{").contains(code.get(i).text())) {
                i++;
                if (Source.matches(code, i - 1, "@") && Source.matches(code, i + 1, "(")) {
                    i = Source.closing(code, i + 1) + 1;
                    start = i;
                }
            }
            if (i >= code.size()) {
                return;
            }
            List<Token> head = code.subList(start, i);
            if (code.get(i).is("(")) {
                int close = Source.closing(code, i);
                int open = Source.indexOf(code, close, "{");
                int end = Source.closing(code, open);
                checkMethod(head, i, close, open, end);
                i = end + 1;
            } else {
                checkField(head);
                boolean block = code.get(i).is("{");
                i = (block ? Source.closing(code, i) : Source.indexOf(code, i, ";")) + 1;
            }
        }
    }

    private void checkField(List<Token> head) {
        boolean isType = head.stream().anyMatch(t -> t.is("class") || t.is("record") || t.is("enum"));
        if (isType || head.isEmpty()) {
            return;
        }
        String name = head.getLast().text();
        if (!has(head, "static") || !has(head, "final")) {
            broken.add(message(head.getFirst(), name, "fields are 'static final': others are frozen at compile time"));
        }
        if (has(head, "[")) {
            broken.add(message(head.getFirst(), name, "no constant arrays: TornadoVM refuses them"));
        }
    }

    private void checkMethod(List<Token> head, int open, int close, int bodyOpen, int bodyEnd) {
        String name = head.getLast().text();
        List<Token> body = code.subList(bodyOpen + 1, Math.min(bodyEnd, code.size()));
        if (name.equals(type)) {
            return;
        }
        for (int i = 0; i < body.size(); i++) {
            if (body.get(i).is(name) && Source.matches(body, i + 1, "(") && !Source.matches(body, i - 1, ".")) {
                broken.add(message(body.get(i), name, "kernels and helpers do not call themselves"));
            }
        }
        if (!has(head, "static")) {
            broken.add(message(head.getFirst(), name, "kernels and helpers are static"));
        } else if (has(head, "public") && has(head, "void")) {
            readKernel(name, source.commentBefore(head.getFirst()), code.subList(open + 1, close), code.get(close),
                    body, code.get(bodyEnd));
        } else {
            if (body.stream().filter(t -> t.is("return")).count() > 1) {
                broken.add(message(head.getFirst(), name, "a helper has one 'return': several are compiled wrongly"));
            }
            if (!has(head, "private") && !type.equals(SCALAR)) {
                broken.add(message(head.getFirst(), name, "what is not a kernel (public static void) is private"));
            }
        }
    }

    private void readKernel(String name, List<String> comment, List<Token> parameters, Token close, List<Token> body,
            Token end) {
        int before = broken.size();
        Set<String> scalars = new HashSet<>();
        List<String> arrays = checkParameters(name, parameters, close, scalars);
        if (OPENCL.contains(name)) {
            broken.add(message(close, name, "the name is one of OpenCL's: choose another"));
        }
        int loop = Source.indexOf(body, 0, "for");
        List<Token> prelude = body.subList(0, loop);
        checkPrelude(name, prelude, scalars);
        boolean header = Source.matches(body, loop, "for", "(", "@", "Parallel", "int") && loop + 14 < body.size();
        String index = header ? body.get(loop + 5).text() : "";
        int semicolon = Source.indexOf(body, Math.min(loop + 9, body.size()), ";");
        if (!header || !Source.matches(body, loop + 6, "=", "0", ";", index, "<")
                || !Source.matches(body, semicolon, ";", index, "+", "+", ")", "{")
                || Source.closing(body, semicolon + 5) != body.size() - 1) {
            broken.add(message(close, name, "the body is local constants and then ONE loop, nothing behind it: "
                    + "for (@Parallel int i = 0; i < n; i++) { ... }"));
            return;
        }
        List<Token> bound = body.subList(loop + 11, semicolon);
        for (Token token : bound) {
            boolean known = token.kind() == Kind.WORD
                    ? scalars.contains(token.text())
                    : token.kind() == Kind.NUMBER || "+-*/%()".contains(token.text());
            if (!known) {
                broken.add(message(token, name, "the loop's bound is an expression of int parameters and of constants "
                        + "before the loop (and '<', not '<='); found '" + token.text() + "'"));
            }
        }
        List<Token> inner = body.subList(semicolon + 5, body.size());
        for (Token token : inner) {
            if (token.is("Parallel")) {
                broken.add(message(token, name, "only the outer loop is @Parallel"));
            } else if (token.is("return")) {
                broken.add(message(token, name, "no 'return' in a kernel"));
            }
        }
        for (Token token : Stream.concat(parameters.stream(), body.stream()).toList()) {
            if (token.is("from") || token.is("to")) {
                broken.add(message(token, name, "the names 'from' and 'to' belong to the range form"));
            } else if (LAYER_FORM.contains(token.text())) {
                broken.add(message(token, name, "the name '" + token.text() + "' belongs to the layer form"));
            }
        }
        List<String> written = checkOutputs(name, inner, arrays);
        var kernel = new Kernel(name, comment, parameters, close, prelude, body.get(loop + 7), bound, written, end);
        if (broken.size() == before) {
            checkForms(kernel);
        }
        if (broken.size() == before) {
            kernels.add(kernel);
        }
    }

    /// What the generated forms of a kernel ask of its parameters.
    private void checkForms(Kernel kernel) {
        int tables = kernel.arguments().stream().anyMatch(Kernel.Argument::isConstant) ? 4 : 2;
        long task = kernel.arguments().stream().filter(a -> a.isArray() || a.isSize()).count() + tables;
        if (task > MAX_ARGUMENTS) {
            broken.add(message(kernel.close(), kernel.name(), task + " parameters in the layer form (arrays, sizes, "
                    + tables + " for tables): a TornadoVM task takes " + MAX_ARGUMENTS));
        }
        for (Kernel.Argument argument : kernel.arguments()) {
            if (CALL.contains(argument.name())) {
                broken.add(message(kernel.close(), kernel.name(), "the name '" + argument.name()
                        + "' belongs to the typed call"));
            }
        }
    }

    /// Arrays with their offsets first, then sizes and constants. Adds the scalars' names to `scalars`.
    private List<String> checkParameters(String name, List<Token> parameters, Token close, Set<String> scalars) {
        String text = parameters.stream().filter(t -> !t.is("final")).map(Token::text)
                .collect(Collectors.joining(" ")).replace(" [ ]", "[]");
        String[] each = text.isEmpty() ? new String[0] : text.split(" , ");
        List<String> arrays = new ArrayList<>();
        for (int i = 0; i < each.length; i++) {
            String parameter = each[i];
            String id = parameter.replaceAll(".* ", "");
            if (parameter.matches("(float|int)\\[\\] \\w+")) {
                arrays.add(id);
                if (i + 1 == each.length || !each[i + 1].equals("int " + id + "0")) {
                    broken.add(message(close, name, "array '" + id + "' must be followed by its offset 'int " + id
                            + "0'"));
                }
                if (i != 2 * (arrays.size() - 1)) {
                    broken.add(message(close, name, "array '" + id + "' must come before the sizes and constants"));
                }
            } else if (parameter.matches("(float|int) \\w+")) {
                scalars.add(id);
            } else {
                broken.add(message(close, name, "parameter '" + parameter
                        + "': parameters are float[] x, int x0 (or int[]), then int and float"));
            }
        }
        if (arrays.isEmpty()) {
            broken.add(message(close, name, "no array: a kernel writes its last one"));
        }
        return arrays;
    }

    /// Before the loop stand local constants computed from parameters; their names are added to `scalars`.
    private void checkPrelude(String name, List<Token> prelude, Set<String> scalars) {
        int i = 0;
        while (i < prelude.size()) {
            int end = Source.indexOf(prelude, i, ";");
            int at = Source.matches(prelude, i, "final") ? i + 1 : i;
            boolean constant = (Source.matches(prelude, at, "int") || Source.matches(prelude, at, "float"))
                    && Source.matches(prelude, at + 2, "=");
            if (!constant || has(prelude.subList(i, Math.min(end, prelude.size())), "[")) {
                broken.add(message(prelude.get(i), name, "before the loop stand only local int or float constants "
                        + "computed from parameters, without reading arrays"));
                return;
            }
            scalars.add(prelude.get(at + 1).text());
            i = end + 1;
        }
    }

    /// A kernel writes its last array parameter and no other. Returns what it writes, in the parameters' order.
    private List<String> checkOutputs(String name, List<Token> inner, List<String> arrays) {
        Set<String> written = new HashSet<>();
        for (int i = 0; i < inner.size(); i++) {
            if (arrays.contains(inner.get(i).text()) && Source.matches(inner, i + 1, "[")) {
                int after = Source.closing(inner, i + 1) + 1;
                String next = Source.line(inner.subList(after, Math.min(after + 3, inner.size()))).replace(" ", "");
                boolean assigned = next.matches("(?s)(=[^=]|[-+*/%&|^]=|<<=|>>=|\\+\\+|--).*");
                if (assigned || Source.matches(inner, i - 2, "+", "+") || Source.matches(inner, i - 2, "-", "-")) {
                    written.add(inner.get(i).text());
                }
            }
        }
        List<String> all = arrays.stream().filter(a -> written.contains(a) || a.equals(arrays.getLast())).toList();
        written.removeAll(arrays.isEmpty() ? List.of() : List.of(arrays.getLast()));
        if (!written.isEmpty() && !type.startsWith(SEVERAL_OUTPUTS)) {
            broken.add(message(inner.getFirst(), name, "a kernel writes its last array only (" + SEVERAL_OUTPUTS
                    + "* excepted); it also writes " + written));
        }
        return all;
    }

    private static boolean has(List<Token> tokens, String text) {
        return tokens.stream().anyMatch(t -> t.is(text));
    }

    private String message(Token at, String kernel, String rule) {
        return source.name() + ":" + at.line() + ": " + kernel + ": " + rule;
    }
}
