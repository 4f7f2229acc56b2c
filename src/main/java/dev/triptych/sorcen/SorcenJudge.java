package dev.triptych.sorcen;

import dev.triptych.data.codes.CodeMaker;
import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.set.ClassNames;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.source.Split;
import dev.triptych.decoder.IterativeDecoding;
import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.io.FormatException;
import dev.triptych.measure.code.CodeGrids;
import dev.triptych.measure.feature.Knn;
import dev.triptych.measure.feature.Room;
import dev.triptych.measure.picture.PictureClassifier;
import dev.triptych.measure.retrieval.RetrievalExamples;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.EvaluationReport;
import dev.triptych.method.EvaluationReport.Figure;
import dev.triptych.method.InputException;
import dev.triptych.method.Judge;
import dev.triptych.method.Judging;
import dev.triptych.method.Option;
import dev.triptych.method.Trained;
import dev.triptych.method.Verdict;
import dev.triptych.method.Verdict.Picture;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.Recipe;
import dev.triptych.sheet.Cell;
import dev.triptych.sheet.FeatureSheet;
import dev.triptych.sheet.RetrievalSheet;
import dev.triptych.sheet.Sheet;
import dev.triptych.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Judges a run of Sorcen: features of stored codes, masked codes, generated images, the speed of training; three
/// tables and sheets. Everything that can be refused is opened and compared before anything is computed.
final class SorcenJudge implements Judge {
    private static final int LARGEST_BATCH = 64;
    private static final long SEED = 1;

    @Override
    public List<Option<?>> options() {
        return SorcenOptions.ALL;
    }

