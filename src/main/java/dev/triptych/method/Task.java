package dev.triptych.method;

import dev.triptych.data.set.Fingerprint;
import dev.triptych.device.Session;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Program;
import dev.triptych.recipe.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A method as the trainer sees it: its programs, how many examples it has, and what it does in each stage.
public interface Task {
    /// Its programs over one state.
    MethodPrograms programs();

    /// Number of training images.
    int size();

    /// What it learns from, example by example. A run goes on with the same examples alone.
    Fingerprint examples();

    /// What its training reads besides recipe and images, by name: hashes. Checkpoints keep them, and a run goes on
    /// with nothing else.
    default Map<String, String> sources() {
        return Map.of();
    }

    /// Prepares a stage of the training; builds its program.
    Part part(Stage stage);

    /// Makes of the weights of another run of this method what this training begins with: the teacher as the student.
    ///
    /// @param teacher whether the other run had a teacher, whose averages then lie in the session too
    default void adopt(Session session, boolean teacher) {
        session.copyToTeacher(programs().state());
    }

    /// What a method does in one stage. Steps are counted over the whole run where nothing else is said.
    interface Part {
        /// The step's program.
        TrainingStep<?> step();

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
