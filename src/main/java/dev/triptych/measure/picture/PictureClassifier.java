package dev.triptych.measure.picture;

import dev.triptych.data.set.EpochOrder;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.WholeImages;
import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.io.FormatException;
import dev.triptych.io.Safetensors;
import dev.triptych.io.TensorEntry;
import dev.triptych.measure.feature.ArgMax;
import dev.triptych.measure.feature.Features;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.program.UpdateOperations.AdamW;
import dev.triptych.recipe.Schedules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/// A classifier of pictures that the project trains itself, as the eye by which generated pictures are judged: what it
/// takes them for, and where they lie in its penultimate layer. Nothing is downloaded; runs are compared by one and the
/// same classifier, which is kept in a file.
public final class PictureClassifier implements AutoCloseable {
    private static final String FORMAT = "triptych-picture-classifier-1";
    private static final String REMEDY = "Give another file, or delete this one: it is trained again where it is "
            + "missing";
    private static final int BATCH = 64;
    private static final float MIRRORED = 0.5f;
    private static final double LR = 2e-3;
    private static final double DECAY = 0.05;
    private static final double WARMUP = 0.1;
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.99;

    private final int side;
    private final int classes;
    private final String images;
    private final String training;
    private final State state = new State();
    private final Program program;
    private final PictureNetwork.Output output;
    private final Session session;

    /// How long it learns.
    ///
    /// @param epochs over the training pictures, half of them mirrored each time
    /// @param seed of weights, order and mirrors
    public record Training(int epochs, long seed) {
        /// What the tables of `docs/results.md` use.
        public static Training standard() {
            return new Training(3, 1);
        }

        private String text() {
            return epochs + " epochs, seed " + seed;
        }
    }

    private PictureClassifier(int side, int classes, String images, Training training, Device device) {
        this.side = side;
        this.classes = classes;
        this.images = images;
        this.training = training.text();
        var network = new PictureNetwork(state, side, classes);
        program = new Program("classify", state);
        output = network.apply(program, BATCH);
        program.keep(output.feature());
        program.keep(output.logits());
        session = device.bind(state, program);
    }

    /// Trains one: AdamW with a cosine, labels smoothed by 0.1.
    ///
    /// @param sha256 of all pixels, by which a file remembers them
    /// @param progress told how far it is, in one stage
    public static PictureClassifier train(ImageSet set, String sha256, Training training, Device device,
            EvaluationProgress progress) {
        int batch = Math.min(BATCH, set.size());
        var state = new State();
        var network = new PictureNetwork(state, set.side(), set.classes().size());
        var p = new Program("train the classifier", state);
        var objective = network.objective(p, batch);
        p.output("loss", objective.loss());
        Gradients gradients = p.gradient(objective.loss());
        Tensor given = p.input("rates", gradients.parameters().size(), 4);
        p.adamw(new AdamW(BETA1, BETA2, 1e-8f, 0f, false), gradients, given);
        var rates = new AdamWRates(gradients.parameters(), t -> t.rank() > 1, BETA1, BETA2);
        var order = new EpochOrder(set.size(), batch, training.seed);
        long steps = (long) training.epochs * order.stepsPerEpoch();
        progress.begin("training the classifier, steps", steps);
        var trained = new PictureClassifier(set.side(), set.classes().size(), sha256, training, device);
        try (Session session = device.bind(state, p)) {
            session.initialize(state, training.seed);
            var pictures = new WholeImages(set, batch, MIRRORED, training.seed); // in that order
            WholeImages.Batch pixels = null;
            int[] indices = new int[batch];
            for (long step = 0; step < steps; step++) {
                order.indices(step, indices);
                pixels = pictures.make(step, pixels);
                session.upload(objective.image(), pixels.image());
                session.upload(objective.label(), Arrays.stream(indices).map(set::label).toArray());
                session.upload(given, rates.next(
                        Schedules.fractionWarmup(step, Math.round(WARMUP * steps), steps, LR, 0), DECAY));
                session.run(p);
                progress.did(1);
            }
            state.parameters().forEach((name, t) -> trained.session.upload(trained.state.parameter(name),
                    session.download(t)));
            return trained;
        } catch (RuntimeException e) {
            trained.close();
            throw e;
        }
    }

