package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Retrieval of pictures with several labels, from a list `file,label;label`.
class SeveralLabelsTest {
    @TempDir
    private Path folder;

    private Path list(String name, int from, int to, String... labels) throws IOException {
        var rows = new ArrayList<String>();
        for (int i = from; i < to; i++) {
            var image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < 256; p++) {
                image.setRGB(p % 16, p / 16, (11 * i + 5 * (p % 16) + 7 * (p / 16)) % 256 * 0x10101);
            }
            ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
            rows.add(i + ".png," + labels[i % labels.length]);
        }
        return Files.write(folder.resolve(name), rows);
    }

    /// Any two of these pictures share a label, so that every order is perfect, by cosine and by codes.
    @Test
    void whatSharesALabelIsRelevant() throws IOException {
        Path list = list("train.csv", 0, 36, "x;y", "y;z", "z;x");
        list("test.csv", 36, 44, "x;y", "x;y;z"); // of which training has no picture
        Path run = folder.resolve("run");
        Cli cli = Cli.run("train", "--recipe", "bits-micro", "--quiet", "--device", "plain", "--stop-after", 1, "--out",
                run, "data=" + list, "data.train-images=0", "data.test-images=0",
                "data.cache=" + folder.resolve("cache"));
        assertEquals(0, cli.code(), cli::all);
        cli = Cli.run("eval", "--run", run, "--device", "plain");
        assertEquals(0, cli.code(), cli::all);
        var figures = Pattern.compile("\"(mAP[^\"]*)\",\\s*\"value\" : ([0-9.]+)")
                .matcher(Files.readString(run.resolve("eval.json"))).results()
                .map(found -> found.group(1) + " " + Double.parseDouble(found.group(2))).toList();
        assertTrue(figures.size() >= 4, figures::toString);
        assertEquals(List.of(), figures.stream().filter(figure -> !figure.endsWith(" 100.0")).toList());
    }
}
