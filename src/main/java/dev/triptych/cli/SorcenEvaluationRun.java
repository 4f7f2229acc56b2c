package dev.triptych.cli;

import dev.triptych.bench.TokenizingCost;
import dev.triptych.data.codes.CodeMaker;
import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.Split;
import dev.triptych.decoder.IterativeDecoding;
import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.io.Json;
import dev.triptych.measure.code.CodeGrids;
import dev.triptych.measure.feature.Knn;
import dev.triptych.measure.picture.PictureClassifier;
import dev.triptych.measure.retrieval.RetrievalExamples;
import dev.triptych.method.EvaluationReport;
import dev.triptych.method.EvaluationReport.Figure;
import dev.triptych.methods.SavedTokenizer;
import dev.triptych.recipe.Recipe;
import dev.triptych.sheet.Cell;
import dev.triptych.sheet.RetrievalSheet;
import dev.triptych.sorcen.CodeEncoder;
import dev.triptych.sorcen.Generation;
import dev.triptych.sorcen.MaskedCodes;
import dev.triptych.sorcen.SampleEvaluation;
import dev.triptych.sorcen.SampleSheet;
import dev.triptych.sorcen.SorcenEvaluation;
import dev.triptych.sorcen.SorcenPrograms;
import dev.triptych.sorcen.SorcenTask;
import dev.triptych.tokenizer.Tokenizer;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The evaluation of a Sorcen run from the command line: features of stored codes, masked codes, generated images, the
/// speed of training; three tables, one `eval.json`, the sheet. Everything that can be refused is opened and compared
/// before anything is computed.
final class SorcenEvaluationRun {
    private static final int LARGEST_BATCH = 64;
    private static final long SEED = 1;

    private final Terminal terminal;
    private final RunFolder run;
    private final Path checkpoint;
    private final Recipe recipe;
    private final SorcenOptions options;
    private final Device device;
    private final Evaluating progress;
    private final Map<String, String> facts = new LinkedHashMap<>();
    private final List<List<Figure>> tables = new ArrayList<>();
    private RetrievalExamples retrieval;

    /// @param checkpoint of the run
    /// @param recipe of the run, possibly with images
    SorcenEvaluationRun(Terminal terminal, RunFolder run, Path checkpoint, Recipe recipe, SorcenOptions options,
            Device device) {
        this.terminal = terminal;
        this.run = run;
        this.checkpoint = checkpoint;
        this.recipe = recipe;
        this.options = options;
        this.device = device;
        this.progress = new Evaluating(terminal);
    }

    /// The images behind the codes.
    ///
    /// @param classifier of them that was kept in a file; null where it is still to be trained
    private record Pictures(ImageSet train, ImageSet test, PictureClassifier classifier) implements AutoCloseable {
        @Override
        public void close() {
            if (classifier != null) {
                classifier.close();
            }
        }
    }

    /// Evaluates, prints the report, and writes `eval.json` and, with generated images, `sheet.png` into a folder;
    /// without, an older sheet goes.
    ///
    /// @param limitTrain training images that kNN and probes learn from; 0 for all
    /// @param images whether the sheet shows the pictures themselves
    void evaluate(int limitTrain, boolean images, Path folder) throws IOException {
        int samples = options.samples();
        options.iterations();
        options.temperature();
        if (recipe.sorcen().codes() == null) {
            throw new InputException(
                    run.path() + ": its recipe names no code file; expected sorcen.codes. Give --codes "
                            + "FILE.");
        }
        CodeSet train = options.train(Path.of(recipe.sorcen().codes()));
        CodeSet test = options.test(train);
        var transfer = options.transfer(train);
        Checkpoint.position(checkpoint).requireSources(checkpoint,
                Map.of("tokenizer", train.header().tokenizerSha256()), ", or give the codes that it made by --codes.");
        var programs = new SorcenTask(recipe, train).programs();
        progress.expect(SorcenEvaluation.stages(true) + (transfer == null ? 0 : SorcenEvaluation.stages(false)) + 1);
        if (samples == 0) {
            try (progress) {
                features(programs, train, test, transfer, limitTrain, 0);
            }
            report(folder, null, retrieval(train, test, limitTrain, null));
            return;
        }
        Path made = options.tokenizer(train);
        try (progress;
                Tokenizer tokenizer = SavedTokenizer.open(made, train, device);
                Pictures pictures = pictures(train, test)) {
            progress.expect(1 + SampleEvaluation.CODE_STAGES + stages(pictures));
            CodeGrids generated = features(programs, train, test, transfer, limitTrain, samples);
            facts.put("generated", String.format(Locale.ROOT, "%d images, %d iterations, temperature %.1f, seed %d; "
                    + "decoded by %s", samples, options.iterations(), options.temperature(), SEED,
                    tokenizer.description()));
            samples(tokenizer, train, test, generated, pictures);
            if (pictures != null && options.timing()) {
                speed(train, pictures.train(), tokenizer);
            }
            progress.end();
            report(folder, new SampleSheet(tokenizer, CodeGrids.of(test), generated,
                    pictures == null ? null : pictures.test(), !images),
                    retrieval(train, test, limitTrain, images ? tokenizer : null));
        }
    }

