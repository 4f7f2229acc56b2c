package dev.triptych.cli;

import dev.triptych.embed.EmbeddedCodes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Codes into an index.
@Command(name = "index", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Make an index of the bits that `embed` wrote, for `search`: a graph of near codes, by Lucene. Up to some",
        "millions of codes `search` in the file itself is as fast, and misses none."}, footer = {"", "Examples:",
                "  triptych embed --run runs/bits-cifar-001 --in photos --values bits --out photos.safetensors",
                "  triptych index --in photos.safetensors --out photos.index"})
final class IndexCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--in", paramLabel = "FILE", required = true, description = {
            "Bits: NAME.safetensors, beside which lies NAME.safetensors.rows.csv."})
    private Path in;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = {"A new folder."})
    private Path out;

    @Option(names = "--merge", arity = "0..1", fallbackValue = "true", paramLabel = "true|false", description = {
            "One graph of all codes (true); false leaves one of each million or so: made in less time, in memory that "
                    + "does not grow with their number, and searched more slowly."})
    private boolean merge = true;

    @Option(names = "--json", description = {"The result as a line of JSON."})
    private boolean json;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec).in(false, json);
        long rows;
        try (var codes = EmbeddedCodes.open("--in", in)) {
            rows = codes.index(out, merge, _ -> {
            });
        }
        terminal.print(String.format(Locale.ROOT, "Index: %,d codes in %s", rows, out));
        var values = new LinkedHashMap<String, Object>();
        values.put("index", out.toString());
        values.put("codes", rows);
        terminal.result(values);
        return 0;
    }
}
