package dev.triptych.cli;

import dev.triptych.data.source.Split;
import dev.triptych.method.InputException;
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

/// Turns images into a file of codes.
@Command(name = "tokenize", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Turn images into a file of codes, once; training on codes opens nothing else.",
        "Prints how many codes are used and how evenly, and the PSNR of what decodes from them. "
                + "Memory does not grow with the number of images."}, footer = {"", "Examples:",
                        "  triptych tokenize --tokenizer kmeans data=DIR out=codes/train.codes",
                        "  triptych tokenize --tokenizer codes/train.tokenizer.safetensors data=DIR --split test "
                                + "out=codes/test.codes",
                        "  triptych tokenize --tokenizer runs/vqvae-cifar-001 data=DIR out=codes/vq-train.codes",
                        "  triptych tokenize --tokenizer kmeans kmeans.codes=256 data.train-images=4000 "
                                + "data.test-images=500 out=scenes.codes"})
final class TokenizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--tokenizer", paramLabel = "kmeans|RUN|FILE", required = true, description = {
            "kmeans: fit a patch codebook to the training images and save it beside the codes; FILE: a codebook that "
                    + "was saved so; RUN: the folder of a trained VQ-VAE."})
    private String tokenizer;

    @Option(names = "--split", paramLabel = "train|test", defaultValue = "train", description = {
            "The part of the images that becomes codes (train)."})
    private String split;

    @Option(names = "--views", paramLabel = "1|2", defaultValue = "1", description = {
            "1: the images; 2: their mirror images too, each as codes of its own (1)."})
    private String views;

    @Option(names = "--unaccepted", description = {
            "Use a VQ-VAE although `eval` has not accepted it as a tokenizer."})
    private boolean unaccepted;

    @Option(names = "--save", paramLabel = "FILE", description = {
            "Where a fitted codebook is kept; beside the codes by default, with the ending .tokenizer.safetensors."})
    private Path save;

    @Option(names = "--quiet", description = {"No progress lines."})
    private boolean quiet;

    @Option(names = "--json", description = {"Progress and results as lines of JSON."})
    private boolean json;

    @Option(names = "--force", description = {"Replace files that exist."})
    private boolean force;

    @Parameters(paramLabel = "key=value", arity = "0..*", description = {
            "out=FILE and data=DIR; data.KEY=VALUE, kmeans.KEY=VALUE, seed=N. `triptych tokenize --keys` lists them."})
    private List<String> settings = new ArrayList<>();

    @Option(names = "--keys", help = true, description = {"List all keys with their defaults."})
    private boolean keys;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec).in(quiet, json);
        if (keys) {
            terminal.print(dev.triptych.recipe.Tokenization.describe().stripTrailing());
            return 0;
        }
        Split part = switch (split) {
            case "train" -> Split.TRAIN;
            case "test" -> Split.TEST;
            default -> throw new InputException("--split is '" + split + "'; expected train or test.");
        };
        int count = switch (views) {
            case "1" -> 1;
            case "2" -> 2;
            default -> throw new InputException("--views is '" + views + "'; expected 1, or 2 for the images and "
                    + "their mirror images.");
        };
        try (var opened = device.open()) {
            new TokenizeRun(terminal, Main.methods(spec), settings, part, count, save, force, unaccepted).run(tokenizer,
                    opened);
        }
        return 0;
    }
}
