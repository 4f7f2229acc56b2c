package dev.triptych.cli;

import dev.triptych.data.codes.CodeSet;
import dev.triptych.recipe.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Option;

/// The options of `eval` that only a Sorcen run has.
final class SorcenOptions {
    private static final int SAMPLES = 2000;
    private static final int ITERATIONS = 12;
    private static final double TEMPERATURE = 4.5;

    @Option(names = "--codes", paramLabel = "FILE", description = {
            "Sorcen: codes of the training images; by default those that the run was trained on."})
    private Path codes;

    @Option(names = "--test-codes", paramLabel = "FILE", description = {
            "Sorcen: codes of the test images; by default test.codes beside those of the training images."})
    private Path testCodes;

    @Option(names = "--tokenizer", paramLabel = "FILE|RUN", description = {
            "Sorcen: what made the codes, and decodes generated ones; by default the codebook beside them."})
    private Path tokenizer;

    @Option(names = "--transfer-train", paramLabel = "FILE", description = {
            "Sorcen: training codes of other images by the same tokenizer, for a probe on them."})
    private Path transferTrain;

    @Option(names = "--transfer-test", paramLabel = "FILE", description = {"Sorcen: the test codes that go with it."})
    private Path transferTest;

    @Option(names = "--classifier", paramLabel = "FILE", description = {
            "Sorcen: the classifier that judges generated pictures; trained and written where it is missing. By "
                    + "default it stands beside the codes, so that runs on them are judged by the same one."})
    private Path classifier;

    @Option(names = "--samples", paramLabel = "N", description = {
            "Sorcen: images that are generated and judged (" + SAMPLES + "); 0 for none."})
    private Integer samples;

    @Option(names = "--iterations", paramLabel = "N", description = {
            "Sorcen: iterations of generation (" + ITERATIONS + ")."})
    private Integer iterations;

    @Option(names = "--temperature", paramLabel = "T", description = {
            "Sorcen: temperature of the choice of what generation keeps (" + TEMPERATURE + ")."})
    private Double temperature;

    @Option(names = "--no-timing", description = {
            "Sorcen: leave out the speed of training, the one figure that differs from time to time."})
    private boolean noTiming;

    /// Refuses options that were given for a run of another method.
    void requireNone(Method method) {
        var given = new LinkedHashMap<String, Object>();
        given.put("--codes", codes);
        given.put("--test-codes", testCodes);
        given.put("--tokenizer", tokenizer);
        given.put("--transfer-train", transferTrain);
        given.put("--transfer-test", transferTest);
        given.put("--classifier", classifier);
        given.put("--samples", samples);
        given.put("--iterations", iterations);
        given.put("--temperature", temperature);
        given.put("--no-timing", noTiming ? "" : null);
        given.entrySet().stream().filter(option -> option.getValue() != null).map(Map.Entry::getKey).findFirst()
                .ifPresent(name -> {
                    throw new InputException(name + " goes with a run of sorcen; found one of "
                            + method.name().toLowerCase(Locale.ROOT) + ". Leave it out.");
                });
    }

    /// Images to generate.
    int samples() {
        return within("--samples", Objects.requireNonNullElse(samples, SAMPLES), 0, 1_000_000);
    }

    /// Iterations of generation.
    int iterations() {
        return within("--iterations", Objects.requireNonNullElse(iterations, ITERATIONS), 1, 1000);
    }

    private static int within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InputException(name + " is " + value + "; expected " + least + " to " + most
                    + ". Change it, or leave it out.");
        }
        return value;
    }

    /// Temperature of the choice.
    double temperature() {
        double value = Objects.requireNonNullElse(temperature, TEMPERATURE);
        if (!(value >= 0 && value <= 1000)) {
            throw new InputException("--temperature is " + value + "; expected 0 to 1000. Change it, or leave it out.");
        }
        return value;
    }

    boolean timing() {
        return !noTiming;
    }

    /// The codes of the training images.
    ///
    /// @param own file of the run
    CodeSet train(Path own) throws IOException {
        return CodeSet.open(codes == null ? own : codes);
    }

    /// The codes of the test images.
    CodeSet test(CodeSet train) throws IOException {
        Path file = testCodes == null ? train.path().resolveSibling("test.codes") : testCodes;
        requireFile("--test-codes", file, "the codes of the test images. Write them: triptych tokenize --tokenizer "
                + "TOKENIZER data=DIR --split test out=" + file + ".");
        return judged("--test-codes", train, same(train, CodeSet.open(file)));
    }

    /// Test codes are of other images than training codes, and of the same classes.
    private static CodeSet judged(String name, CodeSet train, CodeSet test) {
        if (test.header().imagesSha256().equals(train.header().imagesSha256())) {
            throw new InputException(name + " " + test.path() + " holds the codes of the very images of " + train.path()
                    + "; expected other images, because what was learned is not judged by itself. Tokenise the test "
                    + "split.");
        }
        if (!test.header().classes().equals(train.header().classes())) {
            throw new InputException(name + " " + test.path() + ": its classes are " + test.header().classes()
                    + ", those of " + train.path() + " are " + train.header().classes() + "; expected the same, in "
                    + "the same order. Give folders of the same names to `triptych tokenize`.");
        }
        return test;
    }

    private static CodeSet same(CodeSet train, CodeSet other) {
        other.requireSameCodes(train);
        return other;
    }

    private static void requireFile(String name, Path file, String what) {
        if (!Files.isRegularFile(file)) {
            throw new InputException(name + " " + file + ": there is no such file; expected " + what);
        }
    }

    /// Codes of other images.
    ///
    /// @param train to learn from
    /// @param test to be judged
    record Transfer(CodeSet train, CodeSet test) {
    }

    /// The codes of other images; null where none are given.
    Transfer transfer(CodeSet own) throws IOException {
        if (transferTrain == null && transferTest == null) {
            return null;
        }
        if (transferTrain == null || transferTest == null) {
            throw new InputException((transferTrain == null ? "--transfer-test" : "--transfer-train")
                    + " is given alone; expected --transfer-train and --transfer-test together. Add the other one, or "
                    + "leave both out.");
        }
        requireFile("--transfer-train", transferTrain, "a code file that `triptych tokenize` wrote.");
        requireFile("--transfer-test", transferTest, "a code file that `triptych tokenize` wrote.");
        CodeSet train = same(own, CodeSet.open(transferTrain));
        return new Transfer(train, judged("--transfer-test", train, same(own, CodeSet.open(transferTest))));
    }

    /// The tokenizer's file or run.
    Path tokenizer(CodeSet train) {
        return BesideCodes.tokenizer(train, tokenizer, ", or --samples 0 for an evaluation without generated images");
    }

    /// The classifier's file.
    Path classifier(CodeSet train) {
        return classifier == null ? BesideCodes.classifier(train.path()) : classifier;
    }
}
