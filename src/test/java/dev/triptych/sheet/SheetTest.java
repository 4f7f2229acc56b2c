package dev.triptych.sheet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SheetTest {
    private static final int SIDE = 32;
    private static final int GRID = 8;

    /// A disc and a square over a gradient, seen through soft maps of four tokens.
    static Sheet sheet() {
        var random = new SplittableRandom(11);
        var rows = new ArrayList<Sheet.Row>();
        for (int r = 0; r < 3; r++) {
            double cx = 8 + random.nextInt(16);
            double cy = 8 + random.nextInt(16);
            var image = new float[3 * SIDE * SIDE];
            var blurred = new float[image.length];
            var maps = new float[4][GRID * GRID];
            var segments = new int[GRID * GRID];
            for (int p = 0; p < SIDE * SIDE; p++) {
                double x = p % SIDE;
                double y = p / SIDE;
                double distance = Math.hypot(x - cx, y - cy);
                for (int c = 0; c < 3; c++) {
                    image[c * SIDE * SIDE + p] = distance < 7 ? c == r ? 0.95f : 0.2f : (float) (0.3 + 0.4 * y / SIDE);
                    blurred[c * SIDE * SIDE + p] = (float) (image[c * SIDE * SIDE + p] * 0.8 + 0.1);
                }
            }
            for (int i = 0; i < GRID * GRID; i++) {
                double distance = Math.hypot(i % GRID * 4 + 2 - cx, i / GRID * 4 + 2 - cy);
                maps[0][i] = (float) (1 / (1 + Math.exp(distance - 7)));
                maps[1][i] = (1 - maps[0][i]) * (i / GRID) / 8f;
                maps[2][i] = (1 - maps[0][i] - maps[1][i]) * 0.7f;
                maps[3][i] = 1 - maps[0][i] - maps[1][i] - maps[2][i];
                segments[i] = maps[0][i] > 0.5 ? 0 : maps[1][i] > maps[2][i] ? 1 : 2;
            }
            var picture = Cell.image(image, 0, SIDE, SIDE);
            var cells = new ArrayList<>(List.of(picture, Cell.image(blurred, 0, SIDE, SIDE),
                    picture.segments(segments, GRID, GRID, 0.6)));
            for (var map : maps) {
                cells.add(picture.heat(map, GRID, GRID, 0.25, 1, r == 2 ? Colormap.VIRIDIS : Colormap.MAGMA));
            }
            rows.add(new Sheet.Row("scene " + (r + 1), cells));
        }
        return new Sheet("What the tokens see",
                List.of("image", "reconstruction", "arg-max of L", "token 1", "token 2", "token 3",
                        "token 4 (a long one)"),
                rows,
                "Heat maps: one column of L per token, from 1/4 (no colour) to 1 (bright), over grey. "
                        + "Synthetic data: a disc over a gradient, drawn to test this sheet and for nothing else.",
                128);
    }

    @Test
    void writesTheSamePngTwice(@TempDir Path folder) throws IOException {
        sheet().write(folder.resolve("a.png"));
        sheet().write(folder.resolve("new/b.png"));
        assertArrayEquals(Files.readAllBytes(folder.resolve("a.png")), Files.readAllBytes(folder.resolve("new/b.png")));
        try (var files = Files.list(folder.resolve("new"))) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void enlargesByWholePixels(@TempDir Path folder) throws IOException {
        var cell = new Cell(2, 3, new int[]{0xff0000, 0x00ff00, 0x0000ff, 0x111111, 0x222222, 0x333333});
        new Sheet("", List.of(" "), List.of(new Sheet.Row("", List.of(cell))), "", 50).write(folder.resolve("a.png"));
        var picture = ImageIO.read(folder.resolve("a.png").toFile());
        // 50 / 3 = 16 pixels per pixel; margin 24, the cell 48 wide in a column of 50.
        assertEquals(0xffff0000, picture.getRGB(25, 24));
        assertEquals(0xffff0000, picture.getRGB(25 + 15, 24 + 15));
        assertEquals(0xff00ff00, picture.getRGB(25 + 16, 24));
        assertEquals(0xff333333, picture.getRGB(25 + 47, 24 + 31));
        assertEquals(0xffffffff, picture.getRGB(0, 0));
    }

    @Test
    void imageLevelsAreClampedAndRounded() {
        var cell = Cell.image(new float[]{7, -1, 0.5f, Float.NaN, 0, 1, 0.2f}, 1, 1, 2);
        assertArrayEquals(new int[]{0x0000ff, 0x800033}, cell.rgb());
        assertEquals(2, cell.width());
    }

    @Test
    void heatAndSegmentsFollowTheGrid() {
        var grey = Cell.plain(4, 4, 0x808080);
        var heat = grey.heat(new float[]{0.25f, 1, 0, 0}, 2, 2, 0.25, 1, Colormap.MAGMA).rgb();
        assertEquals(heat[2], heat[7]);
        assertEquals(heat[0], heat[15]);
        assertTrue((heat[2] & 255) > (heat[0] & 255));
        var segments = grey.segments(new int[]{0, 1, 2, 23}, 2, 2, 1).rgb();
        assertEquals(Cell.segmentColour(1), segments[3]);
        assertEquals(Cell.segmentColour(3), segments[15]);
        assertThrows(IllegalArgumentException.class, () -> grey.heat(new float[3], 2, 2, 0, 1, Colormap.MAGMA));
    }

    @Test
    void colourScalesGetBrighter() {
        for (var scale : Colormap.values()) {
            double before = -1;
            for (int i = 0; i <= 40; i++) {
                int rgb = scale.at(i / 40.0);
                double light = 0.2126 * Math.pow(rgb >> 16 & 255, 2.2) + 0.7152 * Math.pow(rgb >> 8 & 255, 2.2)
                        + 0.0722 * Math.pow(rgb & 255, 2.2);
                assertTrue(light > before, scale + " at " + i);
                before = light;
            }
        }
        assertEquals(Colormap.VIRIDIS.at(0), Colormap.VIRIDIS.at(Double.NaN));
        assertEquals(0xfde725, Colormap.VIRIDIS.at(5));
    }

    @Test
    void errorsNameTheThing() {
        var cell = Cell.plain(1, 1, 0);
        assertThrows(IllegalArgumentException.class, () -> new Sheet("", List.of(), List.of(), "", 64));
        assertThrows(IllegalArgumentException.class, () -> new Sheet("", List.of("a"),
                List.of(new Sheet.Row("", List.of(cell, cell))), "", 64));
        assertThrows(IllegalArgumentException.class, () -> new Cell(2, 2, new int[3]));
    }
}
