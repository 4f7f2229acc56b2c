package dev.triptych.data.source;

import dev.triptych.data.archive.ArchiveWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/// The contract on ZIP and tar archives, of every layout.
class ArchiveSourceTest {
    /// Pictures in archives, made anew.
    abstract static class Packed extends SourceContract {
        private final List<Wanted> train = new ArrayList<>();
        private final List<Wanted> test = new ArrayList<>();

        /// Adds pictures with the names `prefix00.png` and so on.
        void add(List<Wanted> part, String prefix, int label, int count) {
            for (int i = 0; i < count; i++) {
                part.add(new Wanted("%s%02d.png".formatted(prefix, i), label, 10 * part.size() + 1));
            }
        }

        void train(String prefix, int label, int count) {
            add(train, prefix, label, count);
        }

        void test(String prefix, int label, int count) {
            add(test, prefix, label, count);
        }

        @Override
        List<Wanted> wanted(Split part) {
            return part == Split.TRAIN ? train : test;
        }

        /// Writes the archives of both parts.
        ///
        /// @param pictures contents by name, the training part first
        /// @param labels of these names
        /// @return what is to be opened
        abstract Path write(Path data, LinkedHashMap<String, byte[]> pictures, Map<String, Integer> labels)
                throws IOException;

        private Source write(Wanted extra, int victim) throws IOException {
            Path data = Files.createDirectories(folder.resolve("data"));
            var pictures = new LinkedHashMap<String, byte[]>();
            var labels = new LinkedHashMap<String, Integer>();
            for (var want : train) {
                pictures.put(want.name(), want.png());
                labels.put(want.name(), want.label());
            }
            if (victim >= 0) {
                pictures.put(train.get(victim).name(), new byte[]{(byte) 0x89, 'P', 'N', 'G'});
            }
            if (extra != null) {
                String first = train.getFirst().name();
                String name = first.substring(0, first.lastIndexOf('/') + 1) + extra.name() + ".png";
                pictures.put(name, extra.png());
                labels.put(name, extra.label());
            }
            for (var want : test) {
                pictures.put(want.name(), want.png());
                labels.put(want.name(), want.label());
            }
            return Sources.kindOf(write(data, pictures, labels), SourceOptions.AUTO);
        }

        @Override
        Source make(Wanted extra) throws IOException {
            return write(extra, -1);
        }

        @Override
        boolean damages() {
            return true;
        }

        @Override
        Source damage(int victim) throws IOException {
            return write(null, victim);
        }
    }

    abstract static class ClassFolders extends Packed {
        ClassFolders(String root) {
            train(root + "train/cat/", 0, 3);
            train(root + "train/dog/", 1, 9);
            test(root + "test/cat/", 0, 2);
            test(root + "test/dog/", 1, 1);
        }
    }

    @Nested
    class Tar extends ClassFolders {
        Tar() {
            super("set/");
        }

        @Override
        Path write(Path data, LinkedHashMap<String, byte[]> pictures, Map<String, Integer> labels) throws IOException {
            pictures.putFirst("set/", null);
            pictures.put("set/read.me", new byte[]{1, 2});
            return ArchiveWriter.tar(data.resolve("set.tar"), pictures);
        }
    }

    @Nested
    class CompressedTar extends ClassFolders {
        CompressedTar() {
            super("");
        }

        @Override
        Path write(Path data, LinkedHashMap<String, byte[]> pictures, Map<String, Integer> labels) throws IOException {
            return ArchiveWriter.tar(data.resolve("set.tar.gz"), pictures);
        }
    }

    @Nested
    class Zip extends ClassFolders {
        Zip() {
            super("");
        }

        @Override
        Path write(Path data, LinkedHashMap<String, byte[]> pictures, Map<String, Integer> labels) throws IOException {
            pictures.putFirst("train/", null);
            pictures.put("__MACOSX/train/cat/._00.png", new byte[]{1});
            return ArchiveWriter.zip(data.resolve("set.zip"), pictures);
        }
    }

    /// A part an archive, told by its name, in a folder; without labels.
    @Nested
    class FlatZips extends Packed {
        FlatZips() {
            train("a/", Entry.UNLABELLED, 7);
            test("b/", Entry.UNLABELLED, 2);
        }

