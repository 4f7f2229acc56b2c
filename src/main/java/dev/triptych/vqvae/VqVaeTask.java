package dev.triptych.vqvae;

import dev.triptych.data.codes.CodeMaker;
import dev.triptych.data.codes.CodeUse;
import dev.triptych.data.set.BatchLoader;
import dev.triptych.data.set.Fingerprint;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.WholeImages;
import dev.triptych.device.Session;
import dev.triptych.method.Evaluation;
import dev.triptych.method.Feed;
import dev.triptych.method.Task;
import dev.triptych.method.TrainingStep;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import dev.triptych.tokenizer.Codebook;
import dev.triptych.tokenizer.KMeans;
import dev.triptych.tokenizer.VectorQuantiser;
import dev.triptych.train.RunException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A VQ-VAE for the trainer. Its codebook starts by k-means on latents when quantisation begins, never on those of an
/// untrained encoder, which would leave most codes dead; codes that lose their latents start again at a random one
/// (Sorcen section 9.2).
public final class VqVaeTask implements Task {
    /// The source that is the training images ([#sources]).
    public static final String IMAGES = "images";
    /// Latents for each code that k-means starts the codebook from.
    private static final int START_LATENTS = 64;
    private static final int START_BATCH = 4096;
    /// What the images of starts and restarts are drawn for, apart from k-means itself.
    private static final int SAMPLE = 3;

    private final Recipe recipe;
    private final ImageSet images;
    private final VqVaePrograms programs;
    private String sha256;

    /// A VQ-VAE on a set of images.
    public VqVaeTask(Recipe recipe, ImageSet images) {
        this.recipe = recipe;
        this.images = images;
        this.programs = new VqVaePrograms(recipe);
    }

