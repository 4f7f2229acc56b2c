package dev.triptych.cli;

import dev.triptych.bench.EmbedBench;
import dev.triptych.bench.Machine;
import dev.triptych.data.set.BadImages;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.SourceOptions;
import dev.triptych.data.source.Sources;
import dev.triptych.embed.Embedding;
import dev.triptych.embed.GivenPictures;
import dev.triptych.method.InputException;
import dev.triptych.recipe.Recipe;
import dev.triptych.train.TrainedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `embed` beside the encoder alone.
@Command(name = "embed", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Measure `embed` beside the encoder alone, in turns.",
        "Prints images a second of both, and the largest heap behind a collection among the first tenth of the",
        "pictures and among all others."}, footer = {"", "Examples:",
                "  triptych bench embed --run runs/stellar-cifar-001 --pictures 10000",
                "  triptych bench embed --run runs/stellar-cifar-001 --in photos"})
final class BenchEmbedCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions run;

    @Option(names = "--in", paramLabel = "SOURCE", description = {
            "Pictures, as of `embed`; without it scenes are drawn into PNG files, twice as wide as the encoder reads."})
    private Path in;

    @Option(names = "--pictures", paramLabel = "N", defaultValue = "10000", description = {
            "How many are drawn (10000)."})
    private int pictures;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "64", description = {
            "Pictures that are encoded together (64)."})
    private int batch;

    @Option(names = "--json", description = {"One line of JSON."})
    private boolean json;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws IOException {
        if (pictures < 1 || pictures > 1_000_000) {
            throw new InputException("--pictures is " + pictures + "; expected 1 to 1000000. Leave it out for 10000.");
        }
        if (batch < 1 || batch > 4096) {
            throw new InputException("--batch is " + batch + "; expected 1 to 4096. Leave it out for 64.");
        }
        var terminal = Terminal.of(spec).in(false, json);
        var folder = run.folder();
        Path weights = run.checkpoint(folder);
        var methods = Main.methods(spec);
        Recipe recipe = folder.recipe(methods.recipes());
        var embedding = Embedding.of(TrainedRun.open(folder, weights, recipe, recipe),
                methods.of(recipe).programs(recipe), batch, List.of(), BadImages.STOP);
        Path work = Files.createTempDirectory("triptych-embed");
        try {
            if (in == null) {
                EmbedBench.draw(work.resolve("pictures"), pictures, recipe.data().side());
            }
            try (var source = Sources.whole(in == null ? work.resolve("pictures") : in, SourceOptions.AUTO);
                    var opened = device.open();
                    var working = terminal.working("pictures", source.pictures())) {
                tell(terminal, EmbedBench.measure(embedding, source, new EntryDecoder(GivenPictures.decoder(recipe)),
                        opened, work.resolve("rows.safetensors"), working::did));
            }
        } finally {
            try (Stream<Path> files = Files.walk(work)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        return 0;
    }

    private void tell(Terminal terminal, EmbedBench.Result result) {
        terminal.print(String.format(Locale.ROOT, "%,d pictures: %.1f images/s, the encoder alone %.1f: %.3f of it; of "
                + "processor time %.1f and %.1f images/s", result.pictures(), result.embed(), result.encoder(),
                result.embed() / result.encoder(), result.embedCpu(), result.encoderCpu()));
        terminal.print(String.format(Locale.ROOT, "Heap behind a collection, at most: %.1f MB among the first tenth, "
                + "%.1f MB among the others", result.early() / 1e6, result.late() / 1e6));
        var values = new LinkedHashMap<String, Object>();
        values.put("pictures", result.pictures());
        values.put("batch", batch);
        values.put("embed_images_per_s", result.embed());
        values.put("encoder_images_per_s", result.encoder());
        values.put("embed_images_per_cpu_s", result.embedCpu());
        values.put("encoder_images_per_cpu_s", result.encoderCpu());
        values.put("heap_first_tenth_bytes", result.early());
        values.put("heap_rest_bytes", result.late());
        values.putAll(Machine.values());
        terminal.result(values);
    }
}
