package dev.triptych.data.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.ImageDecoderTest;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.LimitedDecoder;
import dev.triptych.data.file.RgbImage;
import dev.triptych.data.file.SquareResize;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.Source;
import dev.triptych.data.source.SourceOptions;
import dev.triptych.data.source.Sources;
import dev.triptych.data.source.Split;
import dev.triptych.io.FormatException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Image folders, packing and opening.
class ImageFilesTest {
    private static final EntryDecoder DECODER = new EntryDecoder(
            new LimitedDecoder(ImageDecoder.standard(), Duration.ofSeconds(60)));

    @TempDir
    Path folder;
    private Path images;
    private Path cache;

    @BeforeEach
    void images() throws IOException {
        images = folder.resolve("images");
        cache = folder.resolve("cache");
        for (String part : List.of("train/cat", "train/dog", "test/cat", "test/dog")) {
            Files.createDirectories(images.resolve(part));
            for (int i = 0; i < 3; i++) {
                write(images.resolve(part).resolve("i" + i + ".png"), 10 * i + part.length());
            }
        }
        Files.writeString(images.resolve("train/cat/notes.txt"), "not an image");
    }

    @Test
    void aFolderIsPackedOnceAndReadFromOneFile() throws IOException {
        var set = open(Split.TRAIN, false);
        assertEquals(6, set.size());
        assertEquals(List.of("cat", "dog"), set.classes());
        assertArrayEquals(new int[]{0, 0, 0, 1, 1, 1}, new int[]{set.label(0), set.label(1), set.label(2),
                set.label(3), set.label(4), set.label(5)});
        byte[] rgb = new byte[3 * 64 + 1];
        set.pixels(4, rgb, 1);
        assertEquals(19, rgb[1]);
        assertEquals(19, rgb[192]);
        assertFalse(set.hasMasks());
        assertThrows(UnsupportedOperationException.class, () -> set.mask(0, rgb, 0));
        Path file = only(cache);
        var time = Files.getLastModifiedTime(file);
        open(Split.TRAIN, false);
        assertEquals(time, Files.getLastModifiedTime(only(cache)));
        write(images.resolve("train/cat/i0.png"), 200);
        Files.setLastModifiedTime(images.resolve("train/cat/i0.png"), FileTime.fromMillis(5));
        open(Split.TRAIN, false).pixels(0, rgb, 0);
        assertEquals((byte) 200, rgb[0]);
    }

    /// A set packed by another version of the decoder is packed anew, once and with a remark.
    @Test
    void anotherDecoderPacksAnew() throws IOException {
        open(Split.TRAIN, false);
        Path file = only(cache);
        try (var packed = new RandomAccessFile(file.toFile(), "rw")) {
            packed.seek(40);
            assertEquals(ImageDecoder.VERSION, Integer.reverseBytes(packed.readInt()));
            packed.seek(40);
            packed.writeInt(0); // as sets were before they said it
            packed.seek(64);
            packed.write(99);
        }
        List<Integer> outdated = new ArrayList<>();
        var observer = new PackedSet.Observer() {
            @Override
            public void packed(long all) {
                // counted elsewhere
            }

            @Override
            public void outdated(int version) {
                outdated.add(version);
            }
        };
        for (int time = 0; time < 2; time++) {
            var set = PackedSet.open(source(images), Split.TRAIN,
                    new PackSettings(8, 0, new CacheFolder(cache), DECODER, BadImages.STOP), observer);
            byte[] rgb = new byte[192];
            set.pixels(0, rgb, 0);
            assertEquals(9, rgb[0]);
            assertEquals(List.of(0), outdated);
        }
        assertEquals(file, only(cache));
    }

    /// Files known by their content, and what is left out, by name.
    @Test
    void filesThatAreLookedAt() throws IOException {
        Path cat = images.resolve("train/cat");
        Files.copy(cat.resolve("i0.png"), cat.resolve("bare"));
        Files.copy(cat.resolve("i0.png"), cat.resolve("wrong.jpe"));
        Files.copy(cat.resolve("i0.png"), cat.resolve("other.dat"));
        Files.copy(cat.resolve("i0.png"), cat.resolve(".hidden.png"));
        var train = source(images).survey(Split.TRAIN);
        assertEquals(9, train.pictures());
        assertEquals(Map.of("*.txt", 1L, "hidden", 1L), train.leftOut());
        assertEquals(9, open(Split.TRAIN, false).size());
    }

