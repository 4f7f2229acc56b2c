package dev.triptych.cli;

import dev.triptych.method.Table;
import dev.triptych.method.Words;
import dev.triptych.report.RunComparison;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Sets runs side by side.
@Command(name = "compare", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Set runs side by side: their figures, what their recipes differ in, and, in a page, their curves."}, footer = {
                "", "Example:", "  triptych compare runs/stellar-scenes-001 runs/stellar-scenes-002"})
final class CompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", arity = "1..*", description = {"Folders of two or more runs."})
    private List<Path> runs;

    @Option(names = "--out", paramLabel = "FILE", defaultValue = "compare.html", description = {
            "The page (${DEFAULT-VALUE})."})
    private Path out;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec);
        var comparison = new RunComparison(runs.stream().map(Runs::named).toList(), Main.methods(spec).recipes());
        table(terminal, comparison, comparison.judged());
        comparison.warnings().forEach(text -> Words.lines("Warning: " + text, terminal.columns())
                .forEach(terminal::remark));
        comparison.protocols().forEach(text -> Words.lines(text, terminal.columns()).forEach(terminal::print));
        terminal.print("");
        table(terminal, comparison, comparison.figures());
        table(terminal, comparison, comparison.differences());
        table(terminal, comparison, comparison.firstSteps());
        comparison.write(out);
        terminal.print("Page: " + out);
        return 0;
    }

    private static void table(Terminal terminal, RunComparison comparison, List<List<String>> rows) {
        if (!rows.isEmpty()) {
            terminal.print(new Table(comparison.header(), rows).plain(terminal.columns()).stripTrailing());
            terminal.print("");
        }
    }
}
