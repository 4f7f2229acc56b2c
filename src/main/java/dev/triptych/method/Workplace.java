package dev.triptych.method;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.source.Split;
import dev.triptych.device.Device;
import dev.triptych.recipe.DataSection;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;

/// What a method works with when a command asks something of it. What it opens here is closed when the command ends.
public interface Workplace {
    /// What programs run on.
    Device device();

    /// Told how far the work is.
    EvaluationProgress progress();

    /// Tells something worth knowing, in a line of its own.
    void remark(String text);

    /// Whether steps are but measured or checked here. They do the same work with any numbers: what a recipe does not
    /// name is made up then, with a remark.
    default boolean makesUp() {
        return false;
    }

    /// One part of a recipe's images, in memory where it fits easily.
    ///
    /// @throws dev.triptych.recipe.RecipeException if the recipe names no images, or more than there are
    ImageSet images(Recipe recipe, Split split) throws IOException;

    /// One part of a section's images, read or drawn as they are asked for: memory does not grow with their number.
    ///
    /// @param seed of generated scenes
    /// @throws dev.triptych.recipe.RecipeException if the section names no images, or more than there are
    ImageSet streamed(DataSection data, long seed, Split split) throws IOException;

    /// The tokenizer of a saved codebook or of a run, on the device.
    SavedTokenizer tokenizer(Path fileOrRun) throws IOException;

    /// The same for batches that are made on other threads than those that train: on a device of its own, in Java.
    SavedTokenizer batchTokenizer(Path fileOrRun) throws IOException;
}
