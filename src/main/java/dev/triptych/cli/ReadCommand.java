package dev.triptych.cli;

import dev.triptych.device.plain.PlainDevice;
import dev.triptych.io.AtomicFile;
import dev.triptych.method.InputException;
import dev.triptych.method.Method;
import dev.triptych.read.Evidence;
import dev.triptych.read.MarkdownPage;
import dev.triptych.read.Weaver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Weaves the page of a method.
@Command(name = "read", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Weave a page of a method, equation by equation.",
        "Formulas, the Java that computes them, what a step of the smallest recipe gives, kernels with their adjoints, "
                + "TorchScript, recipe keys, gradient errors and golden cases. Runs that step, the golden cases, and "
                + "the gradient checks that the page names."}, footer = {"", "Examples:", "  triptych read METHOD",
                        "  triptych read METHOD --markdown --out METHOD.md"})
final class ReadCommand implements Callable<Integer> {
    private static final String SMALLEST = "-micro";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "METHOD", description = {"The word by which recipes name it."})
    private String name;

    @Option(names = "--out", paramLabel = "FILE", description = {"The page; METHOD.html by default."})
    private Path out;

    @Option(names = "--markdown", description = {"Markdown instead of HTML."})
    private boolean markdown;

    @Option(names = "--vectors", paramLabel = "DIR", defaultValue = "reference-checks", description = {
            "Folder of the golden cases (reference-checks)."})
    private Path vectors;

    @Override
    public Integer call() throws IOException {
        var methods = Main.methods(spec);
        var terminal = Terminal.of(spec);
        Method method = methods.all().stream().filter(m -> m.name().equals(name)).findFirst()
                .orElseThrow(() -> new InputException("METHOD is '" + name + "'; expected one of "
                        + String.join(", ", methods.all().stream().map(Method::name).toList()) + "."));
        String recipe = method.recipes().stream().filter(r -> r.endsWith(SMALLEST)).findFirst()
                .orElseThrow(() -> new InputException(name + " has no recipe named *" + SMALLEST
                        + ", whose step a page shows; expected one among " + method.recipes() + "."));
        var loaded = methods.recipes().load(recipe, List.of());
        try (var device = new PlainDevice();
                var place = CommandPlace.forSteps(terminal, methods, device, terminal::remark)) {
            var supply = method.supply(loaded.recipe(), place);
            var evidence = Evidence.gather(Main.built(vectors), Evidence.measured());
            String text = new Weaver(method, methods.recipes(), loaded.recipe(), recipe, evidence).weave(supply);
            Path file = out != null ? out : Path.of(name + (markdown ? ".md" : ".html"));
            String page = markdown ? text : MarkdownPage.html(method.title() + ", part by part", text);
            AtomicFile.write(file, page.getBytes(StandardCharsets.UTF_8));
            terminal.print("Page: " + file);
        }
        return 0;
    }
}
