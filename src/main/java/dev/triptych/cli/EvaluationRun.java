package dev.triptych.cli;

import dev.triptych.bits.BitSheet;
import dev.triptych.bits.BitsEvaluation;
import dev.triptych.bits.BitsViewSettings;
import dev.triptych.data.codes.CodeTargets;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.Split;
import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.io.Json;
import dev.triptych.measure.feature.ImageEncoder;
import dev.triptych.measure.feature.Knn;
import dev.triptych.method.Evaluation;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.EvaluationReport;
import dev.triptych.methods.Methods;
import dev.triptych.recipe.Recipe;
import dev.triptych.sheet.RetrievalSheet;
import dev.triptych.stellar.StellarEvaluation;
import dev.triptych.stellar.TokenSheet;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One evaluation from the command line: the weights of a checkpoint beside untrained ones, the report, the sheet.
final class EvaluationRun {
    private static final int LARGEST_BATCH = 64;

    private final Terminal terminal;
    private final RunFolder run;
    private final Path checkpoint;
    private final Recipe recipe;
    private final Device device;

    /// @param checkpoint of the run
    /// @param recipe of the run, possibly with other images
    EvaluationRun(Terminal terminal, RunFolder run, Path checkpoint, Recipe recipe, Device device) {
        this.terminal = terminal;
        this.run = run;
        this.checkpoint = checkpoint;
        this.recipe = recipe;
        this.device = device;
    }

    /// Evaluates, prints the report, and writes `eval.json`, `sheet.png` and `retrieval.png` into a folder.
    ///
    /// @param limitTrain training images that kNN and probe learn from; 0 for all
    /// @param images whether the sheets show the pictures themselves
    /// @param pixels whether raw pixels are judged too
    /// @param folder of these files
    EvaluationReport evaluate(int limitTrain, boolean images, boolean pixels, Path folder) throws IOException {
        var position = Checkpoint.position(checkpoint);
        ImageSet train = Images.limit(Images.open(recipe, Split.TRAIN, terminal), limitTrain, "--limit-train");
        ImageSet test = Images.open(recipe, Split.TEST, terminal);
        int neighbours = Knn.standard().k();
        if (train.size() < neighbours) {
            throw new InputException(train.size() + " training images to evaluate with; expected at least " + neighbours
                    + ", because kNN asks so many. Raise --limit-train or data.train-images.");
        }
        var programs = Methods.programs(recipe);
        int batch = Math.min(LARGEST_BATCH, Math.min(train.size(), test.size()));
        Evaluation evaluation = programs.evaluate(batch);
        try (var progress = new Evaluating(terminal);
                var tokenizer = TargetTokenizer.open(recipe, device);
                Session trained = device.bind(programs.state(), evaluation.program());
                Session untrained = device.bind(programs.state(), evaluation.program())) {
            CodeTargets targets = tokenizer.targets(recipe, checkpoint, position);
            Checkpoint.load(checkpoint, programs.state(), trained, null);
            untrained.initialize(programs.state(), recipe.seed());
            var found = judge(train, test, images, pixels, new ImageEncoder(trained, evaluation, targets),
                    new ImageEncoder(untrained, evaluation, targets), facts(position.step(), train, test), progress);
            progress.end();
            terminal.print("");
            terminal.print(found.report().text().stripTrailing());
            terminal.print("");
            Path json = folder.resolve("eval.json");
            Path sheet = folder.resolve("sheet.png");
            found.report().write(json);
            terminal.result(Json.read(Files.readString(json)));
            String title = recipe.method() + ", " + Runs.name(run) + ", step " + position.step();
            found.sheet().write(sheet, title).ifPresent(terminal::remark);
            Path retrieval = folder.resolve("retrieval.png");
            found.retrieval().sheet("Retrieval, " + title).write(retrieval).ifPresent(terminal::remark);
            terminal.print("Report: " + json);
            terminal.print("Sheets: " + sheet + ", " + retrieval.getFileName());
            Runs.page(run, terminal);
            return found.report();
        }
    }

    /// Draws the sheet of an evaluation into a file; answers with a remark where the machine has no font.
    private interface Drawing {
        Optional<String> write(Path file, String title) throws IOException;
    }

    private record Found(EvaluationReport report, Drawing sheet, RetrievalSheet retrieval) {
    }

    /// What the method's evaluation finds.
    private Found judge(ImageSet train, ImageSet test, boolean images, boolean pixels, ImageEncoder encoder,
            ImageEncoder start,
            Map<String, String> facts, EvaluationProgress progress) {
        return switch (recipe.method()) {
            case STELLAR -> {
                var result = new StellarEvaluation(train, test, recipe.encoder().patch(), recipe.stellar().tokens(),
                        pixels, progress).evaluate(encoder, start, facts);
                yield new Found(result.report(), new TokenSheet(recipe, encoder, test, images)::write,
                        new RetrievalSheet(List.of(result.retrieval()), RetrievalSheet.Side.of(test),
                                RetrievalSheet.Side.of(train), images));
            }
            case BITS -> {
                var result = new BitsEvaluation(train, test, BitsViewSettings.of(recipe), recipe.seed(), pixels,
                        progress).evaluate(encoder, start, facts);
                yield new Found(result.report(), new BitSheet(result.codes(), test, images)::write,
                        new RetrievalSheet(result.retrieval(), RetrievalSheet.Side.of(test),
                                RetrievalSheet.Side.of(result.database()), images));
            }
            case VQVAE, SORCEN -> throw new IllegalStateException(recipe.method() + " is not judged by features");
        };
    }

    private Map<String, String> facts(long step, ImageSet train, ImageSet test) throws IOException {
        var facts = new LinkedHashMap<String, String>();
        facts.put("run", run.path().toString());
        facts.put("checkpoint", checkpoint.getFileName() + ", step " + step);
        facts.put("images", train.size() + " to learn from, " + test.size() + " to judge, "
                + (recipe.data().generated() ? "generated scenes" : recipe.data().dir()));
        facts.put("classes", Integer.toString(train.classes().size()));
        facts.put("training", Runs.cost(run));
        facts.put("device", device.name() + ", " + device.description());
        facts.put("seed", Long.toString(recipe.seed()));
        facts.put("commit", Runs.commit(run));
        return facts;
    }
}
