package dev.triptych.data.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which files are taken for pictures.
class LeftOutTest {
    @TempDir
    private Path folder;

    private boolean takes(LeftOut leftOut, String name, byte[] content) throws IOException {
        return leftOut.takes(Files.write(folder.resolve(name), content));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "dib", "tif", "tiff", "pnm", "pgm",
            "ppm",
            "pbm", "webp", "JPG", "Png", "WEBP"})
    void byName(String extension) throws IOException {
        var leftOut = new LeftOut();
        assertTrue(takes(leftOut, "a." + extension, new byte[0]), "its decoder says what it lacks");
        assertEquals("", LeftOut.text(leftOut.counts()));
    }

    @Test
    void byContent() throws IOException {
        var leftOut = new LeftOut();
        for (String format : new String[]{"png", "jpg", "gif"}) {
            byte[] picture = ImageDecoderTest.encode(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), format);
            for (String name : new String[]{"bare" + format, "a.dat", "b.txt", "c.", "d.jpg_large"}) {
                assertTrue(takes(leftOut, name, picture), name);
            }
            assertFalse(takes(leftOut, ".a.png", picture));
        }
        assertTrue(takes(leftOut, "webp", text("RIFF....WEBPVP8 ")));
        assertTrue(takes(leftOut, "tiff", text("II*\0....")));
        assertEquals(Map.of("hidden", 3L), leftOut.counts());
    }

    /// Nobody writes into this pipe: to read it would take for ever.
    @Test
    void aPipeIsNotRead() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        boolean made = new ProcessBuilder("sh", "-c", "command -v mkfifo && mkfifo '" + pipe + "'")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        assumeTrue(made, "mkfifo is not installed, so no pipe was tried");
        assertFalse(new LeftOut().takes(pipe));
    }

    @Test
    void othersAreCounted() throws IOException {
        var leftOut = new LeftOut();
        takes(leftOut, "a.txt", text("BMW is no bitmap"));
        takes(leftOut, "b.TXT", text("P5 is no picture"));
        takes(leftOut, "raw.nef", text("MM\0*...."));
        takes(leftOut, "photo.heic", text("....ftypheic"));
        takes(leftOut, "README", text("GIF"));
        takes(leftOut, "empty", new byte[0]);
        takes(leftOut, "shy", new byte[]{(byte) 0xFF, (byte) 0xD8, 0});
        takes(leftOut, ".DS_Store", new byte[9]);
        assertFalse(leftOut.takes(folder.resolve("absent.dat")));
        assertEquals("1 *.dat, 1 *.heic (HEIF, not read), 1 *.nef, 2 *.txt, "
                + "1 hidden, 3 without extension", LeftOut.text(leftOut.counts()));
    }
}
