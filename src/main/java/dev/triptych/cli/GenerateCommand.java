package dev.triptych.cli;

import dev.triptych.method.InputException;
import dev.triptych.train.TrainedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Draws images that never were from a trained Sorcen or Triptych.
@Command(name = "generate", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Generate images from a run of Sorcen or Triptych, by iterative parallel decoding of codes.",
        "Writes generated.png, what the tokenizer makes of them, into the run folder, and with Sorcen generated.codes,"
                + " a code file."}, footer = {"", "Examples:",
                        "  triptych generate --run runs/sorcen-cifar-001 n=64 seed=1",
                        "  triptych generate --run runs/sorcen-cifar-001 n=16 iterations=8 temperature=4.5",
                        "  triptych generate --run runs/sorcen-cifar-001 n=8 from=cat.jpg mask=0,0,0.5,1",
                        "  triptych generate --run runs/triptych-cifar-001 n=8 from=cat.jpg mask=0.25,0.25,0.5,0.5"})
final class GenerateCommand implements Callable<Integer> {
    private static final String NAME = "generated";

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions run;

    @Option(names = "--tokenizer", paramLabel = "FILE|RUN", description = {
            "The codebook or VQ-VAE that decodes; by default the codebook beside the run's code file."})
    private Path tokenizer;

    @Option(names = "--out", paramLabel = "NAME", defaultValue = NAME, description = {
            "Name of both files in the run folder (" + NAME + ")."})
    private String out;

    @Parameters(paramLabel = "key=value", arity = "0..*", description = {
            "n: images (64). seed: of all draws (1). iterations: of the decoding, and temperature: of the choice of "
                    + "what is kept (both the recipe's). from: a picture of which a part is generated anew, mask: that "
                    + "part, as shares of the picture (0.25,0.25,0.5,0.5: left, upper edge, width, height)."})
    private List<String> settings = new ArrayList<>();

    @Option(names = "--quiet", description = {"No progress lines."})
    private boolean quiet;

    @Option(names = "--json", description = {"Progress and results as lines of JSON."})
    private boolean json;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec).in(quiet, json);
        String wrong = out.contains("/") || out.contains("\\")
                ? "without folders, because both files lie in the run folder"
                : out.isEmpty()
                        ? "of one letter at least"
                        : out.startsWith(".") ? "without a dot in front, which would hide both files" : null;
        if (wrong != null) {
            throw new InputException("--out is '" + out + "'; expected a name " + wrong + ". Leave it out for " + NAME
                    + ".");
        }
        var folder = run.folder();
        Path file = run.checkpoint(folder);
        var methods = Main.methods(spec);
        var recipe = folder.recipe(methods.recipes());
        var generator = methods.of(recipe).generator().orElseThrow(() -> new InputException(folder.path()
                + ": a run of " + methods.of(recipe).title() + "; expected one of "
                + methods.titles(method -> method.generator().isPresent(), " or ")
                + ", because only their decoders give codes. Give --run one of these."));
        try (var opened = device.open(); var place = new CommandPlace(terminal, methods, opened)) {
            terminal.tell(generator.generate(TrainedRun.open(folder, file, recipe, recipe), settings, tokenizer, out,
                    place));
            Runs.page(folder, methods, terminal);
        }
        return 0;
    }
}