    /// The images behind the codes, compared with them; null where none are given.
    private Pictures pictures(CodeSet train, CodeSet test) throws IOException {
        var data = recipe.data();
        if (data.generated() && (data.trainImages() == 0 || data.testImages() == 0)) {
            terminal.remark("No images are given (data=DIR): what a classifier sees, and the speed of training on "
                    + "images, are left out.");
            return null;
        }
        ImageSet images = same(train, Split.TRAIN);
        ImageSet unseen = same(test, Split.TEST);
        Path file = options.classifier(train);
        return new Pictures(images, unseen, Files.exists(file)
                ? PictureClassifier.load(file, images, train.header().imagesSha256(),
                        PictureClassifier.Training.standard(), device)
                : null);
    }

    /// Stages that need them.
    private int stages(Pictures pictures) {
        return pictures == null
                ? 0
                : SampleEvaluation.PICTURE_STAGES + (pictures.classifier() == null ? 1 : 0)
                        + (options.timing() ? 1 : 0);
    }

    private ImageSet same(CodeSet codes, Split split) throws IOException {
        ImageSet set = Images.open(recipe, split, terminal);
        String found = CodeMaker.sha256(set);
        String expected = codes.header().imagesSha256();
        if (!found.equals(expected)) {
            throw new InputException((recipe.data().generated() ? "generated scenes" : "data=" + recipe.data().dir())
                    + ": the pixels of its " + set.size() + " " + split.title() + " images have SHA-256 " + found
                    + ", but " + codes.path() + " was made of " + codes.size() + " with " + expected
                    + "; expected the same. Give the images that were tokenised, or none.");
        }
        return set;
    }

    /// Figures of the encoder and of masked codes.
    ///
    /// @return as many generated grids; null for none
    private CodeGrids features(SorcenPrograms programs, CodeSet trainSet, CodeSet testSet,
            SorcenOptions.Transfer transfer, int limitTrain, int samples) throws IOException {
        if (limitTrain > trainSet.size()) {
            throw new InputException("--limit-train is " + limitTrain + ", but " + trainSet.path() + " holds "
                    + trainSet.size() + " images; expected at most as many. Lower it, or leave it out for all.");
        }
        CodeGrids train = limited(trainSet, limitTrain);
        CodeGrids test = CodeGrids.of(testSet);
        int smallest = transfer == null
                ? Math.min(train.count(), test.count())
                : Math.min(Math.min(train.count(), test.count()), Math.min(transfer.train().size(),
                        transfer.test().size()));
        int least = transfer == null ? train.count() : Math.min(train.count(), transfer.train().size());
        if (least < Knn.standard().k()) {
            throw new InputException(least + " training images to evaluate with; expected at least "
                    + Knn.standard().k() + ", because kNN asks so many. Raise --limit-train or tokenise more.");
        }
        facts(trainSet, train, test, transfer);
        int batch = Math.min(LARGEST_BATCH, smallest);
        int masks = Math.min(LARGEST_BATCH, test.count());
        var evaluation = programs.evaluate(batch);
        var predict = programs.predict(masks);
        var generate = programs.generate(LARGEST_BATCH);
        var state = programs.state();
        try (Session trained = device.bind(state, evaluation.program(), predict, generate.program());
                Session untrained = device.bind(state, evaluation.program(), predict)) {
            Checkpoint.load(checkpoint, state, trained, null);
            untrained.initialize(state, recipe.seed());
            var judge = new SorcenEvaluation(new CodeEncoder(trained, evaluation),
                    new CodeEncoder(untrained, evaluation), progress);
            var found = judge.figures("", train, test, true);
            var figures = new ArrayList<>(found.figures());
            retrieval = found.retrieval();
            if (transfer != null) {
                figures.addAll(judge.figures("transfer: ", limited(transfer.train(), limitTrain),
                        CodeGrids.of(transfer.test()), false).figures());
            }
            progress.begin("masked codes, images", 2L * (testSet.size() / masks * masks));
            figures.addAll(SorcenEvaluation.masked(
                    MaskedCodes.accuracy(trained, programs, predict, masks, testSet, SEED, progress::did),
                    MaskedCodes.accuracy(untrained, programs, predict, masks, testSet, SEED, progress::did),
                    100 * testSet.use().commonest()));
            tables.add(figures);
            if (samples == 0) {
                return null;
            }
            progress.begin("generated images", samples);
            var sizes = programs.model().settings().encoder();
            int[] codes = new Generation(trained, generate, new IterativeDecoding(options.iterations(),
                    options.temperature(), sizes.cells(), sizes.codes())).generate(samples, SEED, progress::did);
            return CodeGrids.unlabelled(trainSet.header().grid(), trainSet.header().codes(), codes);
        }
    }

    private static CodeGrids limited(CodeSet set, int limit) {
        CodeGrids all = CodeGrids.of(set);
        return limit == 0 ? all : all.drawn(limit);
    }

