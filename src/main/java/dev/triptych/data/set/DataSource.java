package dev.triptych.data.set;

import dev.triptych.data.source.SourceOptions;
import java.nio.file.Path;

/// Where the images of a run come from.
public sealed interface DataSource {
    /// Scenes drawn by the program: `train` and `test` of them share none.
    record Generated(long seed, int train, int test) implements DataSource {
    }

    /// Pictures at a path, whatever it is; see [dev.triptych.data.source.Sources].
    record Stored(Path place, SourceOptions options) implements DataSource {
    }

    /// Pictures at a path, taken as they are found.
    static DataSource in(Path place) {
        return new Stored(place, SourceOptions.AUTO);
    }
}
