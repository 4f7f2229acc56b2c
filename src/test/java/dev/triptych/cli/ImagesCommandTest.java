package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Json;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `images` over a folder of good, damaged and hostile files.
class ImagesCommandTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        var image = new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB);
        for (String format : List.of("png", "jpg", "gif", "bmp", "tiff")) {
            ImageIO.write(image, format, folder.resolve("good." + format).toFile());
        }
        try (var webp = ImagesCommandTest.class.getResourceAsStream("/webp/lossless-palette.webp")) {
            Files.copy(webp, folder.resolve("named.png"));
        }
        Files.write(folder.resolve("new.tif"), new byte[]{'I', 'I', 43, 0, 8, 0, 0, 0});
        byte[] bmp = Files.readAllBytes(folder.resolve("good.bmp"));
        Files.write(folder.resolve("cut.bmp"), Arrays.copyOf(bmp, 100));
        bmp[20] = 0x7F; // 8 million columns
        Files.write(folder.resolve("bomb.bmp"), bmp);
        Files.createFile(folder.resolve("empty.png"));
        Files.createDirectories(folder.resolve("deep/er"));
        Files.writeString(folder.resolve("deep/er/line\nbreak.txt"), "text");
        Files.createSymbolicLink(folder.resolve("deep/out.png"), Path.of("/etc/hostname"));
    }

    private static final String EXPECTED = """
            bomb.bmp: BMP too-many-pixels
            cut.bmp: BMP undecodable
            deep/er/line
            break.txt: null not-an-image
            deep/out.png: null link-leaves-folder
            empty.png: null empty
            good.bmp: BMP 30x20
            good.gif: GIF 30x20
            good.jpg: JPEG 30x20
            good.png: PNG 30x20
            good.tiff: TIFF 30x20
            named.png: WEBP 31x20
            new.tif: BIGTIFF other-format
            """;

    @Test
    void oneJsonLineForEachFile() throws IOException {
        Cli cli = Cli.run("images", folder, "--json");
        assertEquals(0, cli.code(), cli::all);
        var text = new StringBuilder();
        for (String line : cli.out().lines().toList()) {
            Map<String, Object> object = Json.read(line);
            text.append(object.get("file")).append(": ").append(object.get("format")).append(' ')
                    .append(object.containsKey("refused")
                            ? object.get("refused")
                            : object.get("width") + "x" + object.get("height"))
                    .append('\n');
            assertEquals(object.containsKey("refused"), object.containsKey("reason"), line);
        }
        assertEquals(EXPECTED, text.toString());
        assertTrue(cli.err().contains("12 files: 6 images, 6 refused (1 empty, "), cli::all);
    }

    /// Planes of one image after the other, at the places that the lines name; whole or not at all.
    @Test
    void pixelsOfAll() throws IOException {
        Path data = Files.createDirectories(folder.resolve("two"));
        var image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
        image.setRGB(1, 0, 0x102030);
        ImageIO.write(image, "png", data.resolve("a.png").toFile());
        image.setRGB(2, 1, 0x405060);
        ImageIO.write(image, "bmp", data.resolve("b.bmp").toFile());
        Path file = folder.resolve("out/pixels.rgb");
        Cli cli = Cli.run("images", data, "--json", "--pixels", file, "--quiet");
        assertEquals(0, cli.code(), cli::all);
        List<String> lines = cli.out().lines().toList();
        assertEquals(0L, ((Number) Json.read(lines.get(0)).get("pixels")).longValue());
        assertEquals(18L, ((Number) Json.read(lines.get(1)).get("pixels")).longValue());
        byte[] pixels = Files.readAllBytes(file);
        byte[] expected = new byte[36];
        for (int c = 0; c < 3; c++) {
            expected[6 * c + 1] = expected[18 + 6 * c + 1] = (byte) (0x10 * (c + 1));
            expected[18 + 6 * c + 5] = (byte) (0x10 * (c + 4));
        }
        assertArrayEquals(expected, pixels);
        for (Object[] words : new Object[][]{{"images", data, "--pixels", file},
                {"images", data, "--json", "--pixels", data.resolve("c.rgb")}}) {
            Cli refused = Cli.run(words);
            assertEquals(2, refused.code(), refused::all);
            assertTrue(refused.err().contains("--pixels is "), refused::all);
        }
        assertEquals(2, data.toFile().list().length);
    }

    @Test
    void aPlainLineForEachFile() {
        Cli cli = Cli.run("images", folder);
        assertEquals(0, cli.code(), cli::all);
        assertEquals(12, cli.out().lines().count(), "names cannot break lines");
        assertTrue(cli.out().contains("good.png: PNG 30x20"), cli::all);
        assertTrue(cli.out().contains("break.txt: refused, not-an-image: it is none of PNG"), cli::all);
    }

    @Test
    void limits() {
        assertTrue(Cli.run("images", folder, "--max-pixels", 599).out()
                .contains("good.png: refused, too-many-pixels: its header promises 30x20"));
        assertTrue(Cli.run("images", folder, "--max-bytes", 99).out().contains("good.bmp: refused, too-many-bytes"));
        for (var words : new TreeMap<>(Map.of("--max-pixels", "0", "--max-bytes", "-1", "--max-seconds", "NaN"))
                .entrySet()) {
            Cli cli = Cli.run("images", folder, words.getKey(), words.getValue());
            assertEquals(2, cli.code(), cli::all);
            assertTrue(cli.err().contains(words.getKey() + " is "), cli::all);
        }
        Cli absent = Cli.run("images", folder.resolve("absent"));
        assertEquals(2, absent.code(), absent::all);
        assertTrue(absent.err().contains("there is no such folder"), absent::all);
    }

    /// The program itself with little memory: a picture too large for it is refused by name, the next one is read.
    @Test
    void littleMemory() throws IOException, InterruptedException {
        byte[] bmp = Files.readAllBytes(folder.resolve("good.bmp"));
        bmp[18] = 0x40;
        bmp[19] = 0x1F; // 8000 columns
        bmp[22] = 0x40;
        bmp[23] = 0x1F;
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.write(data.resolve("a.bmp"), bmp);
        Files.copy(folder.resolve("good.png"), data.resolve("b.png"));
        Cli cli = Fork.run(List.of("-Xmx64m"), "images", data);
        assertEquals(0, cli.code(), cli::all);
        assertTrue(cli.out().contains("a.bmp: refused, too-little-memory"), cli::all);
        assertTrue(cli.out().contains("b.png: PNG 30x20"), cli::all);
    }
}
