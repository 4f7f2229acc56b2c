package dev.triptych.cli;

import dev.triptych.bench.IndexBench;
import dev.triptych.bench.Machine;
import dev.triptych.io.Json;
import dev.triptych.method.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// An index of codes beside the exact scan.
@Command(name = "index", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Measure an index of made-up codes beside the exact scan.",
        "Prints build time, size, recall of the ten nearest, and queries a second of a thread's processor time.",
        "A thousand codes lie around each centre, with 15 %% of the bits flipped."}, footer = {
                "",
                "Example:", "  triptych bench index --codes 1000000 --bits 128"})
final class BenchIndexCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--codes", paramLabel = "N", defaultValue = "1000000", description = {"Codes (1000000)."})
    private int codes;

    @Option(names = "--bits", paramLabel = "N", defaultValue = "128", description = {"Bits of a code (128)."})
    private int bits;

    @Option(names = "--queries", paramLabel = "N", defaultValue = "200", description = {"Queries (200)."})
    private int queries;

    @Option(names = "--least", paramLabel = "N", defaultValue = "100", description = {
            "Nearest codes that the graph is searched for (100): more find more of the true ones, more slowly."})
    private int least;

    @Option(names = "--merge", arity = "0..1", fallbackValue = "true", paramLabel = "true|false", description = {
            "One graph of all codes (true), as of `index`."})
    private boolean merge = true;

    @Option(names = "--scan", description = {"Measure the scan alone, without an index."})
    private boolean scan;

    @Option(names = "--json", description = {"One line of JSON."})
    private boolean json;

    @Override
    public Integer call() throws IOException {
        require("--codes", codes, 100, 100_000_000);
        require("--bits", bits, 8, 8192);
        require("--queries", queries, 1, 1_000_000);
        require("--least", least, 10, 10_000);
        if (bits % Byte.SIZE != 0) {
            throw new InputException("--bits is " + bits + "; expected a multiple of 8. Choose another.");
        }
        var terminal = Terminal.of(spec);
        if (scan) {
            scan(terminal);
            return 0;
        }
        Path folder = Files.createTempDirectory("triptych-index");
        IndexBench.Result result;
        try {
            result = IndexBench.measure(codes, bits, queries, least, merge, folder.resolve("codes"));
        } finally {
            Files.delete(folder);
        }
        if (json) {
            var values = new LinkedHashMap<String, Object>();
            values.put("codes", result.codes());
            values.put("bits", result.bits());
            values.put("least", result.least());
            values.put("graphs", result.graphs());
            values.put("build_seconds", result.build().seconds());
            values.put("build_cpu_seconds", result.build().cpuSeconds());
            values.put("bytes", result.bytes());
            values.put("recall", result.recall());
            values.put("index_queries_per_s", result.indexQueries());
            values.put("scan_queries_per_s", result.scanQueries());
            values.put("peak_resident_bytes", result.peakBytes());
            values.putAll(Machine.values());
            terminal.print(Json.write(values, false));
        } else {
            terminal.print(String.format(Locale.ROOT, "%,d codes of %d bits: %d graphs made in %.1f s, %.1f s of "
                    + "processor time, %.1f MB; recall %.4f; of processor time %.0f queries/s, the exact scan %.1f",
                    result.codes(), result.bits(), result.graphs(), result.build().seconds(),
                    result.build().cpuSeconds(), result.bytes() / 1e6, result.recall(), result.indexQueries(),
                    result.scanQueries()));
        }
        return 0;
    }

    private void scan(Terminal terminal) {
        double found = IndexBench.scan(codes, bits, queries);
        if (json) {
            var values = new LinkedHashMap<String, Object>();
            values.put("codes", codes);
            values.put("bits", bits);
            values.put("scan_queries_per_s", found);
            values.putAll(Machine.values());
            terminal.print(Json.write(values, false));
        } else {
            terminal.print(String.format(Locale.ROOT, "%,d codes of %d bits: of processor time %.1f queries/s by the "
                    + "exact scan", codes, bits, found));
        }
    }

    private static void require(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InputException(name + " is " + value + "; expected " + least + " to " + most
                    + ". Choose another.");
        }
    }
}
