package dev.triptych.triptych;

import dev.triptych.channel.HeadReset;
import dev.triptych.data.codes.CodeTargets;
import dev.triptych.data.set.BatchLoader;
import dev.triptych.data.set.Fingerprint;
import dev.triptych.data.set.ImageSet;
import dev.triptych.device.Session;
import dev.triptych.method.Feed;
import dev.triptych.method.Task;
import dev.triptych.method.TrainingStep;
import dev.triptych.nn.AdamWRates;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import dev.triptych.tokenizer.PatchCodebook;
import dev.triptych.train.RunException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// Triptych for the trainer: its views as batches, the warm-up of the echo, re-initialisation of heads, health.
public final class TriptychTask implements Task {
    private final Recipe recipe;
    private final ImageSet images;
    private final CodeTargets targets;
    private final TriptychPrograms programs;

    /// Triptych on a set of images.
    ///
    /// @param targets what the decoder predicts; null for pixels
    /// @throws RunException if echoes cannot be painted with the tokenizer
    public TriptychTask(Recipe recipe, ImageSet images, CodeTargets targets) {
        this.recipe = recipe;
        this.images = images;
        this.targets = targets;
        boolean echoes = TriptychSection.of(recipe).weights().contrast() > 0;
        this.programs = echoes ? new TriptychPrograms(recipe, centroids(targets)) : new TriptychPrograms(recipe);
    }

    private static float[] centroids(CodeTargets targets) {
        if (targets.tokenizer() instanceof PatchCodebook book) {
            return book.codebook().vectors();
        }
        throw new RunException("decoder.tokenizer is " + targets.tokenizer().description() + "; expected a codebook of "
                + "patches, whose centroids echoes are painted with inside the step. Fit one with `triptych tokenize "
                + "--tokenizer kmeans`, or train without echo: triptych.weights.contrast=0.");
    }

    @Override
    public TriptychPrograms programs() {
        return programs;
    }

    @Override
    public Map<String, String> sources() {
        return targets == null ? Map.of() : Map.of("tokenizer", targets.tokenizer().sha256());
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public Fingerprint examples() {
        return Fingerprint.of(images);
    }

    @Override
    public Part part(Stage stage) {
        return new TriptychPart(programs.train(stage));
    }

    /// Copies a batch into the inputs of a step.
    ///
    /// @param warm whether the images' own codes are painted
    static void upload(Session session, Triptych.Inputs in, TriptychBatch batch, boolean warm) {
        session.upload(in.image(), batch.image());
        in.keep(batch.kept(), batch.keptGlobal(), session::upload, session::upload);
        if (in.global() != null) {
            session.upload(in.global(), batch.global());
        }
        if (in.local() != null) {
            session.upload(in.local(), batch.local());
        }
        if (in.codes() != null) {
            session.upload(in.codes(), batch.codes());
        }
        if (in.echo() != null) {
            int[] source = new int[in.echo().source().count()];
            Arrays.fill(source, warm ? 1 : 2);
            session.upload(in.echo().source(), source);
            session.upload(in.echo().draws(), batch.echoDraws());
            in.echo().window().give(batch.windows(), session::upload);
        }
    }

    private final class TriptychPart implements Part {
        private final TrainingStep<Triptych.Objective> step;
        private final TriptychWatch watch = new TriptychWatch();
        private boolean warm;

        TriptychPart(TrainingStep<Triptych.Objective> step) {
            this.step = step;
        }

        @Override
        public TrainingStep<Triptych.Objective> step() {
            return step;
        }

        @Override
        public Feed<TriptychBatch> feed(Session session, long first, long end) {
            return new Feed<>(new BatchLoader<>(new TriptychViews(images, recipe, targets), first, end),
                    batch -> upload(session, step.objective().inputs(), batch, warm));
        }

        @Override
        public Optional<String> before(Session session, AdamWRates rates, long t, long length) {
            var section = TriptychSection.of(recipe);
            boolean before = warm;
            warm = step.objective().inputs().echo() != null && t < Math.round(section.echoWarmup() * length);
            int number = step.objective().aligned() == null
                    ? 0
                    : HeadReset.due(t, length, section.resetSteps(images.size() / recipe.training().batch()));
            if (number > 0) {
                Alignment.RESET.apply(session, programs.state(), rates, recipe.seed(), number);
                return Optional.of("the heads of student and teacher were re-initialised, reset " + number);
            }
            return before && !warm
                    ? Optional.of("echoes begin: until here the images' own codes were painted")
                    : Optional.empty();
        }

        @Override
        public Map<String, Double> health(Session session) {
            return TriptychHealth.of(session, step.objective(),
                    TriptychSection.of(recipe).alignment() == TriptychSection.Kind.MESSAGES);
        }

        @Override
        public Optional<String> watch(Map<String, Double> figures) {
            return watch.see(figures);
        }
    }
}
