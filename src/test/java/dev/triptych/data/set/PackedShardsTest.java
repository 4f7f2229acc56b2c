package dev.triptych.data.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.archive.ArchiveWriter;
import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.ImageDecoderTest;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.LimitedDecoder;
import dev.triptych.data.file.Planar;
import dev.triptych.data.source.Entry;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.Source;
import dev.triptych.data.source.SourceOptions;
import dev.triptych.data.source.Sources;
import dev.triptych.data.source.Split;
import dev.triptych.data.view.RandomResizedCrop;
import dev.triptych.data.view.Resampling;
import dev.triptych.data.view.ViewMaker;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Interval;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Packing in shards, of what is used alone, or not at all.
class PackedShardsTest {
    private static final int SIDE = 8;
    private static final int RECORD = 3 * SIDE * SIDE;
    private static final EntryDecoder DECODER = new EntryDecoder(
            new LimitedDecoder(ImageDecoder.standard(), Duration.ofSeconds(60)));

    @TempDir
    Path folder;

    private Path cache;
    private final AtomicInteger told = new AtomicInteger();
    private final LinkedHashMap<String, byte[]> files = new LinkedHashMap<>();

    @BeforeEach
    void begin() {
        cache = folder.resolve("cache");
    }

    private void put(String name, int width, int height) throws IOException {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var random = new Random(files.size());
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, random.nextInt(1 << 24));
        }
        files.put(name, ImageDecoderTest.encode(image, "png"));
    }

    /// Twenty-three pictures of two classes in a ZIP archive.
    private Source source(int width, int height) throws IOException {
        for (int i = 0; i < 23; i++) {
            put("train/" + (i < 11 ? "cat" : "dog") + "/%02d.png".formatted(i), width, height);
        }
        put("test/cat/a.png", SIDE, SIDE);
        return source();
    }

    private Source source() throws IOException {
        Path file = ArchiveWriter.zip(folder.resolve("stored.zip"), files); // of one length, whatever the contents
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        return Sources.open(file, SourceOptions.AUTO);
    }

    private PackSettings how(boolean skipBad, int wanted, boolean squares, long longest) {
        return new PackSettings(SIDE, wanted, new CacheFolder(cache), DECODER, BadImages.of(skipBad), squares, longest);
    }

    private ImageSet open(Source source, boolean skipBad, int longest) throws IOException {
        return PackedSet.open(source, Split.TRAIN, how(skipBad, 0, true, longest), _ -> told.incrementAndGet());
    }

    private ImageSet unpacked(Source source, boolean skipBad) throws IOException {
        return UnpackedSet.open(source, Split.TRAIN, how(skipBad, 0, false, 1), _ -> told.incrementAndGet());
    }

    private static void assertSame(ImageSet expected, ImageSet found) {
        assertEquals(expected.size(), found.size());
        assertEquals(expected.classes(), found.classes());
        for (int i = 0; i < expected.size(); i++) {
            byte[] one = new byte[RECORD + 1];
            byte[] other = new byte[RECORD + 1];
            expected.pixels(i, one, 1);
            found.pixels(i, other, 1);
            assertArrayEquals(one, other, "image " + i);
            assertEquals(expected.label(i), found.label(i), "image " + i);
        }
    }

    private List<String> cached() throws IOException {
        try (var list = Files.list(cache)) {
            return list.map(file -> file.getFileName().toString().replaceFirst("^[0-9a-f]{32}", "KEY")).sorted()
                    .toList();
        }
    }

    @Test
    void shardsAreWhatOneFileIs() throws IOException {
        try (var source = source(11, 9)) {
            var whole = open(source, false, 1 << 20);
            assertEquals(List.of("KEY.pack"), cached());
            for (int each : new int[]{1, 5, 22}) {
                assertSame(whole, open(source, false, each * RECORD + 7));
                int count = Math.ceilDiv(23, each);
                assertTrue(cached().contains("KEY-%05d-of-%05d.pack".formatted(count - 1, count)), cached().toString());
            }
            int packed = told.get();
            assertEquals(4 * 23, packed);
            assertSame(whole, open(source, false, 5 * RECORD));
            assertEquals(packed, told.get(), "nothing is packed twice");
        }
    }

    @Test
    void badPicturesAreLeftOutOfTheirShard() throws IOException {
        source(SIDE, SIDE).close();
        for (int bad : new int[]{0, 10, 11, 12, 13, 14, 22}) {
            Arrays.fill(files.get("train/" + (bad < 11 ? "cat" : "dog") + "/%02d.png".formatted(bad)), (byte) 7);
        }
        try (var source = source()) {
            var whole = open(source, true, 1 << 20);
            assertEquals(16, whole.size());
            var shards = open(source, true, 5 * RECORD); // of the third, pictures 10 to 14, nothing is left
            assertSame(whole, shards);
            assertEquals(whole.skipped(), shards.skipped());
            assertEquals(7, shards.skipped().size());
            assertTrue(shards.skipped().get(1).where().contains("10.png"), shards.skipped().toString());
            var unpacked = unpacked(source, true);
            assertSame(whole, unpacked);
            assertEquals(whole.skipped(), unpacked.skipped());
            int checked = told.get();
            assertEquals(whole.skipped(), unpacked(source, true).skipped());
            assertEquals(checked, told.get(), "pictures are checked once");
        }
    }

    /// What was packed before an error, or an end of the machine, stays.
    @Test
    void packingGoesOnWhereItEnded() throws IOException {
        source(SIDE, SIDE).close();
        byte[] good = files.get("train/dog/13.png").clone();
        Arrays.fill(files.get("train/dog/13.png"), (byte) 7);
        try (var source = source()) {
            assertThrows(ImageException.class, () -> open(source, false, 5 * RECORD));
        }
        assertEquals(List.of("KEY-00000-of-00005.pack", "KEY-00001-of-00005.pack"), cached());
        System.arraycopy(good, 0, files.get("train/dog/13.png"), 0, good.length);
        told.set(0);
        try (var source = source()) {
            var resumed = open(source, false, 5 * RECORD);
            assertEquals(13, told.get());
            assertSame(open(source, false, 1 << 20), resumed);
        }
    }

    @Test
    void diskSpaceIsAskedForBefore() throws IOException {
        try (var source = source(SIDE, SIDE)) {
            long needed = 23 * RECORD + 5 * PackedFormat.HEADER;
            for (long free : new long[]{needed - 1, needed}) {
                var how = new PackSettings(SIDE, 0, new CacheFolder(cache, _ -> free), DECODER, BadImages.STOP, true,
                        5 * RECORD);
                if (free < needed) {
                    var refused = assertThrows(ImageException.class,
                            () -> PackedSet.open(source, Split.TRAIN, how, _ -> told.incrementAndGet()));
                    assertTrue(refused.getMessage().contains("packing 23 images of 8 px takes 4.7 kB"),
                            refused.getMessage());
                    assertEquals(0, told.get());
                    assertEquals(List.of(), cached());
                } else {
                    assertEquals(23, PackedSet.open(source, Split.TRAIN, how, _ -> told.incrementAndGet()).size());
                }
            }
        }
    }

    /// Wanted pictures are the same whether all are packed, they alone, in shards, or nothing.
    @Test
    void someAreTheSameHoweverTheyAreKept() throws IOException {
        source(SIDE, SIDE).close();
        Arrays.fill(files.get("train/cat/%02d.png".formatted(Subset.drawn(23, 6)[1])), (byte) 7);
        try (var source = source()) {
            var alone = PackedSet.open(source, Split.TRAIN, how(true, 6, true, 1 << 20), _ -> told.incrementAndGet());
            assertEquals(6, told.get(), "only what is used is read");
            var shards = PackedSet.open(source, Split.TRAIN, how(true, 6, true, 4 * RECORD), _ -> {
            });
            assertSame(alone, shards);
            assertEquals(alone.skipped(), shards.skipped());
            var none = UnpackedSet.open(source, Split.TRAIN, how(true, 6, false, 1), _ -> {
            });
            assertSame(alone, none);
            assertEquals(alone.skipped(), none.skipped());
            assertEquals(22, open(source, true, 5 * RECORD).size());
            told.set(0);
            var chosen = PackedSet.open(source, Split.TRAIN, how(true, 6, true, 5 * RECORD), _ -> told
                    .incrementAndGet());
            assertEquals(0, told.get(), "taken from shards of all");
            assertSame(alone, chosen);
        }
    }

    private static float[] crops(ImageSet set) {
        var maker = new ViewMaker(set, 0.5f, 5, 3);
        var crop = new RandomResizedCrop(6, Resampling.PILLOW);
        float[] crops = new float[set.size() * 3 * 36];
        for (int i = 0; i < set.size(); i++) {
            maker.take(i);
            maker.crop(crop, Stream.CROP, i, new Interval(0.2, 1), crops, i * 3 * 36);
        }
        return crops;
    }

    /// Pictures of the side that a square has are cropped alike, bit for bit; others are cropped as a whole.
    @Test
    void cropsAreCutFromTheWholePicture() throws IOException {
        try (var source = source(SIDE, SIDE)) {
            var packed = open(source, false, 1 << 20);
            var unpacked = unpacked(source, false);
            assertArrayEquals(crops(packed), crops(unpacked));
            assertArrayEquals(crops(MemorySet.of(packed)), crops(unpacked));
            int[] some = {4, 1, 17};
            assertArrayEquals(crops(ImageSets.subset(packed, some)), crops(ImageSets.subset(unpacked, some)));
            var batch = new WholeImages(packed, 7, 0.5f, 1).make(5, null).image();
            assertArrayEquals(batch, new WholeImages(unpacked, 7, 0.5f, 1).make(5, null).image());
        }
        files.clear();
        try (var source = source(19, 12)) {
            var packed = open(source, false, 1 << 20);
            var unpacked = unpacked(source, false);
            assertSame(packed, unpacked); // squares are squares
            assertEquals(19, unpacked.original(3).width());
            assertEquals(12, unpacked.original(3).height());
            float[] whole = new float[3 * 12 * 19];
            Planar.toFloats(unpacked.original(0).planes(), 0, whole, 0, whole.length);
            float[] expected = new float[3 * 36];
            var maker = new ViewMaker(unpacked, 0.5f, 5, 3);
            new RandomResizedCrop(6, Resampling.PILLOW).apply(whole, 0, 12, 19,
                    RandomResizedCrop.draw(maker.random(Stream.CROP, 0), 12, 19,
                            0.2f, 1, 0.5f),
                    expected, 0);
            assertArrayEquals(expected, Arrays.copyOf(crops(unpacked), expected.length));
            assertTrue(!Arrays.equals(crops(packed), crops(unpacked)));
        }
    }

    @Test
    void whatIsReadInSequenceAloneIsPacked() throws IOException {
        source(SIDE, SIDE).close();
        Path file = ArchiveWriter.tar(folder.resolve("set.tar.gz"), files);
        try (var source = Sources.open(file, SourceOptions.AUTO)) {
            var refused = assertThrows(ImageException.class, () -> unpacked(source, false));
            assertTrue(refused.getMessage().contains("read in sequence alone"), refused.getMessage());
            assertEquals(23, open(source, false, 1 << 20).size());
        }
    }

    @Test
    void entriesAreKeptAsBytes() throws IOException {
        var list = new EntryList();
        var expected = IntStream.range(0, 5000).mapToObj(i -> new Entry("ü".repeat(i % 400) + i,
                i % 3 - 1, i * 1_000_000_007L, -i, i % 2 == 0
                        ? null
                        : new Entry.Samples(i, 7, 3)))
                .toList();
        expected.forEach(list::add);
        assertEquals(5000, list.size());
        for (int i = 4999; i >= 0; i--) {
            assertEquals(expected.get(i), list.get(i));
            assertEquals(expected.get(i).label(), list.label(i));
        }
    }
}
