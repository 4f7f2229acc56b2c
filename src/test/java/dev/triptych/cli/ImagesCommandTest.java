package dev.triptych.cli;

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
        assertTrue(cli.err().contains("10 files: 5 images, 5 refused (1 empty, "), cli::all);
    }

    @Test
    void aPlainLineForEachFile() {
        Cli cli = Cli.run("images", folder);
        assertEquals(0, cli.code(), cli::all);
        assertEquals(10, cli.out().lines().count(), "names cannot break lines");
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
