package dev.triptych.stellar;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.data.set.BatchLoader;
import dev.triptych.data.set.Fingerprint;
import dev.triptych.data.set.ImageSet;
import dev.triptych.device.Session;
import dev.triptych.method.Feed;
import dev.triptych.method.Task;
import dev.triptych.method.TrainingStep;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import java.util.Map;
import java.util.Optional;

/// STELLAR for the trainer: its views as batches, its health figures, its sign of collapse.
public final class StellarTask implements Task {
    private final Recipe recipe;
    private final ImageSet images;
    private final CodeTargets targets;
    private final StellarPrograms programs;
    private final CollapseWatch collapse;

    /// STELLAR on a set of images.
    ///
    /// @param targets what the decoder predicts; null for pixels
    public StellarTask(Recipe recipe, ImageSet images, CodeTargets targets) {
        this.recipe = recipe;
        this.images = images;
        this.targets = targets;
        this.programs = new StellarPrograms(recipe);
        this.collapse = new CollapseWatch(StellarSection.of(recipe).prototypes(),
                StellarSection.of(recipe).prototypesOfCls());
    }

    @Override
    public StellarPrograms programs() {
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
        var step = programs.train(stage);
        return new Part() {
            @Override
            public TrainingStep<Stellar.Objective> step() {
                return step;
            }

            @Override
            public Feed<StellarBatch> feed(Session session, long first, long end) {
                var views = new StellarViews(images, recipe, stage, targets);
                return new Feed<>(new BatchLoader<>(views, first, end),
                        batch -> upload(session, step.objective(), batch));
            }

            @Override
            public Map<String, Double> health(Session session) {
                return StellarHealth.of(session, step.objective());
            }

            @Override
            public Optional<String> watch(Map<String, Double> figures) {
                return collapse.see(figures);
            }
        };
    }

    /// Copies a batch into the inputs of a step.
    static void upload(Session session, Stellar.Objective objective, StellarBatch batch) {
        var in = objective.inputs();
        session.upload(in.image(), batch.image());
        if (in.global() != null) {
            session.upload(in.global(), batch.globalViews());
        }
        if (in.local() != null) {
            session.upload(in.local(), batch.localViews());
        }
        if (in.codes() != null) {
            session.upload(in.codes(), batch.codes());
        }
        if (in.masked() != null) {
            in.masked().give(batch.idsKeep(), objective.views().maskedViews(), objective.views().globalViews(),
                    session::upload);
        }
    }
}
