package dev.triptych.read;

import dev.triptych.report.Html;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The formulas of the pages of `docs` as MathML, which browsers draw without a script or a font of ours. What those
/// pages use of TeX is known here, and no more: anything else is an error.
final class TexMath {
    /// A space that MathML does not drop.
    private static final char NO_BREAK = '\u00a0';
    private static final Pattern TOKEN = Pattern.compile("\\\\([A-Za-z]+|.)|\\S");
    private static final Map<String, String> LETTERS = Map.ofEntries(Map.entry("alpha", "α"), Map.entry("beta", "β"),
            Map.entry("gamma", "γ"), Map.entry("epsilon", "ϵ"), Map.entry("varepsilon", "ε"), Map.entry("theta", "θ"),
            Map.entry("lambda", "λ"), Map.entry("mu", "μ"), Map.entry("pi", "π"), Map.entry("sigma", "σ"),
            Map.entry("tau", "τ"), Map.entry("phi", "ϕ"), Map.entry("varphi", "φ"), Map.entry("Phi", "Φ"),
            Map.entry("top", "⊤"), Map.entry("dots", "…"));
    private static final Map<String, String> OPERATORS = Map.ofEntries(Map.entry("leftarrow", "←"),
            Map.entry("rightarrow", "→"), Map.entry("le", "≤"), Map.entry("ge", "≥"), Map.entry("ne", "≠"),
            Map.entry("in", "∈"), Map.entry("sim", "∼"), Map.entry("cdot", "⋅"), Map.entry("times", "×"),
            Map.entry("odot", "⊙"), Map.entry("mid", "∣"), Map.entry("setminus", "∖"), Map.entry("approx", "≈"),
            Map.entry("langle", "⟨"), Map.entry("rangle", "⟩"), Map.entry("lfloor", "⌊"), Map.entry("rfloor", "⌋"),
            Map.entry("lceil", "⌈"), Map.entry("rceil", "⌉"), Map.entry("sum", "∑"), Map.entry("prod", "∏"),
            Map.entry("{", "{"), Map.entry("}", "}"), Map.entry("#", "#"), Map.entry("|", "‖"), Map.entry("%", "%"));
    private static final Map<String, String> SPACES = Map.of(",", "0.17em", " ", "0.33em", ";", "0.28em", "quad",
            "1em", "qquad", "2em");
    private static final Map<String, String> ACCENTS = Map.of("hat", "^", "bar", "¯", "tilde", "~");
    private static final Set<String> FUNCTIONS = Set.of("log", "exp", "sin", "cos", "det", "max", "min", "arg", "ln",
            "tr");
    /// What has its bounds below and above.
    private static final Set<String> WIDE = Set.of("sum", "prod", "max", "min");
    private static final Map<String, String> BOARD = Map.of("R", "ℝ", "E", "𝔼", "N", "ℕ", "1", "𝟙");
    private static final Map<String, String> SCRIPT = Map.of("L", "ℒ", "N", "𝒩", "U", "𝒰");

    private final String formula;
    private final Matcher tokens;
    private String token;
    private boolean wide;

    private TexMath(String formula) {
        this.formula = formula;
        tokens = TOKEN.matcher(formula);
        next();
    }

    /// A formula on a line of its own.
    ///
    /// @throws IllegalArgumentException if it uses what is not known here
    static String display(String formula) {
        return new TexMath(formula).math("<math display=\"block\">");
    }

    private String math(String opening) {
        String row = row(() -> token == null);
        return opening + row + "</math>";
    }

    private void next() {
        token = tokens.find() ? tokens.group() : null;
    }

    private String take() {
        String taken = token;
        if (taken == null) {
            throw problem("it ends too early");
        }
        next();
        return taken;
    }

    private IllegalArgumentException problem(String what) {
        return new IllegalArgumentException("Formula " + formula.strip() + ": " + what);
    }

    private String row(Supplier<Boolean> end) {
        var row = new StringBuilder("<mrow>");
        while (!end.get()) {
            row.append(scripted());
        }
        return row.append("</mrow>").toString();
    }

    private String scripted() {
        String base = atom();
        boolean bounds = wide;
        String below = null;
        var above = new StringBuilder();
        while ("_".equals(token) || "^".equals(token) || "'".equals(token)) {
            switch (take()) {
                case "_" -> below = argument();
                case "^" -> above.append(argument());
                default -> above.append("<mo>′</mo>");
            }
        }
        String up = above.isEmpty() ? null : "<mrow>" + above + "</mrow>";
        String kind = below != null && up != null
                ? bounds ? "munderover" : "msubsup"
                : below != null ? bounds ? "munder" : "msub" : bounds ? "mover" : "msup";
        return below == null && up == null
                ? base
                : "<" + kind + ">" + base + (below == null ? "" : below) + (up == null ? "" : up) + "</" + kind + ">";
    }

