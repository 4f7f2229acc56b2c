package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageDecoderTest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where packed images lie, how they are listed and removed.
class CacheCommandTest {
    @TempDir
    private Path folder;
    private Path cache;

    @BeforeEach
    void pack() throws IOException {
        cache = folder.resolve("cache");
        byte[] png = ImageDecoderTest.encode(new BufferedImage(10, 8, BufferedImage.TYPE_INT_RGB), "png");
        for (String set : List.of("one", "other")) {
            Path data = Files.createDirectories(folder.resolve(set));
            for (int i = 0; i < 9; i++) {
                Files.write(data.resolve(i + ".png"), png);
            }
            Cli cli = Cli.run("tokenize", "--tokenizer", "kmeans", "data=" + data, "data.cache=" + cache,
                    "data.side=8", "kmeans.codes=2", "kmeans.samples=9", "out=" + folder.resolve(set + ".codes"));
            assertEquals(0, cli.code(), cli::all);
            assertTrue(cli.err().contains("packing:    9 train images, 1.8 kB, into " + cache), cli::all);
            assertTrue(cli.err().contains("train:      9 pictures used"), cli::all);
        }
        Files.writeString(cache.resolve("letter.txt"), "of somebody else");
        Files.writeString(cache.resolve(".0123456789abcdef0123456789abcdef.pack.12.345.tmp"), "left");
        Files.writeString(cache.resolve("0123456789abcdef0123456789abcdef.pack"), "damaged");
    }

    @Test
    void isListedAndCleared() throws IOException {
        Cli cli = Cli.run("cache", "--folder", cache);
        assertEquals(0, cli.code(), cli::all);
        assertTrue(cli.out().contains(folder.resolve("one") + ", train, 9 pictures of 8 px\n"), cli::all);
        assertTrue(cli.out().contains("of another version, or damaged\n"), cli::all);
        assertTrue(cli.out().contains("left by a packing that was ended\n"), cli::all);
        assertTrue(cli.out().matches("(?s).*\n4 packed sets, \\d\\.\\d kB in " + cache + "\n"), cli::all);

        cli = Cli.run("cache", "--folder", cache, "--of", folder.resolve("one"), "--clear");
        assertTrue(cli.out().contains("removed 1 packed set, "), cli::all);
        cli = Cli.run("cache", "--folder", cache);
        assertFalse(cli.out().contains(folder.resolve("one") + ","), cli::all);
        assertTrue(cli.out().contains(folder.resolve("other") + ","), cli::all);

        assertTrue(Cli.run("cache", "--folder", cache, "--clear").out().contains("removed 3 packed sets"));
        assertEquals(List.of("letter.txt"), Cli.files(cache));
        assertTrue(Cli.run("cache", "--folder", cache).out().startsWith("0 packed sets, 0 bytes in "));
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        Cli cli = Cli.run("cache", "--folder", folder.resolve("absent"));
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.err().contains("absent is no folder"), cli::all);
    }
}
