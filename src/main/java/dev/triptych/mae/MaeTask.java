package dev.triptych.mae;

import dev.triptych.data.set.BatchLoader;
import dev.triptych.data.set.Fingerprint;
import dev.triptych.data.set.ImageSet;
import dev.triptych.device.Session;
import dev.triptych.method.Feed;
import dev.triptych.method.Task;
import dev.triptych.method.TrainingStep;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// MAE for the trainer: crops and masks as batches, its health figures, its sign of collapse.
public final class MaeTask implements Task {
    private static final double COLLAPSED = 1.5;

    private final Recipe recipe;
    private final ImageSet images;
    private final MaePrograms programs;

    /// MAE on a set of images.
    public MaeTask(Recipe recipe, ImageSet images) {
        this.recipe = recipe;
        this.images = images;
        this.programs = new MaePrograms(recipe);
    }

    @Override
    public MaePrograms programs() {
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

    @Override
    public Part part(Stage stage) {
        var step = programs.train(stage);
        return new Part() {
            @Override
            public TrainingStep<Mae.Objective> step() {
                return step;
            }

            @Override
            public Feed<MaeBatch> feed(Session session, long first, long end) {
                var views = new MaeViews(images, recipe, stage);
                return new Feed<>(new BatchLoader<>(views, first, end),
                        batch -> upload(session, step.objective().inputs(), batch));
            }

            @Override
            public Map<String, Double> health(Session session) {
                return MaeHealth.of(session, step.objective());
            }

            @Override
            public Optional<String> watch(Map<String, Double> figures) {
                return collapse(figures);
            }
        };
    }

    /// Copies a batch into the inputs of a step.
    static void upload(Session session, Mae.Inputs in, MaeBatch batch) {
        session.upload(in.image(), batch.image());
        in.give(batch.kept(), session::upload, session::upload);
    }

    /// Tokens that are all alike tell the decoder nothing.
    static Optional<String> collapse(Map<String, Double> figures) {
        Double rank = figures.get(MaeHealth.RANK);
        return rank == null || !(rank < COLLAPSED)
                ? Optional.empty()
                : Optional
                        .of(String.format(Locale.ROOT, "collapse: the effective rank of the encoder's tokens is %.2f, "
                                + "expected more than %.1f; they are all alike. Lower optimizer.lr.", rank, COLLAPSED));
    }
}
