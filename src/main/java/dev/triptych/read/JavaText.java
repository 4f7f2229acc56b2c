package dev.triptych.read;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// One file of Java, read by the JDK's own parser: its methods, and where the value of a call goes.
final class JavaText {
    /// A method with its doc comment.
    ///
    /// @param name of the method
    /// @param first its first line, the comment's if it has one
    /// @param last its last line
    /// @param text these lines, without common indentation
    record Method(String name, int first, int last, String text) {
        /// Whether a line lies in it.
        boolean holds(int line) {
            return line >= first && line <= last;
        }
    }

    /// Where the value of a call goes.
    ///
    /// @param name of the variable, or of a term; empty where the value has no name here
    /// @param returned whether the method, or the lambda, returns the value
    record Use(String name, boolean returned) {
    }

    private static final Use LOST = new Use("", false);
    /// What gives back the numbers that it is given.
    private static final List<String> PASSING = List.of("reshape");

    private final List<String> lines;
    private final List<Method> methods = new ArrayList<>();
    private final List<TreePath> calls = new ArrayList<>();
    private final Map<String, List<String>> records = new HashMap<>();
    private final CompilationUnitTree unit;
    private final SourcePositions positions;

    private JavaText(String name, String text) {
        lines = text.lines().toList();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("This Java has no compiler, which reads the sources; expected a JDK, found "
                    + System.getProperty("java.home") + ". Set JAVA_HOME to a JDK");
        }
        var file = new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
        var task = (JavacTask) compiler.getTask(null, null, _ -> {
        }, List.of(), null, List.of(file));
        try {
            unit = task.parse().iterator().next();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
        positions = Trees.instance(task).getSourcePositions();
        new Scanner().scan(unit, null);
    }

    /// Reads a text.
    static JavaText of(String name, String text) {
        return new JavaText(name, text);
    }

    /// All methods, in order.
    List<Method> methods() {
        return methods;
    }

    /// The first method of a name.
    Optional<Method> method(String name) {
        return methods.stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /// The method that holds a line.
    Optional<Method> at(int line) {
        return methods.stream().filter(m -> m.holds(line)).findFirst();
    }

    /// Where the value of the call of a method on a line goes.
    Use use(int line, String called) {
        var found = calls.stream().filter(call -> line(end(called(call))) == line && name(call).equals(called))
                .map(call -> use(call, "")).toList();
        // of several calls of one name on a line, the outer one, whose value has a name
        return found.stream().filter(u -> !u.equals(LOST)).findFirst().orElse(LOST);
    }

    private Use use(TreePath path, String part) {
        Tree value = path.getLeaf();
        TreePath around = path.getParentPath();
        return switch (around.getLeaf()) {
            case VariableTree v -> new Use(v.getName() + part, false);
            case AssignmentTree a -> new Use(last(a.getVariable().toString()) + part, false);
            case ReturnTree _ -> new Use(part, true);
            case LambdaExpressionTree _ -> new Use(part, true);
            case ConditionalExpressionTree _ -> use(around, part);
            case ParenthesizedTree _ -> use(around, part);
            case NewClassTree made -> use(around, component(made, value) + part);
            case MemberSelectTree select when PASSING.contains(select.getIdentifier().toString()) ->
                use(around.getParentPath(), part);
            case MethodInvocationTree call when PASSING.contains(name(around)) -> use(around, part);
            default -> value instanceof MethodInvocationTree call && !call.getArguments().isEmpty()
                    && call.getArguments().getFirst() instanceof LiteralTree literal
                    && literal.getValue() instanceof String title ? new Use(title + part, false) : LOST;
        };
    }

    /// The component of a record of this file that a value becomes, behind a dot.
    private String component(NewClassTree made, Tree value) {
        var components = records.get(last(made.getIdentifier().toString()));
        int place = made.getArguments().indexOf(value);
        return components == null || place < 0 || place >= components.size() ? "" : "." + components.get(place);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    private static ExpressionTree called(TreePath call) {
        return ((MethodInvocationTree) call.getLeaf()).getMethodSelect();
    }

    private static String name(TreePath call) {
        return last(called(call).toString());
    }

    private long end(Tree tree) {
        return positions.getEndPosition(unit, tree);
    }

    private int line(long position) {
        return (int) unit.getLineMap().getLineNumber(position);
    }

    /// Lines, counted from 1, without their common indentation.
    String text(int first, int last) {
        var text = lines.subList(first - 1, last);
        int indentation = text.stream().filter(l -> !l.isBlank()).mapToInt(l -> l.length() - l.stripLeading().length())
                .min().orElse(0);
        return String.join("\n", text.stream().map(l -> l.substring(Math.min(indentation, l.length()))).toList());
    }

    private final class Scanner extends TreePathScanner<Void, Void> {
        @Override
        public Void visitMethod(MethodTree method, Void none) {
            long start = positions.getStartPosition(unit, method);
            if (start >= 0 && end(method) > start) {
                int first = line(start);
                while (first > 1 && lines.get(first - 2).strip().startsWith("///")) {
                    first--;
                }
                int last = line(end(method));
                methods.add(new Method(method.getName().toString(), first, last, text(first, last)));
            }
            return super.visitMethod(method, none);
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
            calls.add(getCurrentPath());
            return super.visitMethodInvocation(call, none);
        }

        @Override
        public Void visitClass(ClassTree type, Void none) {
            if (type.getKind() == Tree.Kind.RECORD) {
                records.put(type.getSimpleName().toString(), type.getMembers().stream()
                        .filter(m -> m instanceof VariableTree v && !v.getModifiers().getFlags()
                                .contains(javax.lang.model.element.Modifier.STATIC))
                        .map(m -> ((VariableTree) m).getName().toString()).toList());
            }
            return super.visitClass(type, none);
        }
    }
}
