package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Json;
import dev.triptych.io.Safetensors;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `neighbours`: the nearest by CLS, by bits and by one token are those that a plain search over the rows of `embed`
/// finds, in that order.
class NeighboursTest {
    private static final int PICTURES = 70;
    private static final int QUERY = 3;
    private static final int COUNT = 6;

    @TempDir
    private static Path folder;

    private static Path stellar;
    private static Path bits;
    private static Path pictures;

    @BeforeAll
    static void trained() throws IOException {
        stellar = folder.resolve("stellar");
        assertEquals(0, Cli.train(stellar, "--stop-after", 1).code());
        bits = folder.resolve("bits");
        assertEquals(0, Cli.run("train", "--recipe", "bits-micro", "--quiet", "--out", bits, "--stop-after", 1,
                "data.train-images=32", "data.test-images=8").code());
        pictures = Files.createDirectories(folder.resolve("pictures"));
        for (int i = 0; i < PICTURES; i++) {
            var image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < 256; p++) {
                image.setRGB(p % 16, p / 16, (p * (i + 1) + i * i * 31) * 7919 & 0xFFFFFF);
            }
            ImageIO.write(image, "png", pictures.resolve("p%02d.png".formatted(i)).toFile());
        }
    }

    /// Numbers of the pictures that the command found.
    private static List<Integer> found(Path run, Object... how) throws IOException {
        var words = new ArrayList<Object>(List.of("neighbours", "--run", run, "--of",
                pictures.resolve("p%02d.png".formatted(QUERY)), "--in", pictures, "--count", COUNT, "--json", "--sheet",
                folder.resolve("sheet.png")));
        words.addAll(List.of(how));
        Cli done = Cli.run(words.toArray());
        assertEquals(0, done.code(), done::all);
        assertTrue(ImageIO.read(folder.resolve("sheet.png").toFile()).getWidth() > 0);
        var numbers = new ArrayList<Integer>();
        for (String line : done.out().lines().toList()) {
            Map<String, Object> values = Json.read(line);
            if (values.containsKey("rank")) {
                numbers.add(Integer.parseInt(values.get("file").toString().substring(1, 3)));
            }
        }
        return numbers;
    }

    private static float[] rows(Path run, String value) throws IOException {
        Path out = folder.resolve(run.getFileName() + "-" + value + ".safetensors");
        Cli done = Cli.run("embed", "--run", run, "--in", pictures, "--out", out, "--values", value, "--quiet");
        assertEquals(0, done.code(), done::all);
        return Safetensors.read(out).floats(value);
    }

    /// The nearest by a distance, the smallest first; of equals the first.
    private static List<Integer> nearest(Distance distance) {
        return IntStream.range(0, PICTURES).boxed().sorted(Comparator.comparingDouble(distance::of)).limit(COUNT)
                .toList();
    }

    private interface Distance {
        double of(int picture);
    }

    private static double cosine(float[] x, int a, int b, int width) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < width; i++) {
            dot += (double) x[a + i] * x[b + i];
            aa += (double) x[a + i] * x[a + i];
            bb += (double) x[b + i] * x[b + i];
        }
        return dot / Math.sqrt(aa * bb);
    }

    @Test
    void byCls() throws IOException {
        float[] cls = rows(stellar, "cls");
        int d = cls.length / PICTURES;
        assertEquals(nearest(i -> -cosine(cls, QUERY * d, i * d, d)), found(stellar));
    }

    @Test
    void byBits() throws IOException {
        float[] logits = rows(bits, "logits");
        int b = logits.length / PICTURES;
        assertEquals(nearest(i -> IntStream.range(0, b)
                .filter(j -> logits[QUERY * b + j] > 0 != logits[i * b + j] > 0).count()), found(bits, "--by", "bits"));
    }

    @Test
    void byOneObject() throws IOException {
        float[] sparse = rows(stellar, "sparse");
        int each = sparse.length / PICTURES;
        int k = 3;
        int d = each / k;
        for (int token = 0; token < k; token++) {
            int query = QUERY * each + token * d;
            assertEquals(nearest(i -> -IntStream.range(0, k)
                    .mapToDouble(t -> cosine(sparse, query, i * each + t * d, d)).max().orElseThrow()),
                    found(stellar, "--by", "token", "--token", token + 1));
        }
    }

    /// Both on one sheet, each as by itself; a way that the run does not have is said before anything is read.
    @Test
    void byTwoWaysAtOnce() throws IOException {
        var both = new ArrayList<>(found(bits, "--by", "bits"));
        both.addAll(found(bits, "--by", "cls"));
        int alone = ImageIO.read(folder.resolve("sheet.png").toFile()).getHeight();
        assertEquals(both, found(bits, "--by", "bits,cls"));
        assertTrue(ImageIO.read(folder.resolve("sheet.png").toFile()).getHeight() > alone + 80);
        Cli refused = Cli.run("neighbours", "--run", bits, "--of", pictures.resolve("p00.png"), "--in", pictures,
                "--by", "bits,token");
        assertEquals(2, refused.code(), refused::all);
        assertTrue(refused.err().contains("--by token") && refused.out().isEmpty(), refused::all);
    }

    /// By the rule of `data.skip-bad`, and it is said.
    @Test
    void picturesThatCannotBeReadArePassedOver() throws IOException {
        Path some = Files.createDirectories(folder.resolve("some"));
        Files.copy(pictures.resolve("p00.png"), some.resolve("a.png"));
        Files.write(some.resolve("b.png"), new byte[]{(byte) 0x89, 'P', 'N', 'G'});
        Files.copy(pictures.resolve("p01.png"), some.resolve("c.png"));
        Path one = pictures.resolve("p01.png");
        Cli done = Cli.run("neighbours", "--run", bits, "--of", one, "--in", some, "--sheet",
                folder.resolve("some.png"));
        assertEquals(0, done.code(), done::all);
        assertTrue(done.err().contains("1 pictures left out") && done.err().contains("b.png"), done::all);
        Cli stopped = Cli.run("neighbours", "--run", bits, "--of", one, "--in", some, "--skip-bad=false");
        assertEquals(2, stopped.code(), stopped::all);
    }

    @Test
    void whatDoesNotFitIsNamed() {
        Path one = pictures.resolve("p00.png");
        Cli other = Cli.run("neighbours", "--run", bits, "--of", one, "--in", pictures, "--by", "token");
        assertEquals(2, other.code(), other::all);
        assertTrue(other.err().contains("'sparse'"), other::all);
        Cli many = Cli.run("neighbours", "--run", stellar, "--of", one, "--in", pictures, "--by", "token", "--token",
                4);
        assertEquals(2, many.code(), many::all);
        assertTrue(many.err().contains("1 to 3"), many::all);
        Cli none = Cli.run("neighbours", "--run", stellar, "--of", folder.resolve("none.png"), "--in", pictures);
        assertEquals(2, none.code(), none::all);
    }
}