    @Override
    public VqVaePrograms programs() {
        return programs;
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public Fingerprint examples() {
        return Fingerprint.of(images);
    }

    /// The training images: a tokenizer is judged beside k-means on the very images that it learnt from, wherever they
    /// lie by then.
    @Override
    public Map<String, String> sources() {
        if (sha256 == null) {
            sha256 = CodeMaker.sha256(images);
        }
        return Map.of(IMAGES, sha256);
    }

    @Override
    public Part part(Stage stage) {
        var step = programs.train(stage);
        return new QuantisingPart(step,
                step.objective().quantised() != null ? programs.latents(recipe.training().batch()) : null,
                recipe.training().stages().indexOf(stage));
    }

    private final class QuantisingPart implements Part {
        private final TrainingStep<VqVae.Objective> step;
        private final Evaluation<Tensor> latents;
        private final int stage;

        QuantisingPart(TrainingStep<VqVae.Objective> step, Evaluation<Tensor> latents, int stage) {
            this.step = step;
            this.latents = latents;
            this.stage = stage;
        }

        @Override
        public TrainingStep<VqVae.Objective> step() {
            return step;
        }

        @Override
        public List<Program> others() {
            return latents == null ? List.of() : List.of(latents.program());
        }

        @Override
        public Feed<WholeImages.Batch> feed(Session session, long first, long end) {
            var maker = new WholeImages(images, recipe.training().batch(), (float) recipe.augment().flip(),
                    recipe.seed());
            return new Feed<>(new BatchLoader<>(maker, first, end),
                    batch -> session.upload(step.objective().inputs().image(), batch.image()));
        }

        @Override
        public Optional<String> before(Session session, AdamWRates rates, long t, long length) {
            var v = VqVaeSection.of(recipe);
            if (latents == null) {
                return Optional.empty();
            }
            float[] counts = session.download(programs.model().quantiser().averages().counts());
            if (t == 0) {
                return sum(counts) == 0 ? Optional.of(start(session)) : Optional.empty();
            }
            if (t % v.restartEvery() != 0 || t > v.restartUntil() * length) {
                return Optional.empty();
            }
            var dead = VectorQuantiser.dead(counts, (float) v.restartBelow());
            if (dead.isEmpty()) {
                return Optional.empty();
            }
            restart(session, dead, counts, t);
            return Optional.of(dead.size() + " of " + v.codes() + " codes start again at random latents");
        }

        /// k-means on the latents of images drawn at random; every code begins with an equal count.
        private String start(Session session) {
            var v = VqVaeSection.of(recipe);
            int batch = recipe.training().batch();
            int each = batch * positions();
            int batches = Math.max(1, Math.min((START_LATENTS * v.codes() + each - 1) / each, images.size() / batch));
            float[] z = new float[Math.multiplyExact(batches * each, v.dim())];
            for (int b = 0; b < batches; b++) {
                float[] part = latents(session, 0, b);
                System.arraycopy(part, 0, z, b * part.length, part.length);
            }
            int rows = batches * each;
            if (rows < v.codes()) {
                throw new RunException("vqvae.codes is " + v.codes() + ", but the training images give only " + rows
                        + " latents to start them from; expected at least as many. Lower vqvae.codes.");
            }
            Codebook book = new KMeans(v.codes(), START_BATCH, 2, 4).fit(z, rows, v.dim(), recipe.seed());
            float[] vectors = book.vectors();
            float[] counts = new float[v.codes()];
            Arrays.fill(counts, (float) each / v.codes());
            upload(session, vectors, counts);
            return "quantisation begins: " + v.codes() + " codes by k-means on " + rows + " latents";
        }

        private void restart(Session session, List<Integer> dead, float[] counts, long t) {
            int dim = VqVaeSection.of(recipe).dim();
            float[] z = latents(session, t, 0);
            float[] vectors = session.download(programs.model().quantiser().averages().vectors());
            float mean = (float) (sum(counts) / counts.length);
            var random = CounterRandom.of(recipe.seed(), Stream.CODEBOOK, t, SAMPLE + 1 + stage);
            for (int code : dead) {
                System.arraycopy(z, random.below(z.length / dim) * dim, vectors, code * dim, dim);
                counts[code] = mean;
            }
            upload(session, vectors, counts);
        }

        /// Vectors and counts, with the sums that agree with them.
        private void upload(Session session, float[] vectors, float[] counts) {
            float[] sums = vectors.clone();
            for (int i = 0; i < sums.length; i++) {
                sums[i] *= counts[i / VqVaeSection.of(recipe).dim()];
            }
            var averages = programs.model().quantiser().averages();
            session.upload(averages.vectors(), vectors);
            session.upload(averages.counts(), counts);
            session.upload(averages.sums(), sums);
        }

        /// The latents of a batch of images that is a pure function of seed, stage, step and number.
        private float[] latents(Session session, long t, int number) {
            int batch = recipe.training().batch();
            int[] order = CounterRandom.of(recipe.seed(), Stream.CODEBOOK, t, -1 - SAMPLE - stage)
                    .permutation(images.size());
            int[] chosen = Arrays.copyOfRange(order, number * batch, (number + 1) * batch);
            float[] pixels = new float[latents.input().count()];
            images.images(chosen, pixels, 0);
            session.upload(latents.input(), pixels);
            session.run(latents.program());
            return session.download(latents.values());
        }

        private int positions() {
            int grid = programs.model().settings().sizes().grid();
            return grid * grid;
        }

        @Override
        public Map<String, Double> health(Session session) {
            if (latents == null) {
                return Map.of();
            }
            int[] codes = session.downloadIntegers(step.objective().quantised().codes());
            var use = new CodeUse(VqVaeSection.of(recipe).codes());
            use.add(codes, codes.length);
            return Map.of("code perplexity", use.perplexity(), "used codes", (double) use.used());
        }

        /// Fewer than a tenth of the codes in use is a collapse, as far as a batch can show.
        @Override
        public Optional<String> watch(Map<String, Double> figures) {
            Double perplexity = figures.get("code perplexity");
            int seen = Math.min(VqVaeSection.of(recipe).codes(), recipe.training().batch() * positions());
            return perplexity == null || perplexity > 0.1 * seen
                    ? Optional.empty()
                    : Optional.of(String.format(java.util.Locale.ROOT, "code perplexity %.1f of %d codes: the codebook "
                            + "collapses. Lengthen the stage without quantisation, or lower optimizer.lr.", perplexity,
                            VqVaeSection.of(recipe).codes()));
        }
    }

    private static double sum(float[] numbers) {
        double sum = 0;
        for (float number : numbers) {
            sum += number;
        }
        return sum;
    }
}
