package dev.triptych.triptych;

import dev.triptych.data.codes.CodeMaker;
import dev.triptych.data.codes.CodeTargets;
import dev.triptych.data.codes.CodeUse;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.Subset;
import dev.triptych.data.view.MaskKind;
import dev.triptych.data.view.PatchMask;
import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.measure.feature.ArgMax;
import dev.triptych.measure.picture.FrechetDistance;
import dev.triptych.measure.picture.PictureClassifier;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.EvaluationReport.Figure;
import dev.triptych.method.Trained;
import dev.triptych.program.Program;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// How well dropped cells are predicted, and what is generated from nothing (section 8).
///
/// @param run whose weights are judged
/// @param programs of its recipe
/// @param targets the codes that are predicted
/// @param device programs run on
/// @param progress told how far it is
record PredictionEvaluation(Trained run, TriptychPrograms programs, CodeTargets targets, Device device,
        EvaluationProgress progress) {
    private static final int LARGEST_BATCH = 64;
    private static final long SEED = 1;
    /// Iterations of generation.
    static final int ITERATIONS = 12;
    /// Temperature of generation.
    static final double TEMPERATURE = 4.5;

    /// Accuracy on the cells that a masked view drops, of all test images.
    Figure dropped(ImageSet test) throws IOException {
        int batch = Math.min(LARGEST_BATCH, test.size());
        int n = targets.positions();
        int kept = TriptychSection.of(programs.recipe()).kept(n);
        var predict = programs.predict(batch, kept);
        progress.expect(1);
        progress.begin("dropped cells, images", 2L * test.size());
        try (Session trained = device.bind(programs.state(), predict.program());
                Session untrained = device.bind(programs.state(), predict.program())) {
            run.load(programs.state(), trained);
            untrained.initialize(programs.state(), run.recipe().seed());
            var use = new CodeUse(targets.tokenizer().codes());
            double accuracy = accuracy(trained, predict, test, batch, use);
            var others = new LinkedHashMap<String, Double>();
            others.put("untrained encoder", accuracy(untrained, predict, test, batch, null));
            others.put("commonest code", 100 * use.commonest());
            return new Figure("accuracy on dropped cells", accuracy, "%", "share of the " + (n - kept) + " of " + n
                    + " cells whose most likely code is the tokenizer's, test images, cells drawn evenly", others);
        }
    }

    private double accuracy(Session session, TriptychPrograms.Dropped predict, ImageSet test, int batch,
            CodeUse use) {
        var in = predict.prediction();
        int n = targets.positions();
        int kept = in.places().kept();
        int grid = (int) Math.round(Math.sqrt(n));
        float[] images = new float[batch * 3 * test.side() * test.side()];
        int[] codes = new int[batch * n];
        int[] chosen = new int[batch * kept];
        long right = 0;
        long all = 0;
        for (int first = 0; first < test.size(); first += batch) {
            // the last batch may be padded by images of the one before, which nobody counts
            int count = Math.min(batch, test.size() - first);
            int cells = count * n;
            test.images(IntStream.range(first, first + count).toArray(), images, 0);
            targets.encode(images, count, codes);
            for (int b = 0; b < batch; b++) {
                PatchMask.draw(CounterRandom.of(SEED, Stream.PROBE, 1, first + b), MaskKind.UNIFORM, grid, grid, kept,
                        chosen, b * kept);
            }
            session.upload(in.image(), images);
            in.kept().give(chosen, 1, 1, session::upload);
            in.places().give(chosen, session::upload);
            session.run(predict.program());
            int[] best = ArgMax.ofRows(session.download(in.masked().logits()), 0, cells,
                    in.masked().logits().columns());
            var seen = new boolean[codes.length];
            for (int i = 0; i < chosen.length; i++) {
                seen[i / kept * n + chosen[i]] = true;
            }
            for (int i = 0; i < cells; i++) {
                right += !seen[i] && best[i] == codes[i] ? 1 : 0;
                all += seen[i] ? 0 : 1;
            }
            if (use != null) {
                use.add(codes, cells);
            }
            progress.did(count);
        }
        return 100.0 * right / all;
    }

    /// The Fréchet distance of generated pictures to the training pictures, beside that of decoded training pictures
    /// and of pictures whose codes are drawn one by one.
    ///
    /// @param count pictures to generate
    /// @param file of the classifier, which is trained and written where it is missing
    List<Figure> generated(int count, ImageSet train, Path file) throws IOException {
        int batch = Math.min(LARGEST_BATCH, count);
        var decoding = new PaintedDecoding(programs, targets, ITERATIONS, TEMPERATURE, batch, 0);
        progress.expect(3);
        String sha256 = CodeMaker.sha256(train);
        try (PictureClassifier eye = classifier(file, train, sha256);
                Session session = device.bind(programs.state(), decoding.programs().toArray(
                        Program[]::new))) {
            run.load(programs.state(), session);
            progress.begin("generated pictures", count);
            int[] grids = decoding.generate(session, count, SEED, progress::did);
            int n = targets.positions();
            int some = Math.min(count, train.size());
            int length = 3 * train.side() * train.side();
            int[] chosen = Subset.drawn(train.size(), some);
            int[] own = new int[some * n];
            float[] image = new float[length];
            for (int i = 0; i < some; i++) {
                train.images(new int[]{chosen[i]}, image, 0);
                int[] codes = new int[n];
                targets.encode(image, 1, codes);
                System.arraycopy(codes, 0, own, i * n, n);
            }
            int[] drawn = new int[own.length];
            var random = CounterRandom.of(SEED, Stream.GENERATE, 0, 0);
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = own[random.below(own.length)];
            }
            progress.begin("pictures through the classifier", (long) count + 3L * some);
            var reference = gaussian(eye, train, chosen);
            return List.of(new Figure("Fréchet distance of generated pictures",
                    FrechetDistance.between(gaussian(eye, grids, count), reference), "",
                    count + " pictures of " + ITERATIONS + " iterations, temperature " + TEMPERATURE + ", to " + some
                            + " training pictures drawn all over the set, in the penultimate layer of a classifier "
                            + "that this project trained: no FID, and to be compared with figures by the same "
                            + "classifier alone",
                    Map.of("decoded training pictures",
                            FrechetDistance.between(gaussian(eye, own, some), reference), "unigram codes",
                            FrechetDistance.between(gaussian(eye, drawn, some), reference))));
        }
    }

    private PictureClassifier classifier(Path file, ImageSet train, String sha256) throws IOException {
        var how = PictureClassifier.Training.standard();
        if (Files.exists(file)) {
            return PictureClassifier.load(file, train, sha256, how, device);
        }
        progress.expect(1);
        var trained = PictureClassifier.train(train, sha256, how, device, progress);
        trained.save(file);
        return trained;
    }

    private FrechetDistance.Gaussian gaussian(PictureClassifier eye, ImageSet set, int[] chosen) {
        return FrechetDistance.Gaussian.of(eye.look(
                (first, images, out) -> set.images(Arrays.copyOfRange(chosen, first, first + images), out, 0),
                new int[chosen.length], progress::did).features());
    }

    private FrechetDistance.Gaussian gaussian(PictureClassifier eye, int[] grids, int count) {
        int n = targets.positions();
        return FrechetDistance.Gaussian.of(eye.look((first, images, out) -> {
            float[] pictures = targets.decode(Arrays.copyOfRange(grids, first * n, (first + images) * n),
                    images);
            System.arraycopy(pictures, 0, out, 0, pictures.length);
        }, new int[count], progress::did).features());
    }
}