    @Override
    public Verdict judge(Trained run, Judging how, Workplace place) throws IOException {
        return new Work(run, how, place).verdict();
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

    /// The tokenizer that made codes, for images of the side that they were made of.
    ///
    /// @param path folder of a run, or file
    /// @throws FormatException where another one made them, or this one cannot have their grid
    static Tokenizer tokenizer(Path path, CodeSet codes, Workplace place) throws IOException {
        Tokenizer saved = place.tokenizer(path).tokenizer();
        codes.requireTokenizer(saved.sha256(), path.toString());
        try {
            return saved.forGrid(codes.header().grid());
        } catch (IllegalArgumentException e) {
            throw new FormatException(codes.path(), "header", "its grid is " + codes.header().grid() + ", but of "
                    + path + " " + e.getMessage(),
                    "Tokenise images of the side that the tokenizer takes, " + saved.side() + " pixels", e);
        }
    }

    /// One judgement.
    private static final class Work {
        private final Trained run;
        private final Judging how;
        private final Workplace place;
        private final Recipe recipe;
        private final SorcenOptions options;
        private final Device device;
        private final EvaluationProgress progress;
        private final Map<String, String> judged = new LinkedHashMap<>();
        private final Map<String, String> made = new LinkedHashMap<>();
        private final List<List<Figure>> tables = new ArrayList<>();
        private RetrievalExamples retrieval;
        private FeatureSheet space;
        private String absence = "";

        Work(Trained run, Judging how, Workplace place) {
            this.run = run;
            this.how = how;
            this.place = place;
            this.recipe = run.recipe();
            this.options = new SorcenOptions(how, SorcenSection.of(run.recipe()));
            this.device = place.device();
            this.progress = place.progress();
        }

        Verdict verdict() throws IOException {
            int samples = options.samples();
            options.iterations();
            options.temperature();
            String own = SorcenSection.of(recipe).codes();
            if (own == null) {
                throw new InputException(run.folder() + ": its recipe names no code file; expected sorcen.codes. Give "
                        + "--codes FILE.");
            }
            CodeSet train = options.train(Path.of(own));
            CodeSet test = options.test(train);
            var transfer = options.transfer(train);
            run.requireSources(Map.of("tokenizer", train.header().tokenizerSha256()),
                    ", or give the codes that it made by --codes.");
            var programs = new SorcenTask(recipe, train).programs();
            absence = ClassNames.absence(train.header().classes());
            if (!labelled(train)) {
                place.remark("Left out is what needs labels, since " + absence + ".");
            }
            progress.expect(SorcenEvaluation.stages(labelled(train), true)
                    + (transfer == null ? 0 : SorcenEvaluation.stages(labelled(transfer.train()), false)) + 1);
            if (samples == 0) {
                features(programs, train, test, transfer, 0);
                return verdict(null, retrieval(train, test, null));
            }
            Tokenizer tokenizer = tokenizer(options.tokenizer(train), train, place);
            try (Pictures pictures = pictures(train, test)) {
                progress.expect(1 + SampleEvaluation.CODE_STAGES + stages(pictures));
                CodeGrids generated = features(programs, train, test, transfer, samples);
                made.put("generated", String.format(Locale.ROOT, "%d images, %d iterations, temperature %.1f, seed %d; "
                        + "decoded by %s", samples, options.iterations(), options.temperature(), SEED,
                        tokenizer.description()));
                samples(tokenizer, train, test, generated, pictures);
                if (pictures != null && options.timing()) {
                    speed(train, pictures.train(), tokenizer);
                }
                return verdict(new SampleSheet(tokenizer, CodeGrids.of(test), generated,
                        pictures == null ? null : pictures.test(), !how.images()),
                        retrieval(train, test, how.images() ? tokenizer : null));
            }
        }

        private static boolean labelled(CodeSet codes) {
            return ClassNames.absence(codes.header().classes()).isEmpty();
        }

        private Verdict verdict(SampleSheet samples, RetrievalSheet neighbours) throws IOException {
            String title = run.title("Sorcen");
            Sheet retrieved = neighbours.sheet("Retrieval, " + title);
            Sheet sheet = samples == null ? null : samples.sheet(title);
            var facts = run.facts(judged, device);
            facts.putAll(made);
            return new Verdict(facts, tables, List.of(new Picture(Verdict.RETRIEVAL, retrieved::write),
                    new Picture(Verdict.FEATURES, file -> space.write("Features, " + title, file)),
                    sheet == null
                            ? new Picture(Verdict.SHEET, null, "this one generated no images")
                            : new Picture(Verdict.SHEET, sheet::write)));
        }

        /// The images behind the codes, compared with them; null where none are given.
        private Pictures pictures(CodeSet train, CodeSet test) throws IOException {
            var data = recipe.data();
            if (data.generated() && (data.trainImages() == 0 || data.testImages() == 0)) {
                place.remark("No images are given (data=DIR): what a classifier sees, and the speed of training on "
                        + "images, are left out.");
                return null;
            }
            ImageSet images = same(train, Split.TRAIN);
            ImageSet unseen = same(test, Split.TEST);
            Path file = options.classifier(train);
            return new Pictures(images, unseen, labelled(train) && Files.exists(file)
                    ? PictureClassifier.load(file, images, train.header().imagesSha256(),
                            PictureClassifier.Training.standard(), device)
                    : null);
        }

        /// Stages that need them.
        private int stages(Pictures pictures) {
            return pictures == null
                    ? 0
                    : (absence.isEmpty()
                            ? SampleEvaluation.PICTURE_STAGES + (pictures.classifier() == null ? 1 : 0)
                            : 0) + (options.timing() ? 1 : 0);
        }

        private ImageSet same(CodeSet codes, Split split) throws IOException {
            ImageSet set = place.images(recipe, split);
            String found = CodeMaker.sha256(set);
            String expected = codes.header().imagesSha256();
            if (!found.equals(expected)) {
                throw new InputException(
                        (recipe.data().generated() ? "generated scenes" : "data=" + recipe.data().dir())
                                + ": the pixels of its " + set.size() + " " + split.title() + " images have SHA-256 "
                                + found
                                + ", but " + codes.path() + " was made of " + codes.size() + " with " + expected
                                + "; expected the same. Give the images that were tokenised, or none.");
            }
            return set;
        }

        /// Figures of the encoder and of masked codes.
        ///
        /// @return as many generated grids; null for none
        private CodeGrids features(SorcenPrograms programs, CodeSet trainSet, CodeSet testSet,
                SorcenOptions.Transfer transfer, int samples) throws IOException {
            int limitTrain = how.limitTrain();
            if (limitTrain > trainSet.size()) {
                throw new InputException("--limit-train is " + limitTrain + ", but " + trainSet.path() + " holds "
                        + trainSet.size() + " images; expected at most as many. Lower it, or leave it out for all.");
            }
            int width = programs.model().settings().encoder().width();
            var room = new Room("Use fewer images: --limit-train N, or tokenise fewer.");
            for (CodeSet codes : List.of(trainSet, testSet)) {
                int images = codes == trainSet && limitTrain > 0 ? limitTrain : codes.size();
                room.add("codes", codes.size(), codes.positions(), 1).add("features", images, width, 2)
                        .add("code histogram", images, codes.header().codes(), absence.isEmpty() ? 1 : 0);
            }
            room.add("generated codes", samples, trainSet.positions(), 1);
            CodeGrids train = limited(trainSet, limitTrain);
            CodeGrids test = CodeGrids.of(testSet);
            int smallest = transfer == null
                    ? Math.min(train.count(), test.count())
                    : Math.min(Math.min(train.count(), test.count()), Math.min(transfer.train().size(),
                            transfer.test().size()));
            int least = transfer == null ? train.count() : Math.min(train.count(), transfer.train().size());
            if (absence.isEmpty()) {
                Knn.require(least, "Raise --limit-train or tokenise more.");
            }
            facts(trainSet, train, test, transfer);
            int batch = Math.min(LARGEST_BATCH, smallest);
            int masks = Math.min(LARGEST_BATCH, test.count());
            var evaluation = programs.evaluate(batch);
            var predict = programs.predict(masks);
            var generate = programs.generate(LARGEST_BATCH);
            var state = programs.state();
            try (Session trained = device.bind(state, evaluation.program(), predict.program(), generate.program());
                    Session untrained = device.bind(state, evaluation.program(), predict.program())) {
                run.load(state, trained);
                untrained.initialize(state, recipe.seed());
                var judge = new SorcenEvaluation(new CodeEncoder(trained, evaluation),
                        new CodeEncoder(untrained, evaluation), progress);
                var found = judge.figures("", train, test, labelled(trainSet), true);
                var figures = new ArrayList<>(EvaluationReport.over(test.count(), found.figures()));
                retrieval = found.retrieval();
                space = new FeatureSheet(found.space(), labelled(trainSet) ? trainSet.header().classes() : List.of());
                if (transfer != null) {
                    figures.addAll(EvaluationReport.over(transfer.test().size(),
                            judge.figures("transfer: ", limited(transfer.train(), limitTrain),
                                    CodeGrids.of(transfer.test()), labelled(transfer.train()), false).figures()));
                }
                progress.begin("masked codes, images", 2L * (testSet.size() / masks * masks));
                figures.addAll(SorcenEvaluation.masked(
                        MaskedCodes.accuracy(trained, programs, predict, testSet, SEED, progress::did),
                        MaskedCodes.accuracy(untrained, programs, predict, testSet, SEED, progress::did),
                        100 * testSet.use().commonest()));
                tables.add(EvaluationReport.over(test.count(), figures));
                if (samples == 0) {
                    return null;
                }
                progress.begin("generated images", samples);
                var sizes = programs.model().settings().encoder();
                int[] codes = new Generation(trained, generate, new IterativeDecoding(options.iterations(),
                        options.temperature(), sizes.cells(), sizes.codes())).generate(samples, SEED, null,
                                progress::did);
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
            if (pictures != null && absence.isEmpty()) {
                PictureClassifier kept = pictures.classifier();
                try (PictureClassifier fresh = kept == null ? trained(trainSet, pictures.train()) : null) {
                    PictureClassifier classifier = kept == null ? fresh : kept;
                    figures.addAll(judge.pictures(generated, classifier, pictures.train(), pictures.test()));
                    made.put("classifier", classifier.description());
                }
            }
            tables.add(EvaluationReport.over(generated.count(), figures));
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

        private void facts(CodeSet codes, CodeGrids train, CodeGrids test, SorcenOptions.Transfer transfer) {
            judged.put("codes",
                    train.count() + " images to learn from, " + test.count() + " to judge, " + codes.path());
            if (transfer != null) {
                judged.put("transfer", transfer.train().size() + " images to learn from, " + transfer.test().size()
                        + " to judge, " + transfer.train().path());
            }
            int classes = codes.header().classes().size();
            judged.put("classes", classes == 0 ? "none" : Integer.toString(classes));
            if (!absence.isEmpty()) {
                judged.put("left out", "kNN, linear probe, few labels, what a classifier sees: " + absence);
            }
        }

        /// The sheet of queries and neighbours, decoded from their codes.
        ///
        /// @param tokenizer that decodes; null where no picture is to be shown
        private RetrievalSheet retrieval(CodeSet train, CodeSet test, Tokenizer tokenizer) {
            return new RetrievalSheet(List.of(retrieval), side(CodeGrids.of(test), test, tokenizer),
                    side(limited(train, how.limitTrain()), train, tokenizer), tokenizer != null);
        }

        private static RetrievalSheet.Side side(CodeGrids grids, CodeSet set, Tokenizer tokenizer) {
            return new RetrievalSheet.Side(i -> {
                int side = tokenizer.side();
                float[] image = new float[3 * side * side];
                tokenizer.decode(grids.select(new int[]{i}).ids(), 1, image);
                return Cell.image(image, 0, side, side);
            }, i -> ClassNames.of(set.header().classes(), grids.labels()[i]));
        }
    }
}
