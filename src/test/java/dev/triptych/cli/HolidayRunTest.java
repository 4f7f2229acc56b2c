package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageDecoderTest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A folder as people have it, flat, without labels, of all sizes and formats, bad files among them: every method
/// trains on it and is judged, and it is said what was done with each kind of file.
class HolidayRunTest {
    private static final int GOOD = 70;
    private static final List<String> FORMATS = List.of("png", "jpg", "gif", "bmp", "ppm");

    @TempDir
    private Path folder;
    private Path photos;

    @BeforeEach
    void photos() throws IOException {
        photos = Files.createDirectories(folder.resolve("holiday photos"));
        for (int i = 0; i < GOOD; i++) {
            String format = FORMATS.get(i % FORMATS.size());
            Files.write(photos.resolve("IMG_%03d.%s".formatted(i, i % 2 == 0 ? format : format.toUpperCase())),
                    picture(i, format));
        }
        // unread, of five kinds; among the training pictures since the tenth and twentieth are held out
        Files.write(photos.resolve("IMG_000a.jpg"), new byte[0]);
        Files.writeString(photos.resolve("IMG_000b.png"), "<html>404</html>");
        byte[] jpeg = picture(1, "jpg");
        Files.write(photos.resolve("IMG_000c.jpg"), Arrays.copyOf(jpeg, jpeg.length / 2));
        Files.write(photos.resolve("IMG_000d.jpg"), "....ftypheic........".getBytes(StandardCharsets.US_ASCII));
        Files.createSymbolicLink(photos.resolve("IMG_000e.jpg"), Path.of("moved away.jpg"));
        // no pictures at all
        Files.writeString(photos.resolve("notes.txt"), "rain");
        Files.write(photos.resolve("film.mp4"), new byte[100]);
        Files.write(photos.resolve(".DS_Store"), new byte[8]);
    }

    private static byte[] picture(int i, String format) throws IOException {
        var random = new SplittableRandom(i);
        int width = 16 + random.nextInt(50);
        int height = 16 + random.nextInt(50);
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int sky = random.nextInt(0x1000000);
        int sea = random.nextInt(0x1000000);
        for (int p = 0; p < width * height; p++) {
            image.setRGB(p % width, p / width, p / width < height / 2 ? sky : sea);
        }
        if (!format.equals("ppm")) {
            return ImageDecoderTest.encode(image, format);
        }
        byte[] head = ("P6 " + width + " " + height + " 255\n").getBytes(StandardCharsets.US_ASCII);
        byte[] file = Arrays.copyOf(head, head.length + 3 * width * height);
        for (int k = 0; k < 3 * width * height; k++) {
            file[head.length + k] = (byte) (image.getRGB(k / 3 % width, k / 3 / width) >> 16 - 8 * (k % 3));
        }
        return file;
    }

    private void requireSaid(Cli cli) {
        assertEquals(0, cli.code(), cli::all);
        assertTrue(cli.err().contains("pictures:   a folder without labels, " + photos + "\n"), cli::all);
        assertTrue(cli.err().contains("No labels: the pictures lie in no folders."), cli::all);
        assertTrue(cli.err().contains("every 10th picture, in order, is held out."), cli::all);
        assertTrue(cli.err().contains("train:      63 pictures used, 5 left out because they cannot be read: 1 empty, "
                + "1 not-an-image, 1 other-format, 1 undecodable, 1 unreadable; not looked at: 1 *.mp4, 1 *.txt, "
                + "1 hidden\n"), cli::all);
        assertTrue(cli.err().contains("IMG_000e.jpg: unreadable: the link leads nowhere"), cli::all);
    }

    private Cli train(String recipe, Path run, String... more) {
        var words = new java.util.ArrayList<Object>(List.of("train", "--recipe", recipe, "--quiet", "--out", run,
                "data=" + photos, "data.cache=" + folder.resolve("cache"), "data.train-images=0",
                "data.test-images=0"));
        words = Cli.with(words, more);
        return Cli.run(words.toArray());
    }

