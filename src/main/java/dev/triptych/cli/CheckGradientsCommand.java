package dev.triptych.cli;

import dev.triptych.io.Json;
import dev.triptych.twin.check.GradientReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Compares every gradient with finite differences, in float64, through the twin of the sources that train.
@Command(name = "check-gradients", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Check every gradient by central differences in float64.",
        "All operations, all components and the whole loss: the largest error of each, then one line of JSON. "
                + "Exit code 1 if one is too large."}, footer = {"", "Examples:", "  triptych check-gradients",
                        "  triptych check-gradients --json-only"})
final class CheckGradientsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = {"--json", "--json-only"}, description = {"No table, the line of JSON only."})
    private boolean jsonOnly;

    @Option(names = "--quiet", description = {"Lines that failed, and the line of JSON."})
    private boolean quiet;

    @Override
    public Integer call() {
        var terminal = Terminal.of(spec);
        if (!jsonOnly && !quiet) {
            terminal.print(String.format(Locale.ROOT, "%-54s %-10s %6s %7s %9s %10s  %-9s %-9s %s", "what", "kind",
                    "checks", "tensors", "entries", "directions", "error", "allowed", "worst"));
        }
        var report = GradientReport.run(line -> {
            if (!jsonOnly && !quiet || quiet && !line.passed()) {
                terminal.print(text(line));
            }
        });
        terminal.print(json(report));
        return report.passed() ? 0 : 1;
    }

    private static String text(GradientReport.Line l) {
        return String.format(Locale.ROOT, "%-54s %-10s %6d %7d %9d %10d  %-9.2e %-9.0e %s%s", l.name(),
                l.kind().name().toLowerCase(Locale.ROOT), l.checks(), l.tensors(), l.entries(), l.directions(),
                l.error(), l.tolerance(), l.passed() ? "" : "FAILED ", l.worst());
    }

    private static String json(GradientReport report) {
        List<GradientReport.Line> gradients = report.lines().stream()
                .filter(l -> l.kind() != GradientReport.Kind.VALUES).toList();
        var values = new LinkedHashMap<String, Object>();
        values.put("precision", report.precision());
        values.put("operations",
                report.lines().stream().filter(l -> l.kind() != GradientReport.Kind.COMPONENT).count());
        values.put("components",
                report.lines().stream().filter(l -> l.kind() == GradientReport.Kind.COMPONENT).count());
        values.put("entries", report.entries());
        values.put("directions", report.lines().stream().mapToLong(GradientReport.Line::directions).sum());
        values.put("largest error", report.largestError());
        values.put("tolerance", gradients.stream().mapToDouble(GradientReport.Line::tolerance).max().orElse(0));
        values.put("passed", report.passed());
        return Json.write(values, false);
    }
}
