package dev.triptych.device.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules of kernels for graphics cards, read from their sources: their classes need TornadoVM.
class GroupSourcesTest {
    private static final Path FOLDER = Path.of("src/main/java/dev/triptych/device/tornado");
    private static final Pattern METHOD = Pattern.compile("(public|private) static \\w+ (\\w+)\\(([^)]*)\\)");
    private static final List<String> FILES = List.of("GroupKernels.java", "GroupAttention.java", "GroupProducts.java",
            "GroupTiledAttention.java", "GroupTiledGradient.java", "GroupNorms.java", "Replay.java");
    private static final Pattern TAKEN = Pattern.compile("(?:Group\\w+|Replay)::(\\w+)");

    private static Set<String> methods(String visibility, String parameter) throws IOException {
        var found = new TreeSet<String>();
        for (String file : FILES) {
            METHOD.matcher(Files.readString(FOLDER.resolve(file))).results()
                    .filter(m -> m.group(1).equals(visibility) && m.group(3).contains(parameter))
                    .forEach(m -> found.add(m.group(2)));
        }
        return found;
    }

    /// Handed to a helper, a local array is addressed beyond its end; the results are right by chance.
    @Test
    void noHelperTakesAnArray() throws IOException {
        assertEquals(Set.of(), methods("private", "[]"));
    }

    @Test
    void everyVersionIsTaken() throws IOException {
        var taken = new TreeSet<String>();
        for (String file : List.of("Versions.java", "ProductTasks.java", "AttentionTasks.java", "NormTasks.java",
                "Graphs.java")) {
            TAKEN.matcher(Files.readString(FOLDER.resolve(file))).results().forEach(m -> taken.add(m.group(1)));
        }
        assertEquals(methods("public", "KernelContext context"), taken);
    }

    /// TornadoVM's compiler runs Graal's phase FixReads and, unlike Graal, nothing behind it that removes a branch.
    /// That phase knows the ranges that conditions around a place give to numbers, and with the sizes filled in it
    /// finds conditions which always hold: a choice between values goes, an `if` stays with a constant, which ends the
    /// compilation with "logic node (class=LogicConstantNode)".
    @ParameterizedTest
    @ValueSource(strings = {"GroupKernels.java", "GroupAttention.java", "GroupProducts.java",
            "GroupTiledAttention.java", "GroupTiledGradient.java", "GroupNorms.java", "Replay.java"})
    void noConditionMayTurnOutConstantLate(String file) throws IOException {
        assertEquals(List.of(), new Conditions(Files.readString(FOLDER.resolve(file))).broken);
    }

