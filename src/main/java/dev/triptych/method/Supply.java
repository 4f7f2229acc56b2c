package dev.triptych.method;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.set.DataSource;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.set.Split;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;

/// What a training reads, opened.
///
/// @param tasks makes the task of the recipe on it, each time a new one
/// @param description what it is, in words
public record Supply(Supplier<Task> tasks, String description) {
    private static final int SCENES = 256;

    /// The task of the recipe.
    public Task task() {
        return tasks.get();
    }

    /// The images of a recipe.
    ///
    /// @param task makes the task on these images
    public static Supply images(Recipe recipe, Workplace place, Function<ImageSet, Task> task) throws IOException {
        return of(recipe, place.images(recipe, Split.TRAIN), task);
    }

    private static Supply of(Recipe recipe, ImageSet images, Function<ImageSet, Task> task) {
        return new Supply(() -> task.apply(images), images.size() + " of " + recipe.data().side() + " px, "
                + (recipe.data().generated() ? "generated scenes" : recipe.data().dir()));
    }

    /// The same, or generated scenes of the same size for a recipe that awaits a folder.
    public static Supply standIn(Recipe recipe, Workplace place, Function<ImageSet, Task> task) throws IOException {
        var data = recipe.data();
        int batch = recipe.training().batch();
        if (!data.generated() || data.trainImages() > 0) {
            ImageSet images = place.images(recipe, Split.TRAIN);
            if (images.size() < batch) {
                throw new InputException("training.batch is " + batch + ", but the training set has " + images.size()
                        + " images; expected at most as many. Lower training.batch.");
            }
            var supply = of(recipe, images, task);
            place.remark("images: " + supply.description());
            return supply;
        }
        int count = standIns(recipe);
        place.remark("images: " + count + " generated scenes of " + data.side()
                + " px, because the recipe names no folder (data=DIR)");
        return of(recipe, ImageSets.open(new DataSource.Generated(recipe.seed(), count, 1), Split.TRAIN, data.side(),
                Path.of(data.cache()), ImageDecoder.standard(), false), task);
    }

    /// How many images are made up.
    public static int standIns(Recipe recipe) {
        return Math.max(SCENES, recipe.training().batch());
    }
}
