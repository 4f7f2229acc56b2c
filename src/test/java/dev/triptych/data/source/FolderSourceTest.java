package dev.triptych.data.source;

import dev.triptych.recipe.DataSection.Labels;
import dev.triptych.recipe.DataSection.Parts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;

/// The contract on every layout of a folder.
class FolderSourceTest {
    /// Pictures as files, made anew in a folder.
    abstract static class Layout extends SourceContract {
        final SourceOptions options;
        final List<Wanted> train = new ArrayList<>();
        final List<Wanted> test = new ArrayList<>();

        Layout(Labels labels) {
            options = new SourceOptions(labels, Parts.AUTO, false);
        }

        /// Adds pictures that are called in the order of their names.
        void add(List<Wanted> part, String prefix, int label, int count) {
            for (int i = 0; i < count; i++) {
                part.add(new Wanted("%s%02d.png".formatted(prefix, i), label, 10 * part.size() + 1));
            }
        }

        @Override
        Source make(Wanted extra) throws IOException {
            Path data = folder.resolve("data");
            for (var part : List.of(train, test)) {
                for (var want : part) {
                    write(data.resolve(want.name()), want.png());
                }
            }
            if (extra != null) {
                write(data.resolve(train.getFirst().name()).resolveSibling(extra.name() + ".png"), extra.png());
            }
            return new FolderSource(data, options);
        }

        private static void write(Path file, byte[] content) throws IOException {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        }

        @Override
        List<Wanted> wanted(Split part) {
            return part == Split.TRAIN ? train : test;
        }

        @Override
        boolean damages() {
            return true;
        }

        @Override
        Source damage(int victim) throws IOException {
            make(null).close();
            Path file = folder.resolve("data").resolve(train.get(victim).name());
            Files.write(file, new byte[]{(byte) 0x89, 'P', 'N', 'G'});
            return new FolderSource(folder.resolve("data"), options);
        }
    }

    @Nested
    class ClassesInParts extends Layout {
        ClassesInParts() {
            super(Labels.AUTO);
            add(train, "train/cat/", 0, 3);
            add(train, "train/dog/", 1, 9);
            add(test, "test/cat/", 0, 2);
            add(test, "test/dog/", 1, 1);
        }
    }

    @Nested
    class Classes extends Layout {
        Classes() {
            super(Labels.AUTO);
            add(train, "cat/", 0, 12);
            add(train, "cat/deep/", 0, 2);
            add(train, "dog/", 1, 10);
        }
    }

    @Nested
    class NestedClasses extends Layout {
        NestedClasses() {
            super(Labels.NESTED);
            add(train, "animals/cat/", 0, 10);
            add(train, "animals/dog/", 1, 3);
            add(train, "things/car/", 2, 3);
        }
    }

    @Nested
    class Flat extends Layout {
        Flat() {
            super(Labels.AUTO);
            add(train, "photo", Entry.UNLABELLED, 23);
        }
    }

    @Nested
    class NestedWithoutClasses extends Layout {
        NestedWithoutClasses() {
            super(Labels.AUTO);
            add(train, "2019/05/", Entry.UNLABELLED, 8);
            add(train, "2020/", Entry.UNLABELLED, 4);
            add(train, "new", Entry.UNLABELLED, 3);
        }
    }

    @Nested
    class FlatParts extends Layout {
        FlatParts() {
            super(Labels.AUTO);
            add(train, "TRAIN/", Entry.UNLABELLED, 4);
            add(test, "Validation/", Entry.UNLABELLED, 2);
        }
    }
}
