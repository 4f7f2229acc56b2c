package dev.triptych.embed;

import dev.triptych.method.EncodedValue;
import dev.triptych.method.Evaluation;
import dev.triptych.method.InputException;
import dev.triptych.method.Trained;
import java.util.List;

/// What a run says of pictures.
final class NamedValues {
    private NamedValues() {
    }

    /// The values of an evaluation, by name.
    ///
    /// @throws InputException where the run reads no pictures
    static List<EncodedValue> of(Trained run, Evaluation<?> evaluation) {
        if (evaluation.values() instanceof EncodedValue.Named named) {
            return named.named();
        }
        throw new InputException("--run " + run.folder() + ": its encoder reads no pictures, but codes of them; "
                + "expected a run that reads pictures. Choose another run.");
    }
}
