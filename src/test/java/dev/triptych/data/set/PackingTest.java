package dev.triptych.data.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.LimitedDecoder;
import dev.triptych.data.source.Entry;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.Source;
import dev.triptych.data.source.Split;
import dev.triptych.data.source.Survey;
import dev.triptych.data.source.Walk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sets that are filled on all cores.
class PackingTest {
    private static final int SIDE = 8;
    private static final EntryDecoder DECODER = new EntryDecoder(
            new LimitedDecoder(ImageDecoder.standard(), Duration.ofSeconds(60)));

    @TempDir
    private Path folder;

    /// Random pictures of all sizes; every fifth cannot be read where `bad` is.
    private record Pictures(int size, boolean bad, AtomicInteger asked) implements Source {
        private static final int HEIGHT = 11;

        private static Entry entry(int i) {
            int width = SIDE + new SplittableRandom(i).nextInt(9);
            return new Entry("picture " + i, i % 2, -1, i, new Entry.Samples(width, HEIGHT, 3));
        }

        @Override
        public String kind() {
            return "pictures";
        }

        @Override
        public String origin() {
            return "pictures";
        }

        @Override
        public List<String> classes() {
            return List.of("even", "odd");
        }

        @Override
        public boolean hasTest() {
            return false;
        }

        @Override
        public Survey survey(Split part) {
            return new Survey(size, new long[]{(size + 1) / 2, size / 2}, new TreeMap<>());
        }

        @Override
        public Walk walk(Split part) {
            return new Walk() {
                private int next;

                @Override
                public Entry next() {
                    return next < size ? entry(next++) : null;
                }

                @Override
                public InputStream open() {
                    return Pictures.this.open(entry(next - 1));
                }

                @Override
                public void close() {
                    next = size;
                }
            };
        }

        @Override
        public boolean reopens() {
            return true;
        }

        @Override
        public InputStream open(Entry entry) {
            asked.incrementAndGet();
            if (bad && entry.place() % 5 == 3) {
                throw new ImageException(entry.name(), "it is a bad one", "Leave it out");
            }
            byte[] planes = new byte[3 * entry.samples().width() * HEIGHT];
            new SplittableRandom(entry.place()).nextBytes(planes);
            return new ByteArrayInputStream(planes);
        }

        @Override
        public String fingerprint(Split part) {
            return size + " " + bad;
        }
    }

    private PackSettings settings(int wanted, BadImages bad) {
        return new PackSettings(SIDE, wanted, new CacheFolder(folder), DECODER, bad);
    }

    private byte[] packed(int threads, Pictures pictures, AtomicInteger told) throws IOException {
        Path file = folder.resolve(threads + ".pack");
        new Packer(pictures, Split.TRAIN, settings(0, BadImages.ALL), _ -> told.incrementAndGet()).into(file, threads);
        return Files.readAllBytes(file);
    }

    @Test
    void aPackedFileDoesNotDependOnTheNumberOfThreads() throws IOException {
        var pictures = new Pictures(200, true, new AtomicInteger());
        var told = new AtomicInteger();
        byte[] one = packed(1, pictures, told);
        assertArrayEquals(one, packed(4, pictures, told));
        assertEquals(2 * 200, told.get());
        assertEquals(2 * 200, pictures.asked.get(), "each picture is read once");
    }

