package dev.triptych.cli;

import dev.triptych.data.set.BadImages;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.SourceOptions;
import dev.triptych.data.source.Sources;
import dev.triptych.embed.Embedding;
import dev.triptych.embed.GivenPictures;
import dev.triptych.embed.RowFormat;
import dev.triptych.method.InputException;
import dev.triptych.recipe.Recipe;
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

/// Features of pictures to a file.
@Command(name = "embed", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Write what a run's encoder makes of pictures to a file, a row a picture: CLS, dense features, sparse tokens,",
        "localization, bits. Pictures may have any size: the short side is scaled, then the centre is taken. Beside",
        "the file lies FILE.rows.csv: the part, file and label of each row, and why a picture was refused."}, footer = {
                "", "Examples:", "  triptych embed --run runs/stellar-cifar-001 --in photos --out photos.npy",
                "  triptych embed --run runs/bits-cifar-001 --in photos --values cls,bits --out photos.safetensors",
                "  triptych embed --run runs/bits-cifar-001 --in photos --values bits --out photos.csv --skip-bad"})
final class EmbedCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions run;

    @Option(names = "--in", paramLabel = "SOURCE", required = true, description = {
            "Pictures, as training takes them: a folder, flat or with classes, or whatever else `data=` may name."})
    private Path in;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = {
            "A new file: .npy or .csv for one value; .safetensors or .parquet for any; .ndjson for OpenSearch's "
                    + "_bulk or .sql for pgvector, for any vectors and bits."})
    private Path out;

    @Option(names = "--values", paramLabel = "NAME", split = ",", description = {
            "Values, with commas: cls, dense, sparse, localization, lowrank, logits, bits, as the method has them; the "
                    + "first it has by default. bits are packed, the first in a byte's highest place."})
    private List<String> names = new ArrayList<>();

    @Option(names = "--skip-bad", arity = "0..1", fallbackValue = "true", paramLabel = "true|false", description = {
            "As data.skip-bad: leave out any number of pictures that cannot be read, and list them; false stops at the "
                    + "first; without it they are left out while they are few."})
    private Boolean skipBad;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "64", description = {
            "Pictures that are encoded together (64); the rows are the same with any."})
    private int batch;

    @Option(names = "--resume", description = {"Go on with what an earlier command left in FILE.part."})
    private boolean resume;

    @Option(names = "--quiet", description = {"No progress lines."})
    private boolean quiet;

    @Option(names = "--json", description = {"Progress and results as lines of JSON."})
    private boolean json;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec).in(quiet, json);
        if (batch < 1 || batch > 4096) {
            throw new InputException("--batch is " + batch + "; expected 1 to 4096. Leave it out for 64.");
        }
        RowFormat.of(out, names.size());
        requireNew();
        var folder = run.folder();
        Path weights = run.checkpoint(folder);
        var methods = Main.methods(spec);
        Recipe recipe = folder.recipe(methods.recipes());
        var method = methods.of(recipe);
        var trained = TrainedRun.open(folder, weights, recipe, recipe);
        var embedding = Embedding.of(trained, method.programs(recipe), batch, names, BadImages.of(skipBad));
        var decoder = new EntryDecoder(GivenPictures.decoder(recipe));
        try (var source = Sources.whole(in, SourceOptions.AUTO); var opened = device.open()) {
            long all = source.pictures();
            terminal.remark(source.kind() + ": " + all + " pictures"
                    + (source.classes().isEmpty() ? ", no labels" : ", " + source.classes().size() + " classes"));
            try (var working = terminal.working("pictures", all)) {
                var result = embedding.embed(source, decoder, opened, out, working::did);
                terminal.print(String.format(Locale.ROOT, "Rows:  %,d in %s%s", result.rows(), out,
                        result.before() > 0
                                ? String.format(Locale.ROOT, ", %,d of them from before", result.before())
                                : ""));
                if (result.refused() > 0) {
                    terminal.print(String.format(Locale.ROOT, "Refused: %,d pictures, each with its reason in %s",
                            result.refused(), result.listed()));
                }
                terminal.print("Files: " + result.listed());
                var values = new LinkedHashMap<String, Object>();
                values.put("file", out.toString());
                values.put("rows", result.rows());
                values.put("refused", result.refused());
                values.put("listed", result.listed().toString());
                terminal.result(values);
            }
        }
        return 0;
    }

    private void requireNew() {
        if (Files.exists(out)) {
            throw new InputException(
                    "--out " + out + " exists; expected a new file. Choose another name, or remove it.");
        }
        Path unfinished = Embedding.unfinished(out);
        if (Files.exists(unfinished) && !resume) {
            throw new InputException(
                    "--out " + out + ": rows that an earlier command did not finish lie in " + unfinished
                            + ". Go on with --resume, or remove the folder.");
        }
        if (resume && !Files.exists(unfinished)) {
            throw new InputException("--resume: there is no " + unfinished + "; expected what an earlier command left. "
                    + "Leave it out.");
        }
    }
}
