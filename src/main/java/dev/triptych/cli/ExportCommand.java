package dev.triptych.cli;

import dev.triptych.export.ExportFormat;
import dev.triptych.io.Json;
import dev.triptych.method.InputException;
import dev.triptych.method.PlainEncoder;
import dev.triptych.recipe.Recipe;
import dev.triptych.train.RunFolder;
import dev.triptych.train.TrainedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Writes an encoder for programs of others.
@Command(name = "export", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Write the encoder of a run as files that other programs load without code of ours: stock timm, stock",
        "Hugging Face transformers, or any ONNX runtime; with a model card that says how."}, footer = {"", "Examples:",
                "  triptych export --run runs/stellar-cifar-001 --to hf --out stellar-hf",
                "  triptych export --run runs/bits-cifar-001 --to onnx --checkpoint best"})
final class ExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions run;

    @Option(names = "--to", paramLabel = "timm|hf|onnx", required = true, description = {
            "timm: timm.create_model(\"local-dir:DIR\", pretrained=True); hf: AutoModel.from_pretrained(DIR); onnx: "
                    + "model.onnx, pixels to CLS, D, S and L."})
    private ExportFormat format;

    @Option(names = "--out", paramLabel = "DIR", description = {
            "Folder, new or empty; export-timm and so on in the run folder by default."})
    private Path out;

    @Option(names = "--json", description = {"The result as a line of JSON."})
    private boolean json;

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec).in(false, json);
        var folder = run.folder();
        Path weights = run.checkpoint(folder);
        var methods = Main.methods(spec);
        Recipe recipe = folder.recipe(methods.recipes());
        var method = methods.of(recipe);
        PlainEncoder encoder = method.plainEncoder().orElseThrow(() -> new InputException(
                "--run " + folder.path() + " is a run of " + method.title() + ", which does not see pixels through a "
                        + "vision transformer; expected a run of "
                        + methods.titles(m -> m.plainEncoder().isPresent(), " or ") + ". Choose another run."))
                .apply(recipe);
        Path target = out == null ? folder.path().resolve("export-" + format) : out;
        RunFolder.requireNew(target);
        format.write(encoder, TrainedRun.open(folder, weights, recipe, recipe), facts(folder, method.title(), recipe),
                Files.createDirectories(target));
        terminal.print("Written: " + target + ". How it is loaded: " + target.resolve("README.md"));
        terminal.result(Map.of("folder", target.toString()));
        return 0;
    }

    /// The folder's name alone: a card is passed on, and where the folder lay is nobody's business.
    private static String data(Recipe recipe) {
        return recipe.data().generated()
                ? "generated scenes"
                : Path.of(recipe.data().dir()).toAbsolutePath().normalize().getFileName().toString();
    }

    /// What the model card says of the training.
    private static Map<String, String> facts(RunFolder folder, String method, Recipe recipe) throws IOException {
        var facts = new LinkedHashMap<String, String>();
        facts.put("method", method);
        facts.put("data", data(recipe));
        facts.put("seed", Long.toString(recipe.seed()));
        Path file = folder.path().resolve("provenance.json");
        Map<String, Object> provenance = Files.exists(file) ? Json.read(Files.readString(file)) : Map.of();
        for (String name : List.of("commit", "commit-changed", "started")) {
            if (provenance.get(name) != null) {
                facts.put(name, provenance.get(name).toString());
            }
        }
        return facts;
    }
}
