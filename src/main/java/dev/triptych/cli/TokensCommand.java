package dev.triptych.cli;

import dev.triptych.embed.GivenPictures;
import dev.triptych.method.InputException;
import dev.triptych.recipe.Recipe;
import dev.triptych.train.TrainedRun;
import java.io.IOException;
import java.nio.file.Files;
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

/// What and where of any picture: S, L and the reconstruction.
@Command(name = "tokens", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Take pictures apart with a run of STELLAR or Triptych: the sparse tokens S (what), their localization L",
        "(where), and what the decoder paints of both. Pictures may have any size: the short side is scaled, then the",
        "centre is taken. Writes tokens.safetensors (cls, sparse, localization) and tokens.png (heat maps) into --out,",
        "and with --drop or --swap edited.png, what the edited tokens decode to."}, footer = {"",
                "Examples:", "  triptych tokens --run runs/stellar-cifar-001 cat.jpg dog.png --out pets",
                "  triptych tokens --run runs/stellar-cifar-001 cat.jpg --json"})
final class TokensCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions run;

    @Option(names = "--out", paramLabel = "DIR", description = {
            "Folder for both files; `tokens` in the run folder by default."})
    private Path out;

    @Option(names = "--json", description = {
            "A line of JSON for each picture: file, share of each token, PSNR, S and L."})
    private boolean json;

    @Option(names = "--drop", paramLabel = "TOKEN", description = {
            "Delete this token of every picture, counted from 1, and decode what is left into edited.png; may be given "
                    + "again."})
    private List<Integer> drop = new ArrayList<>();

    @Option(names = "--swap", paramLabel = "TOKEN:IMAGE:TOKEN", description = {
            "Let a token say what a token of one of the pictures says, in its own place, such as 1:other.jpg:3; may be "
                    + "given again."})
    private List<String> swap = new ArrayList<>();

    @Parameters(paramLabel = "IMAGE", arity = "1..*", description = {
            "Picture files: PNG, JPEG, GIF, BMP, PNM, TIFF or WebP."})
    private List<Path> files = new ArrayList<>();

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec).in(false, json);
        var folder = run.folder();
        Path weights = run.checkpoint(folder);
        var methods = Main.methods(spec);
        Recipe recipe = folder.recipe(methods.recipes());
        var reader = methods.of(recipe).tokens().orElseThrow(() -> new InputException(
                "--run " + folder.path() + " is a run of " + methods.of(recipe).title() + ", which has no tokens S and "
                        + "no localization L; expected a run of "
                        + methods.titles(method -> method.tokens().isPresent(), " or ") + ". Choose another run."));
        var pictures = GivenPictures.read(files, recipe.data().side(), GivenPictures.decoder(recipe));
        Path target = out == null ? folder.path().resolve("tokens") : out;
        if (Files.exists(target) && !Files.isDirectory(target)) {
            throw new InputException("--out " + target + " is a file; expected a folder. Choose another name.");
        }
        try (var opened = device.open(); var place = new CommandPlace(terminal, methods, opened)) {
            for (var outcome : reader.read(TrainedRun.open(folder, weights, recipe, recipe), pictures, files,
                    drop, swap, target, place)) {
                terminal.tell(outcome);
            }
        }
        return 0;
    }
}