    private void samples(Tokenizer tokenizer, CodeSet trainSet, CodeSet testSet, CodeGrids generated,
            Pictures pictures) throws IOException {
        CodeGrids train = CodeGrids.of(trainSet);
        var judge = new SampleEvaluation(tokenizer, train, CodeGrids.of(testSet), progress);
        var figures = new ArrayList<>(judge.codes(generated));
        if (pictures != null) {
            PictureClassifier kept = pictures.classifier();
            try (PictureClassifier made = kept == null ? trained(trainSet, pictures.train()) : null) {
                PictureClassifier classifier = kept == null ? made : kept;
                figures.addAll(judge.pictures(generated, classifier, pictures.train(), pictures.test()));
                facts.put("classifier", classifier.description());
            }
        }
        tables.add(figures);
    }

    private PictureClassifier trained(CodeSet train, ImageSet images) throws IOException {
        Path file = options.classifier(train);
        var trained = PictureClassifier.train(images, train.header().imagesSha256(),
                PictureClassifier.Training.standard(), device, progress);
        trained.save(file);
        progress.remark("Classifier: " + file + ", for other runs too");
        return trained;
    }

    private void speed(CodeSet codes, ImageSet images, Tokenizer tokenizer) {
        progress.begin("speed of training, steps", TokenizingCost.steps());
        var cost = TokenizingCost.measure(recipe, codes, images, tokenizer, device, progress::did);
        String online = "tokenised online";
        tables.add(List.of(
                new Figure("training, images per second", cost.stored().imagesPerSecond(), "1/s", cost.protocol(),
                        Map.of(online, cost.online().imagesPerSecond())),
                new Figure("training, CPU time of an epoch", cost.stored().epochCpuSeconds(), "s", cost.protocol(),
                        Map.of(online, cost.online().epochCpuSeconds()))));
    }

    private void facts(CodeSet codes, CodeGrids train, CodeGrids test, SorcenOptions.Transfer transfer)
            throws IOException {
        facts.put("run", run.path().toString());
        facts.put("checkpoint", checkpoint.getFileName() + ", step " + Checkpoint.position(checkpoint).step());
        facts.put("codes", train.count() + " images to learn from, " + test.count() + " to judge, " + codes.path());
        if (transfer != null) {
            facts.put("transfer", transfer.train().size() + " images to learn from, " + transfer.test().size()
                    + " to judge, " + transfer.train().path());
        }
        facts.put("classes", Integer.toString(codes.header().classes().size()));
        facts.put("training", Runs.cost(run));
        facts.put("device", device.name() + ", " + device.description());
        facts.put("seed", Long.toString(recipe.seed()));
        facts.put("commit", Runs.commit(run));
    }

    /// The sheet of queries and neighbours, decoded from their codes.
    ///
    /// @param tokenizer that decodes; null where no picture is to be shown
    private RetrievalSheet retrieval(CodeSet train, CodeSet test, int limitTrain, Tokenizer tokenizer) {
        return new RetrievalSheet(List.of(retrieval), side(CodeGrids.of(test), test, tokenizer),
                side(limited(train, limitTrain), train, tokenizer), tokenizer != null);
    }

    private static RetrievalSheet.Side side(CodeGrids grids, CodeSet set, Tokenizer tokenizer) {
        return new RetrievalSheet.Side(i -> {
            int side = tokenizer.side();
            float[] image = new float[3 * side * side];
            tokenizer.decode(grids.select(new int[]{i}).ids(), 1, image);
            return Cell.image(image, 0, side, side);
        }, i -> set.header().classes().get(grids.labels()[i]));
    }

    private void report(Path folder, SampleSheet sheet, RetrievalSheet neighbours) throws IOException {
        terminal.print("");
        terminal.print(new EvaluationReport(facts, tables.getFirst()).text().stripTrailing());
        for (var table : tables.subList(1, tables.size())) {
            terminal.print("");
            terminal.print(new EvaluationReport(Map.of(), table).text().stripTrailing());
        }
        terminal.print("");
        Path json = folder.resolve("eval.json");
        new EvaluationReport(facts, tables.stream().flatMap(List::stream).toList()).write(json);
        terminal.result(Json.read(Files.readString(json)));
        terminal.print("Report: " + json);
        String title = "Sorcen, " + Runs.name(run) + ", step " + Checkpoint.position(checkpoint).step();
        Path retrieved = folder.resolve("retrieval.png");
        neighbours.sheet("Retrieval, " + title).write(retrieved).ifPresent(terminal::remark);
        terminal.print("Sheet:  " + retrieved);
        Path file = folder.resolve("sheet.png");
        if (sheet == null && Files.deleteIfExists(file)) {
            terminal.remark("Deleted: " + file + ", of an older evaluation, because this one generated no images");
        } else if (sheet != null) {
            sheet.write(file, title).ifPresent(terminal::remark);
            terminal.print("Sheet:  " + file);
        }
        Runs.page(run, terminal);
    }
}