    @Test
    void withoutPartsEveryTenthImageIsHeldOut() throws IOException {
        Path flat = folder.resolve("flat");
        for (String name : List.of("a", "b")) {
            Files.createDirectories(flat.resolve(name));
            for (int i = 0; i < 20; i++) {
                write(flat.resolve(name).resolve("%02d.png".formatted(i)), i);
            }
        }
        var train = ImageSets.open(DataSource.in(flat), Split.TRAIN, 8, cache, false);
        var test = ImageSets.open(DataSource.in(flat), Split.TEST, 8, cache, false);
        assertEquals(36, train.size());
        assertEquals(4, test.size());
        byte[] rgb = new byte[192];
        test.pixels(0, rgb, 0);
        assertEquals(9, rgb[0]);
        assertEquals(1, test.label(3));
    }

    @Test
    void bothPartsNumberTheClassesAlike() throws IOException {
        Path parts = folder.resolve("parts");
        for (String name : List.of("train/a", "train/b", "test/b")) {
            Files.createDirectories(parts.resolve(name));
            write(parts.resolve(name).resolve("0.png"), 7);
        }
        var test = ImageSets.open(DataSource.in(parts), Split.TEST, 8, cache, false);
        assertEquals(List.of("a", "b"), test.classes());
        assertEquals(1, test.label(0));
        Files.createDirectories(parts.resolve("test/c"));
        write(parts.resolve("test/c/0.png"), 7);
        assertMessage(() -> source(parts).survey(Split.TEST), "no class of this name");
    }

    @Test
    void badFilesAreAnErrorUnlessSkipped() throws IOException {
        Files.write(images.resolve("train/cat/broken.jpg"), new byte[]{1, 2, 3});
        String message = assertThrows(ImageException.class, () -> open(Split.TRAIN, false)).getMessage();
        assertTrue(message.contains("broken.jpg"), message);
        assertEquals(0, cache.toFile().list().length, "nothing half-written");
        for (int time = 0; time < 2; time++) { // packed, then from the cache
            var set = open(Split.TRAIN, true);
            assertEquals(6, set.size());
            assertEquals(1, set.skipped().size());
            assertTrue(set.skipped().getFirst().where().endsWith("broken.jpg"));
            byte[] rgb = new byte[192];
            set.pixels(5, rgb, 0);
            assertEquals(29, rgb[0]);
        }
    }

