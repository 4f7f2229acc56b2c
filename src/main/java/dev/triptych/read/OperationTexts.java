package dev.triptych.read;

import dev.triptych.program.Kernel;
import dev.triptych.program.Launch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The operations of a chapter, each told once on a page: what it launches, its kernels, the kernels of its adjoint,
/// the line of TorchScript beside it, its gradient error and golden cases.
final class OperationTexts {
    private static final String PROGRAM = "src/main/java/dev/triptych/program";
    private static final String KERNELS = "src/main/java/dev/triptych/kernel/";
    private static final String LIVE = "reference-checks/live/java/dev/triptych/check/live";

    private final SourceTree sources;
    private final Evidence evidence;
    private final Set<String> told = new LinkedHashSet<>();

    OperationTexts(SourceTree sources, Evidence evidence) {
        this.sources = sources;
        this.evidence = evidence;
    }

    /// Those that no chapter before told, one folded text each.
    List<String> of(Chapter chapter) {
        Map<String, Set<Kernel>> forward = kernels(chapter.forward());
        Map<String, Set<Kernel>> adjoint = kernels(chapter.adjoint());
        var texts = new ArrayList<String>();
        forward.forEach((operation, kernels) -> {
            if (told.add(operation)) {
                texts.add(text(operation, kernels, adjoint.getOrDefault(operation + "'", Set.of())));
            }
        });
        return texts;
    }

    private static Map<String, Set<Kernel>> kernels(List<Result> results) {
        var kernels = new LinkedHashMap<String, Set<Kernel>>();
        for (Result result : results) {
            for (Launch launch : result.launches()) {
                kernels.computeIfAbsent(launch.operation(), _ -> new LinkedHashSet<>()).add(launch.kernel());
            }
        }
        return kernels;
    }

    private String text(String operation, Set<Kernel> forward, Set<Kernel> adjoint) {
        var text = new StringBuilder();
        method(PROGRAM, operation).ifPresent(m -> text.append("```java\n").append(m.text()).append("\n```\n\n"));
        text.append("Kernels:\n\n");
        forward.forEach(k -> text.append(kernel(k)));
        if (!adjoint.isEmpty()) {
            var back = new StringBuilder();
            adjoint.forEach(k -> back.append(kernel(k)));
            text.append(Weaver.folded("the adjoint: " + names(adjoint), back.toString()));
        }
        row(operation)
                .ifPresent(m -> text.append("Beside libtorch:\n\n```java\n").append(m.text()).append("\n```\n\n"));
        if (Evidence.isChecked(operation)) {
            text.append("Gradient, or value where it has none, by the table of operations: error ")
                    .append(evidence.error(operation)).append(".\n\n");
        }
        var golden = evidence.golden(operation::equals);
        if (!golden.isEmpty()) {
            text.append("Golden cases: ").append(golden.stream().limit(8).map(g -> "`" + g + "`")
                    .collect(Collectors.joining(", "))).append(golden.size() > 8 ? ", ... (" + golden.size() + ")" : "")
                    .append(".\n\n");
        }
        return Weaver.folded("operation <code>" + operation + "</code>: " + names(forward), text.toString());
    }

    private static String names(Set<Kernel> kernels) {
        return kernels.stream().map(k -> "<code>" + k + "</code>").collect(Collectors.joining(", "));
    }

    private String kernel(Kernel kernel) {
        if (!told.add("kernel " + kernel)) {
            return "`" + kernel + "`, as above.\n\n";
        }
        var file = sources.file(KERNELS + kernel.family() + ".java");
        String text = file.flatMap(f -> f.method(kernel.name())).map(JavaText.Method::text).orElseThrow(
                () -> new IllegalStateException("kernel " + kernel + " has no source among the packed texts"));
        return "```java\n" + text + "\n```\n\n" + file.get().methods().stream()
                .filter(m -> m.text().contains("private static ") && text.matches("(?s).*\\b" + m.name() + "\\(.*")
                        && told.add("kernel " + kernel.family() + "." + m.name()))
                .map(m -> "```java\n" + m.text() + "\n```\n\n").collect(Collectors.joining());
    }

    /// The first method of a name in the files of a folder.
    private Optional<JavaText.Method> method(String folder, String name) {
        return SourceTexts.below(folder).stream().flatMap(path -> sources.file(path).stream())
                .flatMap(f -> f.method(name).stream()).findFirst();
    }

    /// What compares an operation with libtorch: the method that the row of its name takes.
    private Optional<JavaText.Method> row(String operation) {
        var row = Pattern.compile("new LiveRow\\(\"" + Pattern.quote(operation) + "\",\\s*\\w+::(\\w+)\\)");
        for (String path : SourceTexts.below(LIVE)) {
            var found = row.matcher(SourceTexts.read(path));
            if (found.find()) {
                return sources.file(path).flatMap(f -> f.method(found.group(1)));
            }
        }
        return Optional.empty();
    }
}
