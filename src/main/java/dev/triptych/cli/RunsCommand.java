package dev.triptych.cli;

import dev.triptych.method.Words;
import dev.triptych.report.RunList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Lists the runs of a folder.
@Command(name = "runs", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "List the runs of a folder, the newest first.",
        "Of each: recipe, images, steps, when it began, and its best figure beside its baseline. Writes "
                + "FOLDER/index.html, which links their pages."}, footer = {
                        "", "Examples:", "  triptych runs", "  triptych runs DIR --json"})
final class RunsCommand implements Callable<Integer> {
    private static final String INDENT = "    ";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", arity = "0..1", defaultValue = "runs", description = {
            "Where the runs lie (${DEFAULT-VALUE})."})
    private Path folder;

    @Option(names = "--json", description = {"A line of JSON for each run."})
    private boolean json;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec).in(false, json);
        var runs = new RunList(folder, Main.methods(spec).recipes());
        for (RunList.Entry run : runs.entries()) {
            terminal.result(run.values());
            terminal.print(run.name());
            var lines = run.problem().isEmpty()
                    ? List.of(run.recipe() + ", " + run.images(), "step " + run.step() + ", begun " + run.started(),
                            run.figure())
                    : List.of(run.problem());
            lines.forEach(line -> Words.lines(line, terminal.columns() - INDENT.length())
                    .forEach(part -> terminal.print(INDENT + part)));
        }
        if (runs.entries().isEmpty()) {
            terminal.print("No runs in " + folder + " yet; `triptych train` and `triptych demo` make some.");
            return 0;
        }
        terminal.print("Page: " + runs.write());
        return 0;
    }
}
