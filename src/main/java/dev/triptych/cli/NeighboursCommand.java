package dev.triptych.cli;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.set.BadImages;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.SourceOptions;
import dev.triptych.data.source.Sources;
import dev.triptych.embed.GivenPictures;
import dev.triptych.embed.NearestPictures;
import dev.triptych.embed.Nearness;
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

/// Pictures of one's own that are like a picture of one's own.
@Command(name = "neighbours", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Find the pictures of a folder or archive that are nearest to given ones: by CLS, by the bits of the",
        "message, or by one object, which is a sparse token. Prints a table, writes a sheet of pictures."}, footer = {
                "",
                "Examples:", "  triptych neighbours --run runs/bits-cifar-001 --of cat.jpg --in photos --by bits",
                "  triptych neighbours --run runs/stellar-cifar-001 --of cat.jpg --in photos --by token --token 2",
                "  triptych neighbours --run runs/triptych-cifar-001 --of cat.jpg --in photos --by bits,token"})
final class NeighboursCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions run;

    @Option(names = "--of", paramLabel = "PICTURE", required = true, arity = "1..*", description = {
            "Pictures whose neighbours are looked for."})
    private List<Path> of = new ArrayList<>();

    @Option(names = "--in", paramLabel = "SOURCE", required = true, description = {
            "Pictures that are looked among: a folder, flat or with classes, or whatever else `data=` may name."})
    private Path in;

    @Option(names = "--by", paramLabel = "WAY", split = ",", defaultValue = "cls", description = {
            "What is compared: cls, the cosine of CLS (the default); bits, how many differ; token, one token with the "
                    + "nearest token. With commas one after the other, on one sheet."})
    private List<Nearness> by;

    @Option(names = "--token", paramLabel = "N", defaultValue = "1", description = {
            "With --by token: the token of PICTURE that is looked for (1); `tokens` shows where each is."})
    private int token;

    @Option(names = "--count", paramLabel = "N", defaultValue = "8", description = {"Neighbours of each picture (8)."})
    private int count;

    @Option(names = "--sheet", paramLabel = "FILE", description = {
            "The sheet, a PNG; neighbours.png in the run folder by default."})
    private Path sheet;

    @Option(names = "--skip-bad", arity = "0..1", fallbackValue = "true", paramLabel = "true|false", description = {
            "As data.skip-bad: pass over any number of pictures of SOURCE that cannot be read; false stops at the "
                    + "first; without it they are passed over while they are few."})
    private Boolean skipBad;

    @Option(names = "--quiet", description = {"No progress lines."})
    private boolean quiet;

    @Option(names = "--json", description = {"Progress and results as lines of JSON."})
    private boolean json;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec).in(quiet, json);
        if (count < 1 || count > 100) {
            throw new InputException("--count is " + count + "; expected 1 to 100. Leave it out for 8.");
        }
        if (token < 1) {
            throw new InputException("--token is " + token + "; expected 1 or more. Leave it out for the first.");
        }
        var folder = run.folder();
        Path weights = run.checkpoint(folder);
        var methods = Main.methods(spec);
        Recipe recipe = folder.recipe(methods.recipes());
        var method = methods.of(recipe);
        var limited = GivenPictures.decoder(recipe);
        var queries = GivenPictures.read(of, recipe.data().side(), limited);
        Path target = sheet == null ? folder.path().resolve("neighbours.png") : sheet;
        if (Files.isDirectory(target)) {
            throw new InputException("--sheet " + target + " is a folder; expected the name of a file. Add one.");
        }
        var trained = TrainedRun.open(folder, weights, recipe, recipe);
        var ways = by.stream().map(b -> new NearestPictures(trained, method.programs(recipe), b, token - 1, count))
                .toList();
        ways.forEach(NearestPictures::require);
        try (var source = Sources.whole(in, SourceOptions.AUTO); var opened = device.open()) {
            long all = source.pictures();
            var answers = new ArrayList<NearestPictures.Answers>();
            var passed = new ArrayList<ImageException>();
            try (var working = terminal.working("pictures", all * ways.size())) {
                for (var way : ways) {
                    passed.clear(); // the same in each pass
                    answers.add(new NearestPictures.Answers(way, way.find(queries, source, new EntryDecoder(limited),
                            BadImages.of(skipBad), opened, working::did, passed::add)));
                }
            }
            if (!passed.isEmpty()) {
                terminal.remark(passed.size() + " pictures left out because they cannot be read, the first: "
                        + passed.getFirst().getMessage());
            }
            for (var some : answers) {
                some.all().forEach(answer -> tell(terminal, some.how().by(), answer));
            }
            NearestPictures.sheet(trained.title(method.title()), answers).write(target).ifPresent(terminal::remark);
            terminal.print("Sheet: " + target);
        }
        return 0;
    }

    private void tell(Terminal terminal, Nearness nearness, NearestPictures.Answer answer) {
        terminal.print(answer.query() + (by.size() > 1 ? ", by " + nearness : ""));
        int rank = 1;
        for (var found : answer.found()) {
            terminal.print(String.format(Locale.ROOT, "  %2d  %-16s %s%s", rank, found.text(), found.file(),
                    found.label().isEmpty() ? "" : "  (" + found.label() + ")"));
            var values = new LinkedHashMap<String, Object>();
            values.put("query", answer.query());
            values.put("by", nearness.toString());
            values.put("rank", rank++);
            values.put("closeness", found.closeness());
            values.put("file", found.file());
            values.put("label", found.label());
            terminal.result(values);
        }
    }
}
