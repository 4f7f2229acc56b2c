package dev.triptych.method;

import dev.triptych.data.set.DataSource;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.source.Split;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
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
    /// @throws InputException if there are fewer than a batch takes
    public static Supply images(Recipe recipe, Workplace place, Function<ImageSet, Task> task) throws IOException {
        var data = recipe.data();
        int batch = recipe.training().batch();
        boolean scenes = place.makesUp() && data.generated() && data.trainImages() == 0;
        ImageSet images = scenes ? scenes(recipe) : place.images(recipe, Split.TRAIN);
        if (images.size() < batch) {
            throw new InputException("training.batch is " + batch + ", but the training set has " + images.size()
                    + " images; expected at most as many. Lower training.batch.");
        }
        String description = images.size() + " of " + data.side() + " px, "
                + (data.generated() ? "generated scenes" : data.dir());
        if (place.makesUp()) {
            place.remark("images: " + (scenes
                    ? images.size() + " generated scenes of " + data.side()
                            + " px, because the recipe names no folder (data=DIR)"
                    : description));
        }
        return new Supply(() -> task.apply(images), description);
    }

    private static ImageSet scenes(Recipe recipe) {
        return ImageSets.scenes(new DataSource.Generated(recipe.seed(), madeUp(recipe), 1), Split.TRAIN,
                recipe.data().side());
    }

    /// How many images are made up.
    public static int madeUp(Recipe recipe) {
        return Math.max(SCENES, recipe.training().batch());
    }
}