    /// What comes after a failure would go on behind the caller's back, with a file that is closed.
    @Test
    void afterAFailureNothingIsAtWorkAnyMore() throws IOException {
        var pictures = new Pictures(5_000, true, new AtomicInteger());
        var told = new AtomicInteger();
        var packer = new Packer(pictures, Split.TRAIN, settings(0, BadImages.STOP), _ -> told.incrementAndGet());
        String message = assertThrows(ImageException.class, () -> packer.into(folder.resolve("no.pack"), 4))
                .getMessage();
        assertTrue(message.contains("it is a bad one"), message);
        int then = told.get();
        assertTrue(pictures.asked.get() < 1_000, () -> pictures.asked + " pictures are read after all");
        assertTrue(then <= pictures.asked.get());
        assertEquals(Set.of(), Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("pack-")).collect(Collectors.toSet()));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
        assertEquals(then, told.get());
    }

    private ImageSet open(Pictures pictures, int wanted, BadImages bad) throws IOException {
        return PackedSet.open(pictures, Split.TRAIN, settings(wanted, bad), _ -> {
        });
    }

    /// Only what is wanted is read, and the same pictures come out of a part that is packed whole.
    @Test
    void onlyWhatIsWantedIsPacked() throws IOException {
        var pictures = new Pictures(100, true, new AtomicInteger());
        ImageSet few = open(pictures, 23, BadImages.ALL);
        assertEquals(23, few.size());
        assertEquals(23 + few.skipped().size(), pictures.asked.get());
        assertFalse(few.skipped().isEmpty());
        Path file = only(folder);
        assertTrue(Files.size(file) < 30 * 3 * SIDE * SIDE, "a file of 23 pictures");
        ImageSet all = open(pictures, 0, BadImages.ALL);
        assertEquals(80, all.size());
        Files.delete(file);
        int before = pictures.asked.get();
        ImageSet again = open(pictures, 23, BadImages.ALL);
        assertEquals(before, pictures.asked.get(), "nothing is read again");
        assertEquals(few.skipped(), again.skipped());
        byte[][] pixels = new byte[2][3 * SIDE * SIDE];
        for (int i = 0; i < 23; i++) {
            few.pixels(i, pixels[0], 0);
            again.pixels(i, pixels[1], 0);
            assertArrayEquals(pixels[0], pixels[1]);
            assertEquals(few.label(i), again.label(i));
        }
    }

    /// Where all can be read, the wanted ones are those that [Subset] draws.
    @Test
    void theWantedOnesAreDrawnAllOver() throws IOException {
        var pictures = new Pictures(90, false, new AtomicInteger());
        ImageSet all = open(pictures, 0, BadImages.STOP);
        var drawn = ImageSets.subset(all, Subset.drawn(90, 17));
        Files.delete(only(folder));
        ImageSet few = open(pictures, 17, BadImages.STOP);
        byte[][] pixels = new byte[2][3 * SIDE * SIDE];
        for (int i = 0; i < 17; i++) {
            few.pixels(i, pixels[0], 0);
            drawn.pixels(i, pixels[1], 0);
            assertArrayEquals(pixels[0], pixels[1]);
            assertEquals(drawn.label(i), few.label(i));
        }
        assertEquals(90, open(pictures, 200, BadImages.STOP).size(), "no more than there are");
    }

    /// A fifth is bad.
    @Test
    void fewBadPicturesAreLeftOutManyAreAnError() throws IOException {
        var pictures = new Pictures(100, true, new AtomicInteger());
        String message = assertThrows(ImageException.class, () -> open(pictures, 0, BadImages.FEW)).getMessage();
        assertTrue(message.matches("pictures: 1[1-9] of 100 pictures cannot be read so far, the first: .*it is a bad "
                + "one.*data.skip-bad=true"), message);
        assertEquals(80, open(pictures, 0, BadImages.ALL).size());
        for (var rule : List.of(BadImages.FEW, BadImages.STOP)) { // packed or not, the rule is the same
            message = assertThrows(ImageException.class, () -> open(pictures, 0, rule)).getMessage();
            assertTrue(message.contains("20 of 100 pictures cannot be read"), message);
        }
        assertEquals(BadImages.FEW, BadImages.of(null));
        assertEquals(BadImages.ALL, BadImages.of(true));
        assertEquals(BadImages.STOP, BadImages.of(false));
        long[][] most = {{1, 2}, {2, 5}, {5, 10}, {5, 50}, {6, 60}, {10, 109}, {300, 3_000}};
        for (long[] m : most) {
            assertFalse(BadImages.FEW.tooMany(m[0], m[1]), m[0] + " of " + m[1]);
            assertTrue(BadImages.FEW.tooMany(m[0] + 1, m[1]), m[0] + 1 + " of " + m[1]);
        }
    }

    @Test
    void aDiskThatIsTooSmallIsFoundBeforeAnythingIsWritten() throws IOException {
        var pictures = new Pictures(100, false, new AtomicInteger());
        long needed = 64 + 100 * 3 * SIDE * SIDE;
        for (long free : new long[]{needed - 1, needed}) {
            var how = new PackSettings(SIDE, 0, new CacheFolder(folder.resolve("cache"), _ -> free), DECODER,
                    BadImages.STOP);
            if (free < needed) {
                String message = assertThrows(ImageException.class,
                        () -> PackedSet.open(pictures, Split.TRAIN, how, _ -> {
                        })).getMessage();
                assertTrue(message.contains("packing 100 images of 8 px takes 19.3 kB, where 19.3 kB are free"),
                        message);
                assertEquals(0, pictures.asked.get());
            } else {
                assertEquals(100, PackedSet.open(pictures, Split.TRAIN, how, _ -> {
                }).size());
            }
        }
    }

    @Test
    void theCacheIsTheUsersOwn() throws IOException {
        Path home = Path.of("/house");
        assertEquals(Path.of("/house/.cache/triptych"), CacheFolder.standard(Map.of(), home));
        assertEquals(Path.of("/x/triptych"), CacheFolder.standard(Map.of("XDG_CACHE_HOME", "/x"), home));
        assertEquals(Path.of("/house/.cache/triptych"),
                CacheFolder.standard(Map.of("XDG_CACHE_HOME", "relative"), home));
        assertEquals(Path.of("/own"),
                CacheFolder.standard(Map.of("XDG_CACHE_HOME", "/x", "TRIPTYCH_CACHE", "/own"), home));
        open(new Pictures(3, false, new AtomicInteger()), 0, BadImages.STOP);
        Files.writeString(folder.resolve("letter.pack"), "of somebody else");
        assertEquals(List.of(only(folder)), new CacheFolder(folder).files());
        assertEquals(List.of(), new CacheFolder(folder.resolve("absent")).files());
    }

    private static Path only(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*/[0-9a-f]{32}.pack")).toList().getFirst();
        }
    }

    @Test
    void aSetInMemoryDoesNotDependOnTheNumberOfThreads() throws Exception {
        var scenes = new Scenes(1, 0, 60, SIDE);
        byte[][] pixels = new byte[2][60 * 3 * SIDE * SIDE];
        for (int k = 0; k < 2; k++) {
            try (var pool = new ForkJoinPool(1 + 3 * k)) {
                MemorySet set = pool.submit(() -> MemorySet.of(scenes)).get();
                for (int i = 0; i < 60; i++) {
                    set.pixels(i, pixels[k], i * 3 * SIDE * SIDE);
                    assertEquals(scenes.label(i), set.label(i));
                }
            }
        }
        assertArrayEquals(pixels[0], pixels[1]);
    }
}
