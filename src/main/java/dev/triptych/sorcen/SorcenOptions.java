package dev.triptych.sorcen;

import dev.triptych.data.codes.BesideCodes;
import dev.triptych.data.codes.CodeSet;
import dev.triptych.method.InputException;
import dev.triptych.method.Judging;
import dev.triptych.method.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The options of `eval` that only a Sorcen run has.
///
/// @param how what was given
/// @param recipe what the run was trained with
record SorcenOptions(Judging how, SorcenSection recipe) {
    private static final int DEFAULT_SAMPLES = 2000;

    private static final Option<Path> CODES = new Option<>("--codes", Path.class, "FILE",
            "Sorcen: codes of the training images; by default those that the run was trained on.");
    private static final Option<Path> TEST_CODES = new Option<>("--test-codes", Path.class, "FILE",
            "Sorcen: codes of the test images; by default test.codes beside those of the training images.");
    private static final Option<Path> TOKENIZER = new Option<>("--tokenizer", Path.class, "FILE|RUN",
            "Sorcen: what made the codes, and decodes generated ones; by default the codebook beside them.");
    private static final Option<Path> TRANSFER_TRAIN = new Option<>("--transfer-train", Path.class, "FILE",
            "Sorcen: training codes of other images by the same tokenizer, for a probe on them.");
    private static final Option<Path> TRANSFER_TEST = new Option<>("--transfer-test", Path.class, "FILE",
            "Sorcen: the test codes that go with it.");
    private static final Option<Path> CLASSIFIER = new Option<>("--classifier", Path.class, "FILE",
            "Sorcen: the classifier that judges generated pictures; trained and written where it is missing. By "
                    + "default it stands beside the codes, so that runs on them are judged by the same one.");
    private static final Option<Integer> SAMPLES = new Option<>("--samples", Integer.class, "N",
            "Sorcen: images that are generated and judged (" + DEFAULT_SAMPLES + "); 0 for none.");
    private static final Option<Integer> ITERATIONS = new Option<>("--iterations", Integer.class, "N",
            "Sorcen: iterations of generation (the recipe's).");
    private static final Option<Double> TEMPERATURE = new Option<>("--temperature", Double.class, "T",
            "Sorcen: temperature of the choice of what generation keeps (the recipe's).");
    private static final Option<Boolean> NO_TIMING = new Option<>("--no-timing", Boolean.class, "",
            "Sorcen: leave out the speed of training, the one figure that differs from time to time.");

    /// All of them.
    static final List<Option<?>> ALL = List.of(CODES, TEST_CODES, TOKENIZER, TRANSFER_TRAIN, TRANSFER_TEST, CLASSIFIER,
            SAMPLES, ITERATIONS, TEMPERATURE, NO_TIMING);

    /// Images to generate.
    int samples() {
        return within(SAMPLES, DEFAULT_SAMPLES, 0, 1_000_000);
    }

    /// Iterations of generation.
    int iterations() {
        return within(ITERATIONS, recipe.generateIterations(), 1, 1000);
    }

    private int within(Option<Integer> option, int otherwise, int least, int most) {
        int value = how.value(option, otherwise);
        if (value < least || value > most) {
            throw new InputException(option.name() + " is " + value + "; expected " + least + " to " + most
                    + ". Change it, or leave it out.");
        }
        return value;
    }

    /// Temperature of the choice.
    double temperature() {
        double value = how.value(TEMPERATURE, recipe.generateTemperature());
        if (!(value >= 0 && value <= 1000)) {
            throw new InputException("--temperature is " + value + "; expected 0 to 1000. Change it, or leave it out.");
        }
        return value;
    }

    boolean timing() {
        return !how.value(NO_TIMING, false);
    }

    /// The codes of the training images.
    ///
    /// @param own file of the run
    CodeSet train(Path own) throws IOException {
        return CodeSet.open(how.value(CODES, own));
    }

    /// The codes of the test images.
    CodeSet test(CodeSet train) throws IOException {
        Path file = how.value(TEST_CODES, train.path().resolveSibling("test.codes"));
        requireFile(TEST_CODES, file, "the codes of the test images. Write them: triptych tokenize --tokenizer "
                + "TOKENIZER data=DIR --split test out=" + file + ".");
        return judged(TEST_CODES, train, same(train, CodeSet.open(file)));
    }

    /// Test codes are of other images than training codes, and of the same classes.
    private static CodeSet judged(Option<Path> option, CodeSet train, CodeSet test) {
        if (test.header().imagesSha256().equals(train.header().imagesSha256())) {
            throw new InputException(option.name() + " " + test.path() + " holds the codes of the very images of "
                    + train.path() + "; expected other images, because what was learned is not judged by itself. "
                    + "Tokenise the test split.");
        }
        if (!test.header().classes().equals(train.header().classes())) {
            throw new InputException(option.name() + " " + test.path() + ": its classes are "
                    + test.header().classes() + ", those of " + train.path() + " are " + train.header().classes()
                    + "; expected the same, in the same order. Give folders of the same names to `triptych tokenize`.");
        }
        return test;
    }

    private static CodeSet same(CodeSet train, CodeSet other) {
        other.requireSameCodes(train);
        return other;
    }

    private static void requireFile(Option<Path> option, Path file, String what) {
        if (!Files.isRegularFile(file)) {
            throw new InputException(option.name() + " " + file + ": there is no such file; expected " + what);
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
        Path learnt = how.value(TRANSFER_TRAIN, null);
        Path judged = how.value(TRANSFER_TEST, null);
        if (learnt == null && judged == null) {
            return null;
        }
        if (learnt == null || judged == null) {
            throw new InputException((learnt == null ? TRANSFER_TEST : TRANSFER_TRAIN).name()
                    + " is given alone; expected --transfer-train and --transfer-test together. Add the other one, or "
                    + "leave both out.");
        }
        requireFile(TRANSFER_TRAIN, learnt, "a code file that `triptych tokenize` wrote.");
        requireFile(TRANSFER_TEST, judged, "a code file that `triptych tokenize` wrote.");
        CodeSet train = same(own, CodeSet.open(learnt));
        return new Transfer(train, judged(TRANSFER_TEST, train, same(own, CodeSet.open(judged))));
    }

    /// The tokenizer's file or run.
    Path tokenizer(CodeSet train) {
        return tokenizer(train, how.value(TOKENIZER, null),
                ", or --samples 0 for an evaluation without generated images");
    }

    /// The file or run of the tokenizer that decodes codes.
    ///
    /// @param given `--tokenizer`; null for the codebook beside the codes
    /// @param otherwise how to do without, in words
    /// @throws InputException if there is nothing of that name
    static Path tokenizer(CodeSet codes, Path given, String otherwise) {
        Path found = given == null ? BesideCodes.codebook(codes.path()) : given;
        if (!Files.exists(found)) {
            throw new InputException("--tokenizer " + found + ": there is no such file; expected what made "
                    + codes.path() + ", " + codes.header().tokenizer() + ". Give --tokenizer FILE, for a VQ-VAE "
                    + "--tokenizer RUN" + otherwise + ".");
        }
        return found;
    }

    /// The classifier's file.
    Path classifier(CodeSet train) {
        return how.value(CLASSIFIER, BesideCodes.classifier(train.path()));
    }
}
