package dev.triptych.data.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.triptych.data.set.BadImages;
import dev.triptych.data.set.CacheFolder;
import dev.triptych.data.set.PackSettings;
import dev.triptych.data.set.PackedSet;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.SourceOptions;
import dev.triptych.data.source.Sources;
import dev.triptych.data.source.Split;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that take for ever, and folders that lead elsewhere.
class LimitedDecoderTest {
    @TempDir
    private Path folder;

    private Path jpeg() throws IOException {
        Path file = folder.resolve("a.jpg");
        Files.write(file, ImageDecoderTest.encode(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "jpg"));
        return file;
    }

    /// A decoder that works until it is interrupted.
    private static JpegDecoder endless(boolean busy) {
        return new JpegDecoder() {
            @Override
            public RgbImage decode(byte[] data, JpegHeader header) throws IOException {
                try {
                    while (!Thread.interrupted()) {
                        if (busy) {
                            Thread.onSpinWait();
                        } else {
                            Thread.sleep(1000);
                        }
                    }
                } catch (InterruptedException e) {
                    // done
                }
                throw new IOException("interrupted");
            }

            @Override
            public String name() {
                return "endless";
            }
        };
    }

    @Test
    void endlessWorkAndEndlessWaitingAreCutOff() throws IOException {
        Path file = jpeg();
        for (boolean busy : new boolean[]{true, false}) {
            var outcome = new LimitedDecoder(new ImageDecoder(1000, endless(busy)), Duration.ofMillis(20))
                    .decode(file);
            assertEquals(Refusal.TOO_SLOW, outcome.refusal().refusal());
            assertEquals("JPEG", outcome.format());
            assertNull(outcome.image());
        }
        var fine = new LimitedDecoder(ImageDecoder.standard(), Duration.ofSeconds(60)).decode(file);
        assertEquals(8, fine.image().width());
        assertNull(fine.refusal());
    }

    @Test
    void trainingDoesNotWaitForAnEndlessFileEither() throws IOException {
        Path cat = Files.createDirectories(folder.resolve("data/train/cat"));
        Files.move(jpeg(), cat.resolve("a.jpg"));
        Files.createDirectories(folder.resolve("data/test/cat"));
        var slow = new LimitedDecoder(new ImageDecoder(1000, endless(true)), Duration.ofMillis(20));
        var images = Sources.open(folder.resolve("data"), SourceOptions.AUTO);
        var refused = assertThrows(ImageException.class, () -> PackedSet.open(images, Split.TRAIN,
                new PackSettings(8, 0, new CacheFolder(folder.resolve("cache")), new EntryDecoder(slow),
                        BadImages.STOP),
                all -> {
                }));
        assertEquals(Refusal.TOO_SLOW, refused.refusal());
        assertTrue(refused.getMessage().contains("data.skip-bad=true"), refused.getMessage());
    }

    @Test
    void errorsOfADecoderAreRefusals() throws IOException {
        var failing = new JpegDecoder() {
            @Override
            public RgbImage decode(byte[] data, JpegHeader header) {
                throw new AssertionError("a bug");
            }

            @Override
            public String name() {
                return "failing";
            }
        };
        var outcome = new LimitedDecoder(new ImageDecoder(1000, failing), Duration.ofSeconds(60)).decode(jpeg());
        assertEquals(Refusal.UNDECODABLE, outcome.refusal().refusal());
        assertTrue(outcome.refusal().getMessage().contains("a bug"));
    }

    @Test
    void theWalkNeverLeavesTheFolder() throws IOException, InterruptedException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.createDirectories(data.resolve("b/deep"));
        Files.writeString(data.resolve("b/deep/file"), "x");
        Files.writeString(folder.resolve("secret"), "x");
        Files.createSymbolicLink(data.resolve("out"), folder.resolve("secret"));
        Files.createSymbolicLink(data.resolve("outfolder"), folder);
        Files.createSymbolicLink(data.resolve("b/up"), data);
        Files.createSymbolicLink(data.resolve("inside"), Path.of("b/deep/file"));
        Files.createSymbolicLink(data.resolve("circle"), Path.of("circle"));
        Files.createSymbolicLink(data.resolve("nowhere"), Path.of("absent"));
        boolean pipes = new ProcessBuilder("sh", "-c", "command -v mkfifo && mkfifo '" + data.resolve("pipe") + "'")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        var found = new TreeMap<String, Refusal>();
        FileWalk.over(data, f -> found.put(data.relativize(f.file()).toString(),
                f.refusal() == null ? Refusal.EMPTY : f.refusal().refusal()));
        var expected = new TreeMap<String, Refusal>();
        expected.put("b/deep/file", Refusal.EMPTY); // stands for none
        expected.put("inside", Refusal.EMPTY);
        expected.put("b/up", Refusal.LINKED_FOLDER);
        expected.put("out", Refusal.LINK_LEAVES_FOLDER);
        expected.put("outfolder", Refusal.LINK_LEAVES_FOLDER);
        expected.put("circle", Refusal.UNREADABLE);
        expected.put("nowhere", Refusal.UNREADABLE);
        if (pipes) {
            expected.put("pipe", Refusal.NOT_A_FILE);
        }
        assertEquals(expected, found);
        assumeTrue(pipes, "mkfifo is not installed, so no pipe was tried");
    }

    @Test
    void aPartOfADataSetMayNotLieElsewhere() throws IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere/cat"));
        Files.move(jpeg(), elsewhere.resolve("a.jpg"));
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.createSymbolicLink(data.resolve("train"), elsewhere.getParent());
        Files.createDirectories(data.resolve("test/cat"));
        var thrown = assertThrows(ImageException.class,
                () -> Sources.open(data, SourceOptions.AUTO));
        assertEquals(Refusal.LINK_LEAVES_FOLDER, thrown.refusal());
        assertFalse(thrown.reason().isEmpty());
    }
}
