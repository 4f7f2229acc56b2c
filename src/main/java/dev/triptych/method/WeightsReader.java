package dev.triptych.method;

import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Reads weights that a method's authors released.
public interface WeightsReader {
    /// Opens a file and checks every tensor against a recipe's model.
    ///
    /// @throws dev.triptych.io.FormatException listing all tensors that do not fit
    Weights open(Path file, Recipe recipe) throws IOException;

    /// Weights that fit a model.
    interface Weights {
        /// Tensors that the model takes.
        int used();

        /// Tensors of the file that the method never uses, and that are left behind.
        List<String> unused();

        /// Numbers that the model learns.
        long parameters();

        /// Writes them as the checkpoint of step 0.
        void save(Path checkpoint) throws IOException;
    }
}
