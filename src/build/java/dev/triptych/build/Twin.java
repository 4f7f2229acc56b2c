package dev.triptych.build;

import dev.triptych.build.Source.Kind;
import dev.triptych.build.Source.Token;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Rewrites a source file from float to double: the float64 twin, on which gradients are checked.
///
/// The twin of package `dev.triptych.X` is `dev.triptych.twin.X`. Comments and strings stay as they are.
///
/// | in the source | in the twin |
/// |---|---|
/// | `float`, `Float` | `double`, `Double` |
/// | `0.5f`, `1f`, `1e-7f` | `0.5`, `1.0`, `1e-7` |
/// | `floatValue`, `parseFloat` | `doubleValue`, `parseDouble` |
/// | `dev.triptych.nn.Linear` | `dev.triptych.twin.nn.Linear`, if its package or file has a twin |
/// | `@Parallel` and its import | nothing |
///
/// Every other name stays, whether it contains "float" or not.
final class Twin {
    /// The packages that have a twin as a whole, with their sub-packages where [#SUB_PACKAGES] does not say otherwise.
    static final List<String> ROOTS = List.of("kernel", "program", "device", "nn", "encoder", "factorization",
            "teacher", "alignment", "channel", "echo", "decoder", "tokenizer", "trial", "check");

    /// Of these packages only the listed sub-packages have a twin.
    private static final Map<String, Set<String>> SUB_PACKAGES = Map.of("device", Set.of("device.plain"), "kernel",
            Set.of("kernel.range"), "check", Set.of("check.vectors", "check.live"));

    private static final Map<String, String> NAMES = Map.of("float", "double", "Float", "Double", "floatValue",
            "doubleValue", "parseFloat", "parseDouble");

    private Twin() {
    }

    /// A file of another package that has a twin, such as a method's objective, is marked `@Twinned`.
    private static final Pattern MARK = Pattern.compile("(?m)^@Twinned$");

    /// Whether a source file asks for a twin of its own.
    static boolean isMarked(String text) {
        return MARK.matcher(text).find();
    }

    /// Whether a package, named below `dev.triptych` (as `device.plain`), has a twin.
    static boolean covers(String packageName) {
        String root = packageName.split("\\.", 2)[0];
        return ROOTS.contains(root) && (packageName.equals(root) || !SUB_PACKAGES.containsKey(root)
                || SUB_PACKAGES.get(root).contains(packageName));
    }

    /// The twin of a source file that knows no marked ones.
    static String of(String name, String text) {
        return of(name, text, Set.of());
    }

    /// The twin of a source file.
    ///
    /// @param marked the marked types, named below `dev.triptych` (as `stellar.Stellar`)
    static String of(String name, String text, Set<String> marked) {
        Source source = new Source(name, text);
        List<Token> code = source.code();
        for (int i = 0; i < code.size(); i++) {
            Token token = code.get(i);
            if (token.kind() == Kind.NUMBER) {
                source.replace(token, number(token.text()));
            } else if (token.kind() == Kind.WORD) {
                source.replace(token, NAMES.getOrDefault(token.text(), token.text()));
            }
            if (Source.matches(code, i, "dev", ".", "triptych", ".") && !Source.matches(code, i - 1, ".")
                    && (Source.matches(code, i - 1, "package") || hasTwin(code, i + 4, marked))) {
                source.append(code.get(i + 3), "twin.");
            }
        }
        suppressCastWarnings(source, code);
        source.dropParallel();
        int end = Source.indexOf(code, Source.indexOf(code, 0, "package"), ";");
        // a form of kernels says already what it comes from, and imports on the same line
        if (end < code.size() && !text.contains(" // generated from ")) {
            source.append(code.get(end), " // generated from " + name + ", do not edit");
        }
        return source.text();
    }

    /// A float literal as a double literal; every other number as it is.
    static String number(String text) {
        boolean hex = text.startsWith("0x") || text.startsWith("0X");
        boolean isFloat = (text.endsWith("f") || text.endsWith("F")) && (!hex || text.matches("(?i).*p.*"));
        if (!isFloat) {
            return text;
        }
        String digits = text.substring(0, text.length() - 1);
        return digits.matches("[0-9_]+") ? digits + ".0" : digits;
    }

    /// Whether the qualified name that goes on at `at`, with the leading segments of its package in lower case, has a
    /// twin.
    private static boolean hasTwin(List<Token> code, int at, Set<String> marked) {
        StringBuilder name = new StringBuilder();
        for (int i = at; i < code.size() && code.get(i).kind() == Kind.WORD; i += 2) {
            if (!Character.isLowerCase(code.get(i).text().charAt(0))) {
                return covers(name.toString()) || marked.contains(name + "." + code.get(i).text());
            }
            name.append(name.isEmpty() ? "" : ".").append(code.get(i).text());
            if (!Source.matches(code, i + 1, ".")) {
                break;
            }
        }
        return covers(name.toString());
    }

    /// `(float) x` becomes `(double) x`, often of a double already, of which `-Xlint:cast` would complain: every
    /// top-level type gets `@SuppressWarnings("cast")`, joined to the one that it has.
    private static void suppressCastWarnings(Source source, List<Token> code) {
        int start = 0;
        boolean inType = false;
        for (int i = 0; i < code.size(); i++) {
            Token token = code.get(i);
            inType |= isTypeKeyword(code, i);
            if (token.is("{")) {
                if (inType) {
                    annotate(source, code.subList(start, i));
                }
                i = Source.closing(code, i);
                start = i + 1;
                inType = false;
            } else if (token.is("(")) {
                i = Source.closing(code, i);
            } else if (token.is(";")) {
                start = i + 1;
            }
        }
    }

    private static boolean isTypeKeyword(List<Token> code, int at) {
        boolean keyword = Set.of("class", "interface", "enum", "record").contains(code.get(at).text());
        return keyword && code.get(at).kind() == Kind.WORD && !Source.matches(code, at - 1, ".");
    }

    private static void annotate(Source source, List<Token> head) {
        for (int i = 0; i + 1 < head.size(); i++) {
            if (Source.matches(head, i, "@", "SuppressWarnings", "(")) {
                int end = Source.closing(head, i + 2);
                boolean several = head.get(end - 1).is("}");
                source.prepend(head.get(several ? end - 1 : end), several ? ", \"cast\"" : ", \"cast\"}");
                source.append(head.get(i + 2), several ? "" : "{");
                return;
            }
        }
        source.prepend(head.get(0), "@SuppressWarnings(\"cast\") ");
    }
}
