package dev.triptych.method;

import java.io.IOException;
import java.util.List;

/// Judges the runs of a method.
public interface Judge {
    /// Options of `eval` that not every judge has.
    default List<Option<?>> options() {
        return List.of();
    }

    /// Judges a run. What can be refused is refused before anything is computed.
    ///
    /// @throws InputException if an option does not fit
    Verdict judge(Trained run, Judging how, Workplace place) throws IOException;
}
