package dev.triptych.vqgan;

import dev.triptych.data.codes.CodeUse;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A VQGAN for the trainer.
public final class VqganTask implements Task {
    private static final String PERPLEXITY = "code perplexity";

    private final Recipe recipe;
    private final ImageSet images;
    private final VqganPrograms programs;

    /// A VQGAN on a set of images.
    public VqganTask(Recipe recipe, ImageSet images) {
        this.recipe = recipe;
        this.images = images;
        this.programs = new VqganPrograms(recipe);
    }

    @Override
    public VqganPrograms programs() {
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
            public TrainingStep<Vqgan.Objective> step() {
                return step;
            }

            @Override
            public Feed<WholeImages.Batch> feed(Session session, long first, long end) {
                var maker = new WholeImages(images, recipe.training().batch(), (float) recipe.augment().flip(),
                        recipe.seed());
                return new Feed<>(new BatchLoader<>(maker, first, end),
                        batch -> session.upload(step.objective().inputs().image(), batch.image()));
            }

            @Override
            public Map<String, Double> health(Session session) {
                int[] codes = session.downloadIntegers(step.objective().quantised().codes());
                var use = new CodeUse(VqganSection.of(recipe).codes());
                use.add(codes, codes.length);
                return Map.of(PERPLEXITY, use.perplexity(), "used codes", (double) use.used());
            }

            @Override
            public Optional<String> watch(Map<String, Double> figures) {
                return collapse(figures.get(PERPLEXITY));
            }
        };
    }

    /// One code for everything is a collapse.
    static Optional<String> collapse(Double perplexity) {
        return perplexity == null || perplexity > 1.01
                ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT, "code perplexity %.2f: the codebook collapses to one code. "
                        + "Lower optimizer.lr.", perplexity));
    }
}