    @Test
    void aFileThatIsTooLongIsNotRead() throws IOException {
        Path file = images.resolve("train/cat/long.png");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength((1L << 30) + 1);
        }
        assertMessage(() -> ImageDecoder.standard().decode(file), "it has 1073741825 bytes, at most 1073741824");
        assertMessage(() -> open(Split.TRAIN, false), "long.png");
        assertEquals(6, open(Split.TRAIN, true).size());
    }

    @Test
    void foldersOfAnotherFormAreRefused() throws IOException {
        Files.createDirectories(images.resolve("train/empty"));
        assertMessage(() -> open(Split.TRAIN, true), "empty");
        Path outside = folder.resolve("outside.png");
        write(outside, 3);
        Files.delete(images.resolve("train/empty"));
        Files.createSymbolicLink(images.resolve("train/cat/link.png"), outside);
        assertMessage(() -> open(Split.TRAIN, false), "link.png");
        assertTrue(open(Split.TRAIN, true).skipped().getFirst().reason().contains("leads out of the folder"));
        Files.delete(images.resolve("train/cat/link.png"));
        Files.createSymbolicLink(images.resolve("train/cat/link.png"), images.resolve("train/dog/i0.png"));
        assertEquals(7, open(Split.TRAIN, false).size());
        assertMessage(() -> source(folder.resolve("absent")), "absent");
        assertMessage(() -> source(outside), "it is not a folder, and by its first bytes none of ZIP");
        assertMessage(() -> source(cache).survey(Split.TRAIN), "it holds no pictures");
    }

    @Test
    void scenesAreOpenedAndPackedWithTheirMasks() throws IOException {
        var source = new DataSource.Generated(3, 20, 10);
        var train = ImageSets.open(source, Split.TRAIN, 16, cache, false);
        var test = ImageSets.open(source, Split.TEST, 16, cache, false);
        assertEquals(20, train.size());
        assertEquals(10, test.size());
        Path file = folder.resolve("scenes.pack");
        PackedSet.pack(test, file);
        var packed = PackedSet.open(file);
        assertTrue(packed.hasMasks());
        for (int i = 0; i < 10; i++) {
            byte[][] a = {new byte[768], new byte[256], new byte[768], new byte[256]};
            test.pixels(i, a[0], 0);
            test.mask(i, a[1], 0);
            packed.pixels(i, a[2], 0);
            packed.mask(i, a[3], 0);
            assertArrayEquals(a[0], a[2]);
            assertArrayEquals(a[1], a[3]);
        }
        var subset = ImageSets.subset(packed, new int[]{7, 2});
        assertEquals(2, subset.size());
        assertEquals(packed.label(2), subset.label(1));
    }

    @Test
    void damagedPacksAreRefused() throws IOException {
        Path file = folder.resolve("scenes.pack");
        PackedSet.pack(new Scenes(1, 0, 5, 8), file);
        byte[] good = Files.readAllBytes(file);
        for (int at : new int[]{0, 8, 12, 16, 24, 32, 36, good.length - 1}) {
            byte[] bad = good.clone();
            bad[at] ^= 0x11;
            Files.write(file, bad);
            assertThrows(FormatException.class, () -> PackedSet.open(file), "byte " + at);
        }
        Files.write(file, Arrays.copyOf(good, good.length - 1));
        assertThrows(FormatException.class, () -> PackedSet.open(file));
        Files.write(file, new byte[3]);
        assertThrows(FormatException.class, () -> PackedSet.open(file));
    }

    @Test
    void resizingKeepsFlatAreasAndTheCentre() {
        byte[] planes = new byte[3 * 40 * 20];
        for (int i = 0; i < planes.length; i++) {
            planes[i] = (byte) (i % 40 < 10 || i % 40 >= 30 ? 255 : 90); // the centre square is grey
        }
        byte[] out = new byte[3 * 100];
        SquareResize.apply(new RgbImage(40, 20, planes), 10, out, 0);
        for (int i = 0; i < 100; i++) {
            int edge = i % 10 == 0 || i % 10 == 9 ? 40 : 0;
            assertEquals(90, out[i] & 0xFF, i % 10 < 2 || i % 10 > 7 ? 20 + edge : 1);
        }
        byte[] ramp = new byte[3 * 16];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (byte) (i % 4 * 40);
        }
        byte[] large = new byte[3 * 64];
        SquareResize.apply(new RgbImage(4, 4, ramp), 8, large, 0);
        for (int x = 1; x < 8; x++) {
            assertTrue(large[x] >= large[x - 1], "a ramp stays a ramp");
        }
        SquareResize.apply(new RgbImage(4, 4, ramp), 4, large, 0);
        assertArrayEquals(ramp, Arrays.copyOf(large, 48));
    }

    private interface Action {
        Object run() throws IOException;
    }

    private static void assertMessage(Action action, String part) {
        String message = assertThrows(ImageException.class, action::run).getMessage();
        assertTrue(message.contains(part), message);
    }

    private ImageSet open(Split split, boolean skipBad) throws IOException {
        return ImageSets.open(DataSource.in(images), split, 8, cache, skipBad);
    }

    private static Source source(Path place) throws IOException {
        return Sources.open(place, SourceOptions.AUTO);
    }

    private static Path only(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList().get(0);
        }
    }

    /// A grey image of 10 x 8 pixels.
    private static void write(Path file, int level) throws IOException {
        var image = new BufferedImage(10, 8, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 80; i++) {
            image.setRGB(i % 10, i / 10, level * 0x10101);
        }
        Files.write(file, ImageDecoderTest.encode(image, "png"));
    }
}