    /// Reads one.
    ///
    /// @param set the pictures that it has to have learnt from
    /// @param sha256 of all their pixels
    /// @throws FormatException where the file is none, or one of other pictures or another training
    public static PictureClassifier load(Path file, ImageSet set, String sha256, Training training, Device device)
            throws IOException {
        var stored = Safetensors.read(file);
        var read = new PictureClassifier(set.side(), set.classes().size(), sha256, training, device);
        try {
            for (var expected : read.metadata().entrySet()) {
                String found = stored.metadata().get(expected.getKey());
                if (!expected.getValue().equals(found)) {
                    throw new FormatException(file, "metadata '" + expected.getKey() + "'", "it is "
                            + (found == null ? "missing" : "'" + found + "'") + ", expected '" + expected.getValue()
                            + "'", REMEDY);
                }
            }
            for (var parameter : read.state.parameters().entrySet()) {
                String name = parameter.getKey();
                int[] shape = parameter.getValue().shape();
                if (!stored.has(name) || !Arrays.equals(stored.shape(name), shape)) {
                    throw new FormatException(file, "tensor '" + name + "'", (stored.has(name)
                            ? "its shape is " + Arrays.toString(stored.shape(name))
                            : "it is missing") + ", expected shape " + Arrays.toString(shape), REMEDY);
                }
                read.session.upload(parameter.getValue(), stored.floats(name));
            }
            return read;
        } catch (RuntimeException e) {
            read.close();
            throw e;
        }
    }

    /// Writes it as safetensors.
    public void save(Path file) throws IOException {
        var tensors = new ArrayList<TensorEntry>();
        state.parameters().forEach((name, t) -> tensors.add(TensorEntry.of(name, t.shape(), session.download(t))));
        Safetensors.write(file, metadata(), tensors);
    }

    private Map<String, String> metadata() {
        var metadata = new LinkedHashMap<String, String>();
        metadata.put("format", FORMAT);
        metadata.put("network", PictureNetwork.description(side, classes));
        metadata.put("training", training);
        metadata.put("images-sha256", images);
        return metadata;
    }

    /// What it sees in pictures.
    ///
    /// @param features penultimate layer; the labels are those that were given
    /// @param predicted class of each
    /// @param score Inception score with this eye in place of Inception: exp of the mean divergence, in nats, of the
    ///        classes of a picture p(y | x) from those of all pictures p(y). 1: all alike; the number of classes: each
    ///        picture clearly of one class, all classes alike
    public record Seen(Features features, int[] predicted, double score) {
        /// Accuracy against the given labels, percent.
        public double accuracy() {
            return features.accuracy(predicted);
        }

        /// Entropy of the predicted classes in nats: log of the number of classes where all are as frequent, 0 where
        /// all pictures are taken for one class.
        public double labelEntropy() {
            double[] shares = new double[Arrays.stream(predicted).max().getAsInt() + 1];
            for (int label : predicted) {
                shares[label] += 1.0 / predicted.length;
            }
            return -Arrays.stream(shares).filter(share -> share > 0).map(share -> share * Math.log(share)).sum() + 0.0;
        }
    }

    /// Gives pictures by number.
    @FunctionalInterface
    public interface Pictures {
        /// Writes `count` pictures from number `first` on, (count, 3, side, side), pixels in [0, 1].
        void read(int first, int count, float[] out);
    }

    /// Looks at as many pictures as there are labels.
    ///
    /// @param did told how many more it has seen
    public Seen look(Pictures pictures, int[] labels, LongConsumer did) {
        int n = labels.length;
        int width = output.feature().columns();
        float[] rows = new float[Math.multiplyExact(n, width)];
        int[] predicted = new int[n];
        double[] likely = new double[Math.multiplyExact(n, classes)];
        float[] pixels = new float[BATCH * 3 * side * side];
        for (int first = 0; first < n; first += BATCH) {
            int count = Math.min(BATCH, n - first);
            pictures.read(first, count, pixels);
            session.upload(output.image(), pixels);
            session.run(program);
            System.arraycopy(session.download(output.feature()), 0, rows, first * width, count * width);
            float[] logits = session.download(output.logits());
            System.arraycopy(ArgMax.ofRows(logits, 0, BATCH, classes), 0, predicted, first, count);
            for (int i = 0; i < count; i++) {
                softmax(logits, i * classes, likely, (first + i) * classes, classes);
            }
            did.accept(count);
        }
        return new Seen(new Features(rows, n, width, labels), predicted, score(likely, classes));
    }

    private static void softmax(float[] logits, int from, double[] to, int at, int classes) {
        double most = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            most = Math.max(most, logits[from + c]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            to[at + c] = Math.exp(logits[from + c] - most);
            sum += to[at + c];
        }
        for (int c = 0; c < classes; c++) {
            to[at + c] /= sum;
        }
    }

    /// The score of the classes of pictures, p(y | x) row by row.
    static double score(double[] likely, int classes) {
        int n = likely.length / classes;
        double[] mean = new double[classes];
        for (int i = 0; i < likely.length; i++) {
            mean[i % classes] += likely[i] / n;
        }
        double divergence = 0;
        for (int i = 0; i < likely.length; i++) {
            divergence += likely[i] > 0 ? likely[i] * Math.log(likely[i] / mean[i % classes]) / n : 0;
        }
        return Math.exp(divergence);
    }

    /// What it is and how it learnt, in words.
    public String description() {
        return PictureNetwork.description(side, classes) + ", " + training;
    }

    @Override
    public void close() {
        session.close();
    }
}
