package dev.triptych.toy;

import dev.triptych.data.set.BatchLoader;
import dev.triptych.data.set.Fingerprint;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.WholeImages;
import dev.triptych.device.Session;
import dev.triptych.method.Feed;
import dev.triptych.method.Task;
import dev.triptych.method.TrainingStep;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import java.util.Map;
import java.util.Optional;

/// The toy for the trainer.
final class ToyTask implements Task {
    private final Recipe recipe;
    private final ImageSet images;
    private final ToyPrograms programs;

    ToyTask(Recipe recipe, ImageSet images) {
        this.recipe = recipe;
        this.images = images;
        this.programs = new ToyPrograms(recipe);
    }

    @Override
    public ToyPrograms programs() {
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
        TrainingStep<Toy.Objective> step = programs.train(stage);
        return new Part() {
            @Override
            public TrainingStep<Toy.Objective> step() {
                return step;
            }

            @Override
            public Feed<WholeImages.Batch> feed(Session session, long first, long end) {
                var maker = new WholeImages(images, recipe.training().batch(), 0f, recipe.seed());
                return new Feed<>(new BatchLoader<>(maker, first, end),
                        batch -> session.upload(step.objective().inputs().image(), batch.image()));
            }

            @Override
            public Map<String, Double> health(Session session) {
                return Map.of("first number", (double) session.download(step.objective().z())[0]);
            }

            @Override
            public Optional<String> watch(Map<String, Double> figures) {
                return Optional.empty();
            }
        };
    }
}
