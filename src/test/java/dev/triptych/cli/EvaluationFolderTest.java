package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Evaluations of other images never take the place of the run's own, whatever the folders are called; comparisons say
/// what was evaluated.
class EvaluationFolderTest {
    @TempDir
    private Path folder;

    private Path pictures(String name, int seed) throws IOException {
        var random = new Random(seed);
        Path pictures = folder.resolve(name);
        for (String part : List.of("train", "test")) {
            for (String kind : List.of("cat", "dog")) {
                Files.createDirectories(pictures.resolve(part).resolve(kind));
                for (int i = 0; i < 12; i++) {
                    var picture = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
                    for (int p = 0; p < 256; p++) {
                        picture.setRGB(p % 16, p / 16, random.nextInt(1 << 24));
                    }
                    ImageIO.write(picture, "png", pictures.resolve(part).resolve(kind).resolve(i + ".png").toFile());
                }
            }
        }
        return pictures;
    }

    private Cli done(Object... words) {
        Cli cli = Cli.run(Stream.concat(Stream.of(words),
                Stream.of("--quiet", "data.cache=" + folder.resolve("cache"))).toArray());
        assertEquals(0, cli.code(), cli::all);
        return cli;
    }

    private static List<Path> others(Path run) throws IOException {
        if (!Files.exists(run.resolve("evaluations"))) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(run.resolve("evaluations"))) {
            return found.sorted().toList();
        }
    }

    @Test
    void otherImagesGoToAFolderOfTheirOwn() throws IOException {
        Path own = pictures("own", 1);
        Path run = folder.resolve("run");
        done("train", "--recipe", "stellar-micro", "--out", run, "data=" + own, "data.train-images=0",
                "data.test-images=0", "training.batch=8", "--stop-after", 1);
        done("eval", "--run", run);
        assertTrue(Files.readString(run.resolve("eval.json")).matches("(?s).*\"n\" ?: ?24\\b.*"));
        Files.delete(run.resolve("eval.json"));
        done("eval", "--run", run, "data=" + pictures("moved", 1));
        assertTrue(Files.exists(run.resolve("eval.json")), "the same pictures in another folder are the run's own");
        assertEquals(List.of(), others(run));
        byte[] figures = Files.readAllBytes(run.resolve("eval.json"));

        done("eval", "--run", run, "data=" + pictures("strange", 2));
        done("eval", "--run", run, "--limit-train", 20);
        done("eval", "--run", run, "data.labels=none");
        assertEquals(3, others(run).size(), () -> run + "");
        assertTrue(others(run).stream().anyMatch(path -> path.getFileName().toString().startsWith("strange-")));
        assertTrue(others(run).stream().anyMatch(path -> path.endsWith("limit-train=20")));
        done("eval", "--run", run, "--limit-train", 20);
        assertEquals(3, others(run).size(), "the same again goes to the same folder");

        for (Path file : Files.list(own.resolve("test/cat")).toList()) { // other pictures under the same names
            Files.copy(folder.resolve("strange/test/cat").resolve(file.getFileName()), file,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        done("eval", "--run", run);
        assertEquals(4, others(run).size(), "the path is the same, the pictures are not");
        assertArrayEquals(figures, Files.readAllBytes(run.resolve("eval.json")));
    }

    @Test
    void aComparisonSaysWhatWasEvaluated() throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        for (Path run : List.of(first, second)) {
            Cli cli = Cli.train(run, "--stop-after", 1, "data.test-images=" + (run.equals(first) ? 8 : 12));
            assertEquals(0, cli.code(), cli::all);
            assertEquals(0, Cli.run("eval", "--run", run, "--quiet").code());
        }
        Path page = folder.resolve("compare.html");
        Cli cli = Cli.run("compare", first, second, "--out", page);
        assertEquals(0, cli.code(), cli::all);
        assertTrue(cli.err().contains("Warning: They were not evaluated alike: images"), cli::all);
        assertTrue(cli.out().contains("n = 8") && cli.out().contains("n = 12"), cli::all);
        assertTrue(Files.readString(page).contains("They were not evaluated alike"));
        Cli alike = Cli.run("compare", first, first, "--out", page);
        assertFalse(alike.err().contains("Warning"), alike::all);
    }
}