    /// TornadoVM 5.2.0 refuses the first three for k = 64, and compiles them for k = 15.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "LOOP { if (below(i / 32, k) == 1) { y[i] = x[i]; } } | if in a loop or if: (below(i / 32, k) == 1)",
            "LOOP { float v = x[i]; y[i] = i / 32 < k ? v : 0f; } | i / 32 < k ? v : 0.0F",
            "LOOP { y[i] = x[i] * (i / 32 < k ? 1f : 0f); } | i / 32 < k ? 1.0F : 0.0F",
            "if (lane < n && lane < k) { y[lane] = 1f; } | lane < n && lane < k",
            "if (lane < n) { if (lane + 1 < n) { y[lane] = 1f; } } | if in a loop or if: (lane + 1 < n)",
            "int i = lane; do { y[i] = i / 32 < k ? x[i] : 0f; i += 256; } while (i < 512); | i / 32 < k ? x[i]"})
    void whatMayTurnOutConstantIsFound(String body, String expected) throws IOException {
        List<String> broken = new Conditions(kernel(body)).broken;
        assertEquals(1, broken.size(), broken::toString);
        assertEquals(expected, broken.getFirst().substring(0, expected.length()));
    }

    /// A helper is inlined where it is called, in loops with numbers that are no sizes.
    @Test
    void whatMayTurnOutConstantIsFoundInHelpers() throws IOException {
        assertEquals(List.of("i < k ? v : 0.0F"), new Conditions("class K { private static float pick(int i, int k, "
                + "float v) { return i < k ? v : 0f; } }").broken);
        assertEquals(List.of("if in a loop or if: (i < k)"), new Conditions("class K { private static int pick(int i, "
                + "int k) { if (i < k) { return 1; } return 0; } }").broken);
        assertEquals(List.of(), new Conditions("class K { private static int below(int i, int k) { "
                + "return i < k ? 1 : 0; } }").broken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOOP { y[i] = x[i] * (i / 32 < k ? 1 : 0); }",
            "int r = k == 1 ? lane / 16 : lane % 32; y[r] = 0f;",
            "for (int j = lane; j < n; j += 64) { float v = x[j]; top = v > top ? v : top; }",
            "LOOP { if (k == 2) { y[i] = 0f; } }",
            "for (int s = 32; s > 0; s = s / 2) { if (lane < s) { y[lane] += y[lane + s]; } }"})
    void whatTheCompilerCannotKnowMayStay(String body) throws IOException {
        assertEquals(List.of(), new Conditions(kernel(body)).broken);
    }

    private static String kernel(String body) {
        return "class K { static void k(KernelContext context, float[] x, float[] y, int n, int k) { "
                + "int lane = 0; float top = 0f; " + body.replace("LOOP", "for (int i = lane; i < 512; i += 256)")
                + " } }";
    }

    /// The conditions of a file that break the rule: `&&` and `||`; an `if` in a loop or in another `if`, unless it
    /// asks for `lane`, of whose range the compiler knows nothing, or for sizes alone; in such a place also a choice
    /// that remains an `if` (one between other values than `int` literals and the two compared), unless it is of sizes
    /// alone, which are constants before anything else. A method without a KernelContext is a helper: it counts as
    /// inside a loop, and its parameters are no sizes.
    private static final class Conditions extends TreeScanner<Void, Void> {
        final List<String> broken = new ArrayList<>();
        private final Set<String> sizes = new HashSet<>();
        private int depth;

        Conditions(String source) throws IOException {
            var file = new SimpleJavaFileObject(URI.create("string:///K.java"), JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return source;
                }
            };
            var task = (JavacTask) ToolProvider.getSystemJavaCompiler().getTask(null, null, null, null, null,
                    List.of(file));
            scan(task.parse(), null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            sizes.clear();
            if (method.getParameters().stream().noneMatch(p -> p.getType().toString().equals("KernelContext"))) {
                return inside(() -> super.visitMethod(method, nothing));
            }
            method.getParameters().stream().filter(p -> p.getType().toString().equals("int"))
                    .forEach(p -> sizes.add(p.getName().toString()));
            return super.visitMethod(method, nothing);
        }

        private Void inside(Runnable scan) {
            depth++;
            scan.run();
            depth--;
            return null;
        }

        @Override
        public Void visitForLoop(ForLoopTree loop, Void nothing) {
            return inside(() -> super.visitForLoop(loop, nothing));
        }

        @Override
        public Void visitWhileLoop(WhileLoopTree loop, Void nothing) {
            return inside(() -> super.visitWhileLoop(loop, nothing));
        }

        @Override
        public Void visitDoWhileLoop(DoWhileLoopTree loop, Void nothing) {
            return inside(() -> super.visitDoWhileLoop(loop, nothing));
        }

        @Override
        public Void visitIf(IfTree branch, Void nothing) {
            ExpressionTree condition = bare(branch.getCondition());
            boolean lane = condition instanceof BinaryTree b && b.getLeftOperand().toString().equals("lane");
            if (depth > 0 && !lane && !ofSizes(condition)) {
                broken.add("if in a loop or if: " + branch.getCondition());
            }
            return inside(() -> super.visitIf(branch, nothing));
        }

        @Override
        public Void visitBinary(BinaryTree binary, Void nothing) {
            boolean both = binary.getKind() == Tree.Kind.CONDITIONAL_AND
                    || binary.getKind() == Tree.Kind.CONDITIONAL_OR;
            if (both && !ofSizes(binary)) {
                broken.add(binary.toString());
            }
            return super.visitBinary(binary, nothing);
        }

        @Override
        public Void visitConditionalExpression(ConditionalExpressionTree choice, Void nothing) {
            ExpressionTree condition = bare(choice.getCondition());
            if (depth > 0 && !ofSizes(condition)
                    && !(among(choice.getTrueExpression(), condition)
                            && among(choice.getFalseExpression(), condition))) {
                broken.add(choice.toString());
            }
            return super.visitConditionalExpression(choice, nothing);
        }

        private static ExpressionTree bare(ExpressionTree expression) {
            return expression instanceof ParenthesizedTree p ? bare(p.getExpression()) : expression;
        }

        /// Whether a value is a number or one of the two that a condition compares.
        private static boolean among(ExpressionTree value, ExpressionTree condition) {
            if (value instanceof LiteralTree literal) {
                return literal.getValue() instanceof Integer;
            }
            return condition instanceof BinaryTree b && Set.of(b.getLeftOperand().toString(),
                    b.getRightOperand().toString()).contains(value.toString());
        }

        /// Constants of a class are numbers to javac.
        private static boolean isConstant(IdentifierTree name) {
            return name.toString().matches("[A-Z_]+");
        }

        private boolean ofSizes(ExpressionTree expression) {
            return switch (bare(expression)) {
                case LiteralTree literal -> true;
                case IdentifierTree name -> sizes.contains(name.toString()) || isConstant(name);
                case BinaryTree b -> ofSizes(b.getLeftOperand()) && ofSizes(b.getRightOperand());
                default -> false;
            };
        }
    }
}
