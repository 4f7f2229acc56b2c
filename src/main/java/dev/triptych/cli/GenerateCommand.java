package dev.triptych.cli;

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

/// Draws images that never were from a trained Sorcen.
@Command(name = "generate", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Generate images from a Sorcen run, by iterative parallel decoding of codes.",
        "Writes generated.codes, a code file, and generated.png, what the tokenizer makes of it, into the run "
                + "folder."}, footer = {"", "Examples:", "  triptych generate --run runs/sorcen-cifar-001 n=64 seed=1",
                        "  triptych generate --run runs/sorcen-cifar-001 n=16 iterations=8 temperature=4.5"})
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
            "n: images (64). seed: of all draws (1). iterations: of the decoding (12). "
                    + "temperature: of the choice of what is kept (4.5)."})
    private List<String> settings = new ArrayList<>();

    @Option(names = "--quiet", description = {"No progress lines."})
    private boolean quiet;

    @Option(names = "--json", description = {"Progress and results as lines of JSON."})
    private boolean json;

    @Mixin
    private DeviceOptions device;

    /// @param n images
    /// @param seed of all draws
    /// @param iterations T
    /// @param temperature of the choice
    record Settings(int n, long seed, int iterations, double temperature) {
        /// Reads `key=value`.
        ///
        /// @throws InputException for an unknown key, or a value that does not fit
        static Settings of(List<String> words) {
            var s = new Settings(64, 1, 12, 4.5);
            for (String word : words) {
                String[] parts = word.split("=", 2);
                String value = parts.length == 2 ? parts[1] : "";
                s = switch (parts[0]) {
                    case "n" -> new Settings((int) whole(word, value, 1, 1 << 20), s.seed, s.iterations,
                            s.temperature);
                    case "seed" -> new Settings(s.n, whole(word, value, 0, Long.MAX_VALUE), s.iterations,
                            s.temperature);
                    case "iterations" -> new Settings(s.n, s.seed, (int) whole(word, value, 1, 10_000), s.temperature);
                    case "temperature" -> new Settings(s.n, s.seed, s.iterations, number(word, value));
                    default -> throw new InputException("'" + word + "' is unknown; expected n=, seed=, iterations= or "
                            + "temperature=. Leave it out, or name one of these.");
                };
            }
            return s;
        }

        private static long whole(String word, String value, long least, long most) {
            try {
                long number = Long.parseLong(value);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // told below
            }
            throw new InputException("'" + word + "': expected a whole number of " + least + " to " + most
                    + ". Change the value.");
        }

        private static double number(String word, String value) {
            try {
                double number = Double.parseDouble(value);
                if (number >= 0 && number <= 1000) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // told below
            }
            throw new InputException("'" + word + "': expected a number of 0 to 1000. Change the value.");
        }
    }

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
        try (var opened = device.open()) {
            new GenerationRun(terminal, folder, file, tokenizer, opened).generate(Settings.of(settings), out);
        }
        return 0;
    }
}