    private String judged(Path run, String... more) throws IOException {
        var words = new java.util.ArrayList<Object>(List.of("eval", "--run", run, "--quiet"));
        words = Cli.with(words, more);
        Cli cli = Cli.run(words.toArray());
        assertEquals(0, cli.code(), cli::all);
        assertTrue(Files.exists(run.resolve("report.html")));
        return Files.readString(run.resolve("eval.json")).replace("\" : ", "\": ");
    }

    @ParameterizedTest
    @CsvSource({"stellar-micro, PSNR of the reconstruction", "bits-micro, bit entropy", "vqvae-micro, PSNR",
            "mae-micro, PSNR of dropped patches"})
    void isTrainedOnAndJudged(String recipe, String figure) throws IOException {
        Path run = folder.resolve("run");
        requireSaid(train(recipe, run));
        String json = judged(run);
        assertTrue(json.contains(figure), json);
        assertFalse(json.contains("\"what\": \"kNN") || json.contains("\"what\": \"linear")
                || json.contains("\"what\": \"mAP") || json.contains("\"what\": \"I(b"), json);
        if (!recipe.startsWith("vqvae")) { // a tokenizer is judged without labels in any case
            assertTrue(json.contains("\"classes\": \"none\"") && json.contains("the images have no labels"), json);
            var found = Pattern.compile("\"d_eff of CLS\",\\s*\"value\": ([^,]+),[^}]*\"untrained encoder\": (\\S+)")
                    .matcher(json);
            assertTrue(found.find(), json);
            assertNotEquals(found.group(1), found.group(2), "trained and untrained");
            assertTrue(Files.exists(run.resolve("retrieval.png")));
        }
        assertTrue(Files.exists(run.resolve("sheet.png")));
    }

    @Test
    void isTokenisedForSorcen() throws IOException {
        Path codes = folder.resolve("train.codes");
        Path cache = folder.resolve("cache");
        requireSaid(Cli.run("tokenize", "--tokenizer", "kmeans", "data=" + photos, "data.side=16",
                "data.cache=" + cache, "kmeans.codes=32", "kmeans.samples=500", "out=" + codes));
        Cli test = Cli.run("tokenize", "--tokenizer", folder.resolve("train.tokenizer.safetensors"), "--split", "test",
                "data=" + photos, "data.side=16", "data.cache=" + cache, "out=" + folder.resolve("test.codes"));
        assertEquals(0, test.code(), test::all);
        Path run = folder.resolve("run");
        Cli trained = train("sorcen-micro", run, "sorcen.codes=" + codes);
        assertEquals(0, trained.code(), trained::all);
        String json = judged(run, "--samples", "8", "--no-timing");
        assertTrue(json.contains("masked codes") && json.contains("d_eff of features")
                && json.contains("divergence of"), json);
        assertFalse(json.contains("\"what\": \"kNN") || json.contains("label of a class")
                || json.contains("Fréchet"), json);
        assertTrue(json.contains("few labels, what a classifier sees: the images have no labels"), json);
    }

    /// One class says nothing, as none does.
    @ParameterizedTest
    @ValueSource(strings = {"stellar-micro", "bits-micro"})
    void oneClassIsNoClass(String recipe) throws IOException {
        Path inside = Files.createDirectories(folder.resolve("one/sea"));
        try (var files = Files.list(photos)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".png")).toList()) {
                Files.copy(file, inside.resolve(file.getFileName()));
                for (int copy = 0; copy < 4; copy++) {
                    Files.copy(file, inside.resolve(copy + file.getFileName().toString()));
                }
            }
        }
        photos = folder.resolve("one");
        Path run = folder.resolve("run");
        Cli cli = train(recipe, run, "data.skip-bad=true");
        assertEquals(0, cli.code(), cli::all);
        String json = judged(run);
        assertTrue(json.contains("all images are of one class, sea"), json);
        assertFalse(json.contains("\"what\": \"kNN"), json);
    }
}
