package dev.triptych.data.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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

    private byte[] packed(int threads, Pictures pictures, AtomicInteger told) throws IOException {
        Path file = folder.resolve(threads + ".pack");
        new Packer(pictures, Split.TRAIN, SIDE, DECODER, true, _ -> told.incrementAndGet()).into(file, threads);
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
        var packer = new Packer(pictures, Split.TRAIN, SIDE, DECODER, false, _ -> told.incrementAndGet());
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
