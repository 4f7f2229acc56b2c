package dev.triptych.data.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.RgbImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sets that are filled on all cores.
class PackingTest {
    private static final int SIDE = 8;

    @TempDir
    private Path folder;

    /// Random pictures of all sizes; every fifth cannot be read where `bad` is.
    private record Pictures(int size, boolean bad, AtomicInteger asked) implements LabelledImages {
        @Override
        public List<String> classes() {
            return List.of("even", "odd");
        }

        @Override
        public int label(int i) {
            return i % 2;
        }

        @Override
        public RgbImage image(int i) {
            asked.incrementAndGet();
            if (bad && i % 5 == 3) {
                throw new ImageException("picture " + i, "it is a bad one", "Leave it out");
            }
            var random = new SplittableRandom(i);
            int width = SIDE + random.nextInt(9);
            byte[] planes = new byte[3 * width * 11];
            random.nextBytes(planes);
            return new RgbImage(width, 11, planes);
        }

        @Override
        public String fingerprint() {
            return size + " " + bad;
        }

        @Override
        public String origin() {
            return "pictures";
        }
    }

    private byte[] packed(int threads, Pictures pictures, boolean skipBad, AtomicInteger told) throws Exception {
        Path cache = folder.resolve("cache" + threads);
        try (var pool = new ForkJoinPool(threads)) {
            pool.submit(() -> PackedSet.open(pictures, SIDE, cache, skipBad, all -> told.incrementAndGet())).get();
        }
        try (var files = Files.list(cache)) {
            return Files.readAllBytes(files.toList().getFirst());
        }
    }

    @Test
    void aPackedFileDoesNotDependOnTheNumberOfThreads() throws Exception {
        var pictures = new Pictures(200, true, new AtomicInteger());
        var told = new AtomicInteger();
        byte[] one = packed(1, pictures, true, told);
        assertArrayEquals(one, packed(4, pictures, true, told));
        assertEquals(2 * 200, told.get());
        assertEquals(2 * 200, pictures.asked.get(), "each picture is decoded once");
    }

    /// What comes after a failure would go on behind the caller's back, with a file that is closed.
    @Test
    void afterAFailureNothingIsAtWorkAnyMore() throws Exception {
        var pictures = new Pictures(5_000, true, new AtomicInteger());
        var told = new AtomicInteger();
        int[] then;
        try (var pool = new ForkJoinPool(4)) { // its end waits for what is left
            then = pool.submit(() -> {
                try {
                    PackedSet.open(pictures, SIDE, folder, false, all -> told.incrementAndGet());
                    throw new AssertionError("bad pictures are packed");
                } catch (ImageException e) {
                    assertTrue(e.getMessage().contains("it is a bad one"), e.getMessage());
                    return new int[]{pictures.asked.get(), told.get()};
                }
            }).get();
        }
        assertTrue(then[0] < 1_000, () -> then[0] + " pictures are decoded after all");
        assertEquals(then[0], pictures.asked.get());
        assertEquals(then[1], told.get());
        try (var files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
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
