package dev.triptych.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.sheet.Cell;
import dev.triptych.sheet.Png;
import dev.triptych.sheet.Sheet;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sheets in dark mode.
class DarkSheetTest {
    private static byte[] sheet(Path folder) throws IOException {
        Path file = folder.resolve("sheet.png");
        new Sheet("Title", List.of("white", "grey"), List.of(new Sheet.Row("row", List.of(Cell.plain(4, 4, 0xffffff),
                Cell.plain(4, 4, 0x808080)))), "note", 64).write(file);
        return Files.readAllBytes(file);
    }

    private static int light(int rgb) {
        return (rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255);
    }

    @Test
    void theGroundIsDarkAndThePicturesAreAsTheyAre(@TempDir Path folder) throws IOException {
        byte[] png = sheet(folder);
        var parts = Png.parts(png);
        assertEquals(2, parts.size());
        var before = ImageIO.read(new ByteArrayInputStream(png));
        var dark = ImageIO.read(new ByteArrayInputStream(DarkSheet.of(png).orElseThrow()));
        assertEquals(before.getWidth(), dark.getWidth());
        assertEquals(0xff1f242a, dark.getRGB(1, 1), "the ground");
        int brightest = 0;
        for (int y = 0; y < dark.getHeight(); y++) {
            for (int x = 0; x < dark.getWidth(); x++) {
                int at = x;
                int row = y;
                if (parts.stream().anyMatch(p -> at >= p.x() && at < p.x() + p.width() && row >= p.y()
                        && row < p.y() + p.height())) {
                    assertEquals(before.getRGB(x, y), dark.getRGB(x, y), "a picture");
                } else {
                    brightest = Math.max(brightest, light(dark.getRGB(x, y)));
                    assertTrue(light(before.getRGB(x, y)) < 700 || light(dark.getRGB(x, y)) < 250, x + ", " + y);
                }
            }
        }
        if (Sheet.fontProblem().isEmpty()) {
            assertTrue(brightest > 550, "text is light: " + brightest);
        }
    }

    @Test
    void otherPicturesStayAsTheyAre() throws IOException {
        byte[] plain = Png.bytes(new BufferedImage(5, 5, BufferedImage.TYPE_INT_RGB), List.of());
        assertTrue(DarkSheet.of(plain).isEmpty());
        assertEquals(List.of(), Png.parts(Png.bytes(new BufferedImage(5, 5, BufferedImage.TYPE_INT_RGB),
                List.of(new Png.Part(3, 0, 3, 5)))), "a part that sticks out");
    }

    @Test
    void thePageHasBoth(@TempDir Path folder) throws IOException {
        String figure = Html.picture("caption", sheet(folder));
        assertTrue(figure.contains("<source media=\"(prefers-color-scheme:dark)\" srcset=\"data:image/png;base64,"));
        assertTrue(figure.contains("<img alt=\"caption\""));
    }
}
