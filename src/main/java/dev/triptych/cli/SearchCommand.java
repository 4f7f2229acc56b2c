package dev.triptych.cli;

import dev.triptych.embed.CodeIndex;
import dev.triptych.embed.CodeSearch;
import dev.triptych.embed.EmbeddedCodes;
import dev.triptych.embed.GivenPictures;
import dev.triptych.embed.OpenEncoder;
import dev.triptych.method.InputException;
import dev.triptych.train.TrainedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Pictures of an index that are like given ones.
@Command(name = "search", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Find the pictures of an index whose bits are nearest to those of given ones, without reading them again. The",
        "index is searched along its graph: a few of the nearest may be missed."}, footer = {"", "Example:",
                "  triptych search --index photos.index --run runs/bits-cifar-001 --of cat.jpg"})
final class SearchCommand implements Callable<Integer> {
    private static final String BITS = "bits";

    @Spec
    private CommandSpec spec;

    @Option(names = "--index", paramLabel = "DIR|FILE", required = true, description = {
            "What `index` wrote; or the file of bits that `embed` wrote: then all of them are compared, and none is "
                    + "missed."})
    private Path in;

    @Mixin
    private RunOptions run;

    @Option(names = "--of", paramLabel = "PICTURE", required = true, arity = "1..*", description = {
            "Pictures whose neighbours are looked for."})
    private List<Path> of = new ArrayList<>();

    @Option(names = "--count", paramLabel = "N", defaultValue = "8", description = {"Neighbours of each picture (8)."})
    private int count;

    @Option(names = "--json", description = {"Results as lines of JSON."})
    private boolean json;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec).in(false, json);
        if (count < 1 || count > 1000) {
            throw new InputException("--count is " + count + "; expected 1 to 1000. Leave it out for 8.");
        }
        var from = run.folder();
        Path weights = run.checkpoint(from);
        var methods = Main.methods(spec);
        var recipe = from.recipe(methods.recipes());
        var pictures = GivenPictures.read(of, recipe.data().side(), GivenPictures.decoder(recipe));
        try (CodeSearch index = Files.isRegularFile(in)
                ? EmbeddedCodes.open("--index", in)
                : CodeIndex.open(in);
                var opened = device.open();
                var encoder = new OpenEncoder(TrainedRun.open(from, weights, recipe, recipe),
                        methods.of(recipe).programs(recipe), opened)) {
            var bits = encoder.values().stream().filter(v -> v.name().equals(BITS)).findFirst()
                    .orElseThrow(() -> new InputException("--run " + from.path() + " has no value bits; it has "
                            + encoder.values().stream().map(OpenEncoder.Value::name).toList()
                            + ". Choose the run that the index was made with."));
            if (bits.shape()[0] != index.bytes()) {
                throw new InputException("--index " + in + " holds codes of " + index.bytes() + " bytes, those of "
                        + "--run " + from.path() + " have " + bits.shape()[0] + "; expected the run that the index was "
                        + "made with. Choose another.");
            }
            var rows = encoder.encode(pictures);
            for (int i = 0; i < rows.size(); i++) {
                byte[] code = new byte[index.bytes()];
                rows.get(i).get(BITS).get(code);
                tell(terminal, pictures.classes().get(i), index.search(code, count));
            }
        }
        return 0;
    }

    private static void tell(Terminal terminal, String query, List<CodeSearch.Hit> hits) {
        terminal.print(query);
        int rank = 1;
        for (var hit : hits) {
            terminal.print(String.format(Locale.ROOT, "  %2d  %-16s %s%s", rank,
                    hit.differing() + (hit.differing() == 1 ? " bit differs" : " bits differ"), hit.file(),
                    hit.label().isEmpty() ? "" : "  (" + hit.label() + ")"));
            var values = new LinkedHashMap<String, Object>();
            values.put("query", query);
            values.put("rank", rank++);
            values.put("differing", hit.differing());
            values.put("file", hit.file());
            values.put("label", hit.label());
            terminal.result(values);
        }
    }
}
