package dev.triptych.data.source;

import dev.triptych.data.file.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Finds out what a path is, and opens it. The one place that knows all kinds of [Source].
public final class Sources {
    private Sources() {
    }

    /// The source at a path, with two parts: where it has but one, every tenth picture is held out.
    ///
    /// @throws ImageException where nothing is there that is known, or it can be taken in two ways
    public static Source open(Path place, SourceOptions options) throws IOException {
        return HeldOut.of(kindOf(place, options));
    }

    private static Source kindOf(Path place, SourceOptions options) throws IOException {
        if (Files.isDirectory(place) && Cifar10Binary.isHere(place)) {
            return new Cifar10Binary(place, options.followLinks());
        }
        return new FolderSource(place, options);
    }
}
