package dev.triptych.measure.feature;

import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.method.Evaluation;
import dev.triptych.method.MethodPrograms;
import dev.triptych.method.Trained;
import java.io.IOException;

/// A trained encoder beside the same one before training.
///
/// @param trained the weights of a run
/// @param untrained the weights that its recipe begins with
public record EncoderPair(ImageEncoder trained, ImageEncoder untrained) implements AutoCloseable {
    /// Binds an evaluation program twice.
    public static EncoderPair open(Trained run, MethodPrograms programs, Evaluation<?> evaluation, Device device)
            throws IOException {
        Session trained = device.bind(programs.state(), evaluation.program());
        Session untrained = null;
        try {
            untrained = device.bind(programs.state(), evaluation.program());
            run.load(programs.state(), trained);
            untrained.initialize(programs.state(), run.recipe().seed());
            return new EncoderPair(new ImageEncoder(trained, evaluation), new ImageEncoder(untrained, evaluation));
        } catch (IOException | RuntimeException e) {
            trained.close();
            if (untrained != null) {
                untrained.close();
            }
            throw e;
        }
    }

    @Override
    public void close() {
        untrained.session().close();
        trained.session().close();
    }
}
