package dev.triptych.method;

import dev.triptych.device.Session;
import dev.triptych.program.State;
import java.util.Map;

/// Looks at the weights of a training on its way. It has a session of its own, into which weights are copied: nothing
/// that the training computes depends on it.
public interface OnlineJudge extends AutoCloseable {
    /// What one look found.
    ///
    /// @param figures by name, `kNN on cls, student`
    /// @param decisive name of the figure by which looks are compared
    record Look(Map<String, Double> figures, String decisive) {
        /// The figure by which looks are compared.
        public double score() {
            return figures.get(decisive);
        }
    }

    /// What is looked at, in words.
    String description();

    /// Whether labels tell anything, so that the higher figure is the better one.
    boolean labelled();

    /// Looks at the weights as they are now.
    ///
    /// @param training session of the training; it is only read from
    /// @param state of the training
    /// @param teacher whether the stage has a teacher, which is looked at too
    Look look(Session training, State state, boolean teacher);

    @Override
    void close();
}
