package dev.triptych.data.source;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.LeftOut;
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

    /// The source at a path as it is: where it has but one part, that holds all.
    ///
    /// @throws ImageException where nothing is there that is known, or it can be taken in two ways
    public static Source whole(Path place, SourceOptions options) throws IOException {
        return kindOf(place, options);
    }

    /// The source as it lies, of one part or of two.
    static Source kindOf(Path place, SourceOptions options) throws IOException {
        if (Files.isDirectory(place) && Cifar10Binary.isHere(place)) {
            return new Cifar10Binary(place, options.followLinks());
        }
        if (ListSource.isHere(place)) {
            return new ListSource(place, options);
        }
        boolean pattern = !Files.exists(place) && place.toString().contains("{");
        var files = Files.isRegularFile(place) || pattern
                ? PictureFiles.of(place, options)
                : Files.isDirectory(place) && !holdsPictures(place, options) ? PictureFiles.in(place, options) : null;
        return files == null ? new FolderSource(place, options) : switch (files.kind()) {
            case PARQUET -> new ParquetSource(files, options);
            case IDX -> new IdxSource(files);
            default -> new ArchiveSource(files, options);
        };
    }

    /// Archives that lie beside pictures are not looked at: they are counted as left out.
    private static boolean holdsPictures(Path folder, SourceOptions options) throws IOException {
        return new FolderFiles(folder, FolderFiles.Links.of(folder, options.followLinks()), new LeftOut())
                .next() != null;
    }
}
