package dev.triptych.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract on files of MNIST's format, plain and compressed, and their errors.
class IdxSourceTest {
    @TempDir
    Path folder;

    static byte[] idx(int count, int... sizes) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeInt(0x0801 + sizes.length);
        out.writeInt(count);
        for (int size : sizes) {
            out.writeInt(size);
        }
        return bytes.toByteArray();
    }

    static Path write(Path file, byte[]... parts) throws IOException {
        Files.createDirectories(file.getParent());
        try (var out = file.toString().endsWith("gz")
                ? new GZIPOutputStream(Files.newOutputStream(file))
                : Files.newOutputStream(file)) {
            for (byte[] part : parts) {
                out.write(part);
            }
        }
        return file;
    }

    abstract static class Mnist extends SourceContract {
        private final String ending;

        Mnist(String ending) {
            this.ending = ending;
        }

        @Override
        List<Wanted> wanted(Split part) {
            var wanted = new ArrayList<Wanted>();
            for (int i = 0; i < (part == Split.TRAIN ? 15 : 6); i++) {
                wanted.add(
                        new Wanted((part == Split.TRAIN ? "train" : "t10k") + "-images-idx3-ubyte" + ending + "#" + i,
                                i % 3, 10 * i + 1));
            }
            return wanted;
        }

        @Override
        Source make(Wanted extra) throws IOException {
            Path data = folder.resolve("mnist");
            for (var part : Split.values()) {
                var wanted = new ArrayList<>(wanted(part));
                if (extra != null && part == Split.TRAIN) {
                    wanted.add(extra);
                }
                byte[] pixels = new byte[wanted.size() * 7 * 9];
                byte[] labels = new byte[wanted.size()];
                for (int i = 0; i < labels.length; i++) {
                    Arrays.fill(pixels, i * 63, (i + 1) * 63, (byte) wanted.get(i).level());
                    labels[i] = new byte[]{3, 5, (byte) 250}[wanted.get(i).label()];
                }
                String name = part == Split.TRAIN ? "train" : "t10k";
                write(data.resolve(name + "-images-idx3-ubyte" + ending), idx(labels.length, 9, 7), pixels);
                write(data.resolve(name + "-labels-idx1-ubyte" + ending), idx(labels.length), labels);
            }
            return Sources.kindOf(data, SourceOptions.AUTO);
        }

        @Override
        boolean damages() {
            return false;
        }

        @Override
        Source damage(int victim) {
            throw new UnsupportedOperationException("records have no damage of their own");
        }

        @Test
        void rowsAreRows() throws IOException {
            try (var source = make(null)) {
                assertEquals(List.of("3", "5", "250"), source.classes());
                var entry = all(source, Split.TEST).getFirst();
                assertEquals(7, entry.samples().width());
                assertEquals(9, entry.samples().height());
            }
        }
    }

    @Nested
    class Plain extends Mnist {
        Plain() {
            super("");
        }
    }

    @Nested
    class Compressed extends Mnist {
        Compressed() {
            super(".gz");
        }
    }

    private void refused(String reason, Path place) {
        var refusal = assertThrows(ImageException.class, () -> {
            try (var source = Sources.kindOf(place, SourceOptions.AUTO); var walk = source.walk(Split.TRAIN)) {
                for (var entry = walk.next(); entry != null; entry = walk.next()) {
                    walk.open().close();
                }
            }
        });
        assertTrue(refusal.getMessage().startsWith(place.toString()), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    }

    @Test
    void wrongFilesAreRefusedByName() throws IOException {
        Path images = folder.resolve("train-images-idx3-ubyte");
        Path labels = folder.resolve("train-labels-idx1-ubyte");
        refused("it has 77 bytes, expected 78", write(images, idx(2, 31, 1), new byte[61]));
        refused("it has 79 bytes, expected 78", write(images, idx(2, 31, 1), new byte[63]));
        refused("0 x 31 pixels", write(images, idx(2, 31, 0)));
        refused("it has 0 pictures", write(images, idx(0, 31, 2)));
        refused("expected 17179869196", write(images, idx(-1, 2, 2), new byte[63]));
        write(images, idx(2, 31, 1), new byte[62]);
        write(labels, idx(3), new byte[3]);
        var refusal = assertThrows(ImageException.class, () -> Sources.kindOf(images, SourceOptions.AUTO));
        assertTrue(refusal.getMessage().contains("it has 3 labels"), refusal.getMessage());
        write(labels, idx(2), new byte[2]);
        try (var source = Sources.kindOf(images, SourceOptions.AUTO)) {
            assertEquals(2, source.survey(Split.TRAIN).perClass()[0]);
        }
        Files.delete(labels);
        try (var source = Sources.kindOf(images, SourceOptions.AUTO)) {
            assertEquals(List.of(), source.classes());
        }
    }

    @Test
    void compressedFilesAreWatchedWhileTheyAreRead() throws IOException {
        Path images = folder.resolve("train-images-idx3-ubyte.gz");
        refused("ends in the middle of a picture", write(images, idx(2, 31, 1), new byte[61]));
        refused("goes on behind the 2", write(images, idx(2, 31, 1), new byte[63]));
        write(images, idx(1 << 20, 1000, 1), new byte[1000]);
        var refusal = assertThrows(ImageException.class, () -> Sources.kindOf(images, SourceOptions.AUTO));
        assertEquals(Refusal.UNPACKS_TOO_LARGE, refusal.refusal());
    }
}
