package dev.triptych.data.set;

import java.nio.file.Path;

/// Where the images of a run come from.
public sealed interface DataSource {
    /// Scenes drawn by the program: `train` and `test` of them share none.
    record Generated(long seed, int train, int test) implements DataSource {
    }

    /// Image files, one folder per class; see [ImageFolder].
    record Folder(Path folder) implements DataSource {
    }

    /// The binary version of CIFAR-10; see [Cifar10Binary].
    record Cifar(Path folder) implements DataSource {
    }

    /// The source in a folder: CIFAR-10's binary version where its files are there, else an image folder.
    static DataSource in(Path folder) {
        return Cifar10Binary.isHere(folder) ? new Cifar(folder) : new Folder(folder);
    }
}
