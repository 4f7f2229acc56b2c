package dev.triptych.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelRulesTest {
    private static final String LOOP = "for (@Parallel int i = 0; i < n; i++) { y[y0 + i] = x[x0 + i]; }";

    private static KernelRules rules(String name, String member) {
        return new KernelRules(new Source("dev/triptych/kernel/" + name + ".java",
                "package dev.triptych.kernel;\npublic final class " + name + " {\n" + member + "\n}\n"));
    }

    private static String kernel(String body) {
        return "public static void copy(float[] x, int x0, float[] y, int y0, int n, float a) {" + body + "}";
    }

    @ParameterizedTest
    @ValueSource(strings = {LOOP,
            "int m = n / 2; final float b = a * 2f; " + "for (@Parallel int i = 0; i < m * (n + 1); i++) {}",
            "for (@Parallel int i = 0; i < n; i++) { if (x[x0 + i] == y[y0 + i] || x[i] <= 1f) { y[i]++; ++y[i]; } }"})
    void aKernelInOrderIsRead(String body) {
        KernelRules rules = rules("Copy", kernel(body));
        assertEquals(List.of(), rules.broken());
        assertEquals("copy", rules.kernels().getFirst().name());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "for (@Parallel int i = 1; i < n; i++) {} | then ONE loop",
            "for (int i = 0; i < n; i++) {} | then ONE loop",
            "for (@Parallel int i = 0; i <= n; i++) {} | and '<', not '<='",
            "for (@Parallel int i = 0; i < n; i++) {} int k = 0; | then ONE loop",
            "for (@Parallel int i = 0; i < n; i++) {} for (@Parallel int i = 0; i < n; i++) {} | then ONE loop",
            "y[y0] = 1f; | then ONE loop", "'' | then ONE loop",
            "for (@Parallel int i = 0; i < n; i++) {for (@Parallel int j = 0; j < n; j++) {}} | only the outer",
            "for (@Parallel int i = 0; i < n; i++) { return; } | no 'return'",
            "for (@Parallel int i = 0; i < (int) x[0]; i++) {} | bound is an expression of int parameters",
            "int m = (int) x[x0]; for (@Parallel int i = 0; i < m; i++) {} | without reading arrays",
            "for (@Parallel int i = 0; i < n; i++) { x[x0 + i] += 1f; } | also writes [x]",
            "for (@Parallel int i = 0; i < n; i++) { --x[x0 + i]; } | also writes [x]",
            "for (@Parallel int i = 0; i < n; i++) { int to = i; } | 'from' and 'to'",
            "for (@Parallel int i = 0; i < n; i++) { y[i] = (float) Math.exp(1.0); } | call Scalar",
            "for (@Parallel int i = 0; i < n; i++) { y[i] = i >>> 1; } | shift and mask",
            "for (@Parallel int i = 0; i < n; i++) { float[] t = new float[4]; } | allocate nothing",
            "for (@Parallel int i = 0; i < n; i++) { float[] t = {1f}; } | allocate nothing",
            "for (@Parallel int i = 0; i < n; i++) { throw null; } | throw nothing",
            "for (@Parallel int i = 0; i < x.length; i++) {} | sizes as int",
            "for (@Parallel int i = 0; i < n; i++) { copy(x, x0, y, y0, n, a); } | call themselves"})
    void aBrokenRuleIsNamed(String body, String rule) {
        KernelRules rules = rules("Copy", kernel(body));
        assertTrue(rules.broken().stream().anyMatch(line -> line.contains(rule)), () -> rule + " in " + rules.broken());
        assertTrue(rules.broken().getFirst().startsWith("dev/triptych/kernel/Copy.java:3: "),
                () -> "" + rules.broken());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "float[] y, int n | followed by its offset 'int y0'", "int n, float[] y, int y0 | before the sizes",
            "float[] y, int y0, boolean n | parameter 'boolean n'", "float[][] y, int y0, int n | one dimension",
            "float[] y, int y0, double a, int n | parameter 'double a'",
            "int n | no array: a kernel writes its last one", "float[] y, int y0, int n, int sizes | the typed call",
            "float[] y, int y0, int n, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l, "
                    + "int m | 16 parameters in the layer form"})
    void parametersAreArraysWithOffsetsThenScalars(String parameters, String rule) {
        KernelRules rules = rules("Fill", "public static void fill(" + parameters
                + ") { for (@Parallel int i = 0; i < n; i++) {} }");
        assertTrue(rules.broken().stream().anyMatch(line -> line.contains(rule)), () -> rule + " in " + rules.broken());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"private static float[] table; | static final",
            "private static float scale; | static final", "private static final float[] T = null; | no constant arrays",
            "static float half(float x) { return x; } | is private",
            "private static float h(float x) { if (x > 0f) { return x; } return 0f; } | one 'return'",
            "private float h(float x) { return x; } | are static",
            "public static void dot(float[] y, int y0, int n) { for (@Parallel int i = 0; i < n; i++) {} } | OpenCL"})
    void membersAreConstantsKernelsAndPrivateHelpers(String member, String rule) {
        KernelRules rules = rules("Some", member);
        assertTrue(rules.broken().stream().anyMatch(line -> line.contains(rule)), () -> rule + " in " + rules.broken());
    }

    @Test
    void optimizersMayWriteSeveralTensors() {
        String both = kernel("for (@Parallel int i = 0; i < n; i++) { x[x0 + i] = 0f; y[y0 + i] = 0f; }");
        assertEquals(List.of(), rules("Optimizer", both).broken());
        assertEquals(1, rules("Copy", both).broken().size());
    }

    @Test
    void scalarMayCallMath() {
        String root = "public static float root(float x) { return (float) Math.sqrt(x); }";
        assertEquals(List.of(), rules("Scalar", root).broken());
    }

    @Test
    void namesAreUniqueInThePackage() {
        List<String> clashes = KernelRules.clashes(List.of(rules("A", kernel(LOOP)), rules("B", kernel(LOOP))));
        assertEquals(1, clashes.size());
        assertTrue(clashes.getFirst().contains("taken by a kernel of dev/triptych/kernel/A.java"));
    }
}
