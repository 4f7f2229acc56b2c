package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Json;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `eval --segmentation`: pictures whose classes are colours, generated scenes, bad input.
class SegmentationRunTest {
    private static final int[] COLOURS = {0x2040E0, 0xE0A020, 0x10C060};

    @TempDir
    private static Path folder;

    private static Path run;
    private static Path data;

    @BeforeAll
    static void trainAndPaint() throws IOException {
        run = folder.resolve("run");
        Cli trained = Cli.train(run, "--stop-after", 1);
        assertEquals(0, trained.code(), trained::all);
        data = folder.resolve("data");
        for (String part : List.of("train", "test")) {
            Files.createDirectories(data.resolve(part));
            Files.createDirectories(data.resolve(part + "annot"));
            for (int i = 0; i < 6; i++) {
                paint(part, i, i % 2 == 0 ? 48 : 32, i % 2 == 0 ? 32 : 64);
            }
        }
        Files.writeString(data.resolve("classes.txt"), "sky\nsand\nsea\nnever seen\n");
    }

    /// Stripes of three classes, edges on the grid of patches, the first row of pixels left out of the counts.
    private static void paint(String part, int i, int width, int height) throws IOException {
        var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var labels = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int c = (x / 16 + i) % 3;
                picture.setRGB(x, y, COLOURS[c]);
                labels.getRaster().setSample(x, y, 0, y == 0 ? 11 : c);
            }
        }
        ImageIO.write(picture, "png", data.resolve(part + "/" + i + ".png").toFile());
        ImageIO.write(labels, "png", data.resolve(part + "annot/" + i + ".png").toFile());
    }

    private static Map<?, ?> figure(Path json, String what) throws IOException {
        return ((List<?>) Json.read(Files.readString(json)).get("figures")).stream().map(f -> (Map<?, ?>) f)
                .filter(f -> what.equals(f.get("what"))).findFirst().orElseThrow();
    }

    private static double number(Object value) {
        return ((Number) value).doubleValue();
    }

    @Test
    void classesThatAreColours() throws IOException {
        Path out = folder.resolve("colours");
        Cli cli = Cli.run("eval", "--run", run, "--segmentation", data, "--ignore-label", 11, "--short-side", 32,
                "--out", out, "--quiet");
        assertEquals(0, cli.code(), cli::all);
        assertEquals(List.of("segmentation.json", "segmentation.png"), Cli.files(out));
        Path json = out.resolve("segmentation.json");
        var dense = figure(json, "mIoU from D");
        var product = figure(json, "mIoU from L S");
        var baselines = (Map<?, ?>) dense.get("baselines");
        // interpolation rounds the corners of nothing here: stripes are whole patches wide
        assertTrue(number(baselines.get("colour and place")) > 80, cli::all);
        assertTrue(number(dense.get("value")) > 60, cli::all);
        assertTrue(number(product.get("value")) > number(baselines.get("commonest class")), cli::all);
        assertEquals(100 / 3.0, number(((Map<?, ?>) figure(json, "pixel accuracy from D").get("baselines"))
                .get("commonest class")), 8);
        assertEquals(null, figure(json, "IoU of never seen").get("value"));
        assertTrue(cli.out().contains("IoU of sand") && cli.out().contains("share of pixels"), cli::all);
        var sheet = ImageIO.read(out.resolve("segmentation.png").toFile());
        assertTrue(sheet.getWidth() > 5 * 64, sheet::toString);
    }

    @Test
    void generatedScenes() throws IOException {
        Path out = folder.resolve("scenes");
        Cli cli = Cli.run("eval", "--run", run, "--segmentation", "scenes", "--out", out, "--quiet", "--hide-images");
        assertEquals(0, cli.code(), cli::all);
        var accuracy = figure(out.resolve("segmentation.json"), "pixel accuracy from L S");
        assertTrue(number(accuracy.get("value")) > 30 && cli.out().contains("IoU of ground"), cli::all);
        StageLines.requireNone(cli);
    }

    @Test
    void aRunOfBitsHasDenseFeaturesOnly() throws IOException {
        Path bits = folder.resolve("bits");
        Cli trained = Cli.run("train", "--recipe", "bits-micro", "--quiet", "--out", bits, "--stop-after", 1);
        assertEquals(0, trained.code(), trained::all);
        Cli cli = Cli.run("eval", "--run", bits, "--segmentation", data, "--ignore-label", 11, "--json");
        assertEquals(0, cli.code(), cli::all);
        assertTrue(cli.out().contains("mIoU from D") && !cli.out().contains("L S"), cli::all);
        StageLines.requireJson(cli);
    }

    private static void refused(List<Object> more, String... parts) {
        var words = new java.util.ArrayList<Object>(List.of("eval", "--run", run, "--quiet", "--out",
                folder.resolve("none")));
        words.addAll(more);
        Cli cli = Cli.run(words.toArray());
        assertEquals(2, cli.code(), cli::all);
        for (String part : parts) {
            assertTrue(cli.err().contains(part), () -> "'" + part + "' in " + cli.all());
        }
        assertFalse(cli.err().contains("\tat "), cli::all);
    }

    @Test
    void whatIsRefused() {
        refused(List.of("--segmentation", folder.resolve("no")), "no such folder");
        refused(List.of("--segmentation", run), "trainannot", "Expected DIR/train");
        refused(List.of("--segmentation", data), "class number 11", "--ignore-label 11");
        refused(List.of("--segmentation", data, "--short-side", 15), "--short-side is 15", "16");
        refused(List.of("--segmentation", data, "--ignore-label", -1), "--ignore-label is -1");
        refused(List.of("--segmentation", data, "--limit-train", 5), "--limit-train 5");
        refused(List.of("--segmentation", "scenes", "--ignore-label", 11), "--ignore-label 11", "scenes");
        refused(List.of("--short-side", 64), "--short-side 64", "--segmentation");
    }
}