    /// One atom, or a group in braces. Of a number without braces it is the first digit: `\\tfrac12`.
    private String argument() {
        wide = false;
        String t = take();
        return Character.isDigit(t.charAt(0)) ? "<mn>" + t + "</mn>" : atom(t);
    }

    private String atom() {
        wide = false;
        int from = token == null ? 0 : tokens.start();
        String t = take();
        if (!Character.isDigit(t.charAt(0))) {
            return atom(t);
        }
        int to = from + t.length();
        while (to < formula.length() && (Character.isDigit(formula.charAt(to)) || formula.charAt(to) == '.'
                && to + 1 < formula.length() && Character.isDigit(formula.charAt(to + 1)))) {
            to++;
        }
        tokens.region(to, formula.length());
        next();
        return "<mn>" + formula.substring(from, to) + "</mn>";
    }

    private String atom(String t) {
        if (t.equals("{")) {
            String row = row(() -> "}".equals(token));
            next();
            wide = false;
            return row;
        }
        if (t.startsWith("\\")) {
            return command(t.substring(1));
        }
        return Character.isLetter(t.charAt(0)) ? "<mi>" + t + "</mi>" : operator(t.equals("-") ? "−" : t, false);
    }

    private static String operator(String text, boolean fence) {
        String kind = fence
                ? " fence=\"true\" stretchy=\"true\""
                : text.equals("|") ? " stretchy=\"false\" lspace=\"0\" rspace=\"0\"" : " stretchy=\"false\"";
        return "<mo" + kind + ">" + Html.text(text) + "</mo>";
    }

    private String command(String name) {
        if (LETTERS.containsKey(name)) {
            return "<mi>" + LETTERS.get(name) + "</mi>";
        }
        if (FUNCTIONS.contains(name)) {
            wide = WIDE.contains(name);
            return "<mi>" + name + "</mi>";
        }
        if (OPERATORS.containsKey(name)) {
            wide = WIDE.contains(name);
            return wide ? "<mo>" + OPERATORS.get(name) + "</mo>" : operator(OPERATORS.get(name), false);
        }
        if (SPACES.containsKey(name)) {
            return "<mspace width=\"" + SPACES.get(name) + "\" />";
        }
        if (ACCENTS.containsKey(name)) {
            String under = argument();
            wide = false;
            return "<mover accent=\"true\">" + under + "<mo stretchy=\"false\">" + ACCENTS.get(name) + "</mo></mover>";
        }
        return switch (name) {
            case "frac", "tfrac" -> {
                String above = argument();
                String below = argument();
                wide = false;
                yield "<mfrac>" + above + below + "</mfrac>";
            }
            case "sqrt" -> "<msqrt>" + argument() + "</msqrt>";
            case "mathrm", "text" -> "<mi mathvariant=\"normal\">" + Html.text(words()) + "</mi>";
            case "mathrel" -> operator(words(), false);
            case "mathbf" -> "<mi style=\"font-weight:bold\">" + words() + "</mi>";
            case "mathbb" -> "<mi>" + letter(BOARD) + "</mi>";
            case "mathcal" -> "<mi>" + letter(SCRIPT) + "</mi>";
            case "big" -> operator(fence(), false);
            case "left" -> {
                String open = operator(fence(), true);
                String inside = row(() -> "\\right".equals(token));
                next();
                String close = operator(fence(), true);
                wide = false;
                yield "<mrow>" + open + inside + close + "</mrow>";
            }
            case "begin" -> cases();
            default -> throw problem("\\" + name + " is not known to TexMath");
        };
    }

    private String letter(Map<String, String> alphabet) {
        String letter = words();
        if (!alphabet.containsKey(letter)) {
            throw problem("the letter " + letter + " is not known to TexMath");
        }
        return alphabet.get(letter);
    }

    private String fence() {
        String t = take();
        String name = t.startsWith("\\") ? t.substring(1) : t;
        return OPERATORS.getOrDefault(t.startsWith("\\") ? name : "", name);
    }

    /// The text of a group in braces.
    private String words() {
        int from = tokens.end();
        if (!"{".equals(token)) {
            throw problem("a group in braces is missing");
        }
        int to = formula.indexOf('}', from);
        tokens.region(to + 1, formula.length());
        next();
        return formula.substring(from, to).replace("\\ ", " ").replace(' ', NO_BREAK);
    }

    private String cases() {
        if (!words().equals("cases")) {
            throw problem("\\begin is known for cases alone");
        }
        var table = new StringBuilder("<mrow><mo fence=\"true\" stretchy=\"true\">{</mo><mtable columnalign=\"left\">");
        while (!"\\end".equals(token)) {
            table.append("<mtr><mtd>").append(row(() -> "&".equals(token))).append("</mtd><mtd>");
            next();
            table.append(row(() -> "\\\\".equals(token) || "\\end".equals(token))).append("</mtd></mtr>");
            if ("\\\\".equals(token)) {
                next();
            }
        }
        next();
        words();
        return table.append("</mtable></mrow>").toString();
    }
}
