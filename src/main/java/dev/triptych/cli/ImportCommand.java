package dev.triptych.cli;

import dev.triptych.export.EncoderImport;
import dev.triptych.method.InputException;
import dev.triptych.method.Method;
import dev.triptych.method.Registry;
import dev.triptych.method.WeightsReader;
import dev.triptych.recipe.Recipe;
import dev.triptych.train.Provenance;
import dev.triptych.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Makes a run of weights that others released.
@Command(name = "import", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Make a run of the authors' weights of STELLAR, of Hugging Face's of MAE, or of MaskGIT's VQGAN (safetensors,",
        "with the names of their code), for `tokens`, `eval`, `tokenize` and `train --init-from`; or of an encoder",
        "alone: ViT, ViT-MAE or DINOv2 of transformers or timm, and what `export` wrote. Tensors that are missing, too",
        "many or of another shape are listed, all of them."}, footer = {
                "", "Examples:",
                "  triptych import --from stellar-b16.safetensors --as stellar-b16",
                "  triptych import --from stellar-b8.safetensors --as stellar-b16 stellar.tokens=8 --out runs/b8",
                "  triptych import --from vit-mae-base.safetensors --as mae-paper",
                "  triptych import --from maskgit-vqgan.safetensors --as maskgit-vqgan",
                "  triptych import --from mine.safetensors --as mine.yaml",
                "  triptych import --encoder --from dinov2-with-registers-small --as stellar-on-dinov2",
                "  triptych import --encoder --from exported --as runs/stellar-cifar-001/recipe.yaml"})
final class ImportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--from", paramLabel = "FILE", required = true, description = {
            "The authors' file; with --encoder a model.safetensors, or its folder."})
    private Path from;

    @Option(names = "--as", paramLabel = "NAME|FILE", required = true, description = {
            "The recipe whose model the weights are: a built-in one, or a YAML file."})
    private String as;

    @Option(names = "--encoder", description = {
            "Take an encoder alone; all else of the recipe's model begins as in a new training."})
    private boolean encoder;

    @Option(names = "--out", paramLabel = "RUN", description = {
            "Folder of the run, new or empty; runs/NAME-001 and so on by default."})
    private Path out;

    @Option(names = "--runs", paramLabel = "DIR", defaultValue = "runs", description = {"Folder of all runs (runs)."})
    private Path runs;

    @Option(names = "--json", description = {"The result as a line of JSON."})
    private boolean json;

    @Parameters(paramLabel = "key=value", arity = "0..*", description = {"Overrides of the recipe."})
    private List<String> overrides = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.of(spec).in(false, json);
        if (Files.isDirectory(from) && !encoder) {
            throw new InputException("--from " + from + " is a folder; expected a safetensors file. Name the file in "
                    + "it.");
        }
        var methods = Main.methods(spec);
        var loaded = methods.recipes().load(as, overrides);
        var method = methods.of(loaded.recipe());
        if (out != null) {
            RunFolder.requireNew(out);
        }
        var weights = encoder
                ? encoder(terminal, methods, method, loaded.recipe())
                : reader(methods, method).open(from, loaded.recipe());
        var provenance = Provenance.collect("none: weights of " + from.toAbsolutePath().normalize(),
                loaded.recipe().seed(), spec.commandLine().getParseResult().originalArgs());
        RunFolder run = out == null
                ? RunFolder.create(runs, loaded.name(), loaded.recipe(), provenance)
                : RunFolder.create(out, loaded.recipe(), provenance);
        Path checkpoint = run.checkpoints().save(0, weights::save);
        var left = weights.unused();
        terminal.print(String.format(Locale.ROOT, "%d tensors, %,d parameters; %d tensors that %s never uses were "
                + "left out%s", weights.used(), weights.parameters(), left.size(), method.title(),
                left.isEmpty() ? "" : ": " + String.join(", ", left)));
        terminal.print("Checkpoint: " + checkpoint);
        terminal.print("Run folder: " + run.path());
        var result = new LinkedHashMap<String, Object>();
        result.put("run", run.path().toString());
        result.put("tensors", weights.used());
        result.put("parameters", weights.parameters());
        result.put("unused", left);
        terminal.result(result);
        return 0;
    }

    private static WeightsReader reader(Registry methods, Method method) {
        return method.weights().orElseThrow(() -> {
            String known = methods.titles(m -> m.weights().isPresent(), " or ");
            return new InputException("the recipe is one of " + method.title() + "; expected one of " + known
                    + ", whose authors' weights can be read. Give --as stellar-b16, or another " + known + " recipe.");
        });
    }

    private WeightsReader.Weights encoder(Terminal terminal, Registry methods, Method method, Recipe recipe)
            throws IOException {
        var plain = method.plainEncoder().orElseThrow(() -> new InputException("--encoder: the recipe is one of "
                + method.title() + ", which has no encoder of pictures; expected one of "
                + methods.titles(m -> m.plainEncoder().isPresent(), " or ") + ". Give another recipe by --as."));
        var opened = EncoderImport.open(from, recipe, plain.apply(recipe), method.programs(recipe));
        if (!opened.described()) {
            terminal.remark(
                    "no config.json beside " + from + ": heads and eps are taken to be the recipe's, and pixels "
                            + "those of ImageNet");
        }
        if (!opened.fresh().isEmpty()) {
            terminal.remark(opened.fresh().size() + " parameters begin as in a new training, from "
                    + opened.fresh().getFirst() + " to " + opened.fresh().getLast());
        }
        return opened.weights();
    }
}