        @Override
        Path write(Path data, LinkedHashMap<String, byte[]> pictures, Map<String, Integer> labels) throws IOException {
            var parts = List.of(new LinkedHashMap<String, byte[]>(), new LinkedHashMap<String, byte[]>());
            pictures.forEach((name, png) -> parts.get(name.startsWith("a/") ? 0 : 1).put(name, png));
            ArchiveWriter.zip(data.resolve("train2017-stored.zip"), parts.get(0));
            ArchiveWriter.zip(data.resolve("val2017.zip"), parts.get(1));
            return data;
        }
    }

    /// A flat archive, of which a part is held out.
    @Nested
    class FlatTar extends Packed {
        FlatTar() {
            train("./photo.of.", Entry.UNLABELLED, 23);
        }

        @Override
        List<Wanted> wanted(Split part) {
            return super.wanted(part).stream()
                    .map(want -> new Wanted(want.name().substring(2), want.label(), want.level())).toList();
        }

        @Override
        Path write(Path data, LinkedHashMap<String, byte[]> pictures, Map<String, Integer> labels) throws IOException {
            return ArchiveWriter.tar(data.resolve("photos"), pictures); // known by its content
        }
    }

    /// Shards of samples, as WebDataset has them, plain or compressed.
    abstract static class Shards extends Packed {
        private final String ending;

        Shards(String ending) {
            this.ending = ending;
            train("train_a", 1, 4);
            train("train_b", 0, 5);
            train("train_c", 2, 3);
            test("val_a", 0, 2);
            test("val_b", 2, 2);
        }

        @Override
        Path write(Path data, LinkedHashMap<String, byte[]> pictures, Map<String, Integer> labels) throws IOException {
            var shards = new LinkedHashMap<String, Map<String, byte[]>>();
            pictures.forEach((name, png) -> {
                var shard = shards.computeIfAbsent(name.startsWith("val")
                        ? "val-000000"
                        : "train-00000"
                                + (name.startsWith("train_a") || name.contains("zzz") ? 0 : 1),
                        _ -> new LinkedHashMap<>());
                String key = name.substring(0, name.indexOf('.'));
                byte[] label = labels.get(name) == 2
                        ? "11".getBytes(StandardCharsets.US_ASCII)
                        : new byte[]{(byte) ('1' + labels.get(name)), '\n'};
                boolean before = name.hashCode() % 2 == 0;
                if (before) {
                    shard.put(key + ".cls", label);
                }
                shard.put(name, png);
                if (!before) {
                    shard.put(key + ".cls", label);
                }
                shard.put(key + ".txt", new byte[]{'?'});
            });
            for (var shard : shards.entrySet()) {
                ArchiveWriter.tar(data.resolve(shard.getKey() + ending), shard.getValue());
            }
            return data;
        }
    }

    @Nested
    class PlainShards extends Shards {
        PlainShards() {
            super(".tar");
        }
    }

    @Nested
    class CompressedShards extends Shards {
        CompressedShards() {
            super(".tar.gz");
        }
    }

    /// Labels in a description, and the files named by a pattern.
    @Nested
    class Described extends Packed {
        Described() {
            train("a", 1, 11);
            train("b", 0, 10);
        }

        @Override
        Path write(Path data, LinkedHashMap<String, byte[]> pictures, Map<String, Integer> labels) throws IOException {
            var shards = List.of(new LinkedHashMap<String, byte[]>(), new LinkedHashMap<String, byte[]>());
            pictures.forEach((name, png) -> {
                var shard = shards.get(name.startsWith("b") ? 1 : 0);
                shard.put(name, png);
                shard.put(name.replace(".png", ".json"), ("{\"text\": {\"label\": 7}, \"label\": \""
                        + (labels.get(name) == 0 ? "ant" : "bee") + "\"}").getBytes(StandardCharsets.UTF_8));
            });
            ArchiveWriter.tar(data.resolve("part-09.tar"), shards.get(0));
            ArchiveWriter.tar(data.resolve("part-10.tar"), shards.get(1));
            ArchiveWriter.tar(data.resolve("part-11.tar"), Map.of("not.png", new byte[1]));
            return data.resolve("part-{09..10}.tar");
        }
    }
}
