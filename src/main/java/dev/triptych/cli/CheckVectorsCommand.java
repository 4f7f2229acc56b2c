package dev.triptych.cli;

import dev.triptych.check.measure.EvaluationVectors;
import dev.triptych.check.train.TrainerVectors;
import dev.triptych.check.vectors.VectorCheck;
import dev.triptych.io.vectors.VectorReport;
import dev.triptych.io.vectors.VectorRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Computes golden vectors in both precisions and compares every stored result.
@Command(name = "check-vectors", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Compare golden vectors with what this code computes, in float64 and float32.",
        "One line per case and group of tensors. Exit code 1 if one is off or not supported."}, footer = {"",
                "Examples:", "  triptych check-vectors", "  triptych check-vectors DIR"})
final class CheckVectorsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", arity = "0..1", defaultValue = "reference-checks", description = {
            "Folder of NAME.json beside NAME.safetensors (reference-checks)."})
    private Path folder;

    @Option(names = "--quiet", description = {"Cases that failed, and the sum."})
    private boolean quiet;

    @Option(names = "--json", description = {"The sum as a line of JSON."})
    private boolean json;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec).in(quiet, json);
        var reports = VectorRun.run(Main.built(folder), report -> {
            if (!quiet || !report.passed()) {
                report.text().forEach(terminal::print);
            }
        },
                TrainerVectors.or("float64",
                        EvaluationVectors.or("float64", dev.triptych.twin.check.vectors.VectorCheck::run)),
                TrainerVectors.or("float32", EvaluationVectors.or("float32", VectorCheck::run)));
        long failed = reports.stream().filter(report -> !report.passed()).count();
        var result = new LinkedHashMap<String, Object>();
        result.put("cases", reports.stream().map(VectorReport::file).distinct().count());
        result.put("checks", reports.size());
        result.put("failed", failed);
        terminal.result(result);
        terminal.print(String.format(Locale.ROOT, "%d cases, %d checks in float64 and float32: %s",
                reports.stream().map(VectorReport::file).distinct().count(), reports.size(),
                failed == 0 ? "all passed" : failed + " FAILED"));
        return failed == 0 ? 0 : 1;
    }
}
