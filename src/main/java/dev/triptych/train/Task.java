package dev.triptych.train;

import dev.triptych.data.ImageSet;
import dev.triptych.device.Session;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.TrainingStep;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Program;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import dev.triptych.tokenizer.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A method as the trainer sees it: its programs, how many examples it has, and what it does in each stage.
public interface Task {
    /// The task of a recipe's method on a set of images, whose decoder, if any, predicts pixels.
    static Task of(Recipe recipe, ImageSet images) {
        return of(recipe, images, null);
    }

    /// The task of a recipe's method on a set of images.
    ///
    /// @param tokenizer whose codes a decoder predicts; null where none does
    static Task of(Recipe recipe, ImageSet images, Tokenizer tokenizer) {
        return switch (recipe.method()) {
            case STELLAR -> new StellarTask(recipe, images, tokenizer);
            case BITS -> new BitsTask(recipe, images);
            case VQVAE -> new VqVaeTask(recipe, images);
            case SORCEN -> throw new IllegalArgumentException("Sorcen trains on stored codes, not on images");
        };
    }

    /// Its programs over one state.
    MethodPrograms programs();

    /// Number of training images.
    int size();

    /// What its training reads besides recipe and images, by name: hashes. Checkpoints keep them, and a run goes on
    /// with nothing else.
    default Map<String, String> sources() {
        return Map.of();
    }

    /// Prepares a stage of the training; builds its program.
    Part part(Stage stage);

    /// Makes of another run's weights what this training begins with: the teacher as the student.
    ///
    /// @param teacher whether the other run had a teacher, whose averages then lie in the session too
    default void adopt(Session session, boolean teacher) {
        session.copyToTeacher(programs().state());
    }

    /// What a method does in one stage. Steps are counted over the whole run where nothing else is said.
    interface Part {
        /// The step's program.
        TrainingStep step();

        /// Programs beside the step's that `before` runs.
        default List<Program> others() {
            return List.of();
        }

        /// Batches of the steps `first` to `end - 1`.
        Feed<?> feed(Session session, long first, long end);

        /// Changes the state before step t of this stage (0 first), where the method does so.
        ///
        /// @param length steps of the stage
        /// @return what was done, in words, for the log
        default Optional<String> before(Session session, AdamWRates rates, long t, long length) {
            return Optional.empty();
        }

        /// The teacher's momentum at step t of this stage (0 first).
        ///
        /// @param length steps of the stage
        default double momentum(Stage stage, long t, long length) {
            return stage.momentumAt(t, length);
        }

        /// Health figures of the last step by name. NaN where one cannot be computed.
        Map<String, Double> health(Session session);

        /// Looks at the losses and health figures of a logged step.
        ///
        /// @return a warning where they show a collapse
        Optional<String> watch(Map<String, Double> figures);
    }
}
