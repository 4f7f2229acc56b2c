package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Bad input ends with exit code 2 and a message that names the thing, the value and the remedy; nothing is written.
class BadInputTest {
    @TempDir
    private Path folder;

    private Path run;
    private Path images;

    @BeforeEach
    void places() {
        run = folder.resolve("run");
        images = folder.resolve("images");
    }

    private void refused(Cli cli, Object... named) throws IOException {
        assertEquals(2, cli.code(), cli::all);
        for (Object name : named) {
            assertTrue(cli.err().contains(name.toString()), () -> "'" + name + "' in " + cli.all());
        }
        assertFalse(cli.err().contains("\tat "), cli::all);
        assertFalse(Files.exists(run), "the run folder");
        assertEquals(List.of(), Cli.files(folder.resolve("cache")));
    }

    /// Trains on the folder of images.
    private Cli train(Object... more) {
        var words = new ArrayList<Object>(List.of("train", "--recipe", "stellar-micro", "--quiet", "--out", run,
                "data=" + images, "data.cache=" + folder.resolve("cache"), "data.train-images=0",
                "data.test-images=0", "training.batch=4"));
        return Cli.run(Cli.with(words, more).toArray());
    }

    private void paint(String file, int side) throws IOException {
        Path path = images.resolve(file);
        Files.createDirectories(path.getParent());
        ImageIO.write(new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB), "png", path.toFile());
    }

    private void paintTwoClasses() throws IOException {
        for (String part : List.of("train", "test")) {
            for (int i = 0; i < 4; i++) {
                paint(part + "/cats/" + i + ".png", 20);
                paint(part + "/dogs/" + i + ".png", 20);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "stellar.tokns=4           | stellar.tokns     | stellar.tokens",
            "stellar.tokens=many       | stellar.tokens    | many",
            "stellar.tokens=2.5        | 2.5               | without a decimal point",
            "optimizer.lr=-1           | optimizer.lr      | -1",
            "stellar.tokens=17         | stellar.tokens    | 16 patches",
            "data.side=18              | data.side         | multiple of encoder.patch",
            "training.batch=65         | training.batch    | 64",
            "nonsense                  | nonsense          | key=value"})
    void aRecipeThatDoesNotFit(String override, String key, String remedy) throws IOException {
        refused(Cli.run("train", "--recipe", "stellar-micro", "--out", run, override), key, remedy);
    }

    @Test
    void recipesThatAreNotThere() throws IOException {
        refused(Cli.run("train", "--recipe", "stellar-mikro", "--out", run), "stellar-mikro", "stellar-micro");
        refused(Cli.run("train", "--recipe", folder.resolve("no.yaml"), "--out", run), "no.yaml", "no such file");
        refused(Cli.run("train", "--out", run), "--recipe", "stellar-micro");
        refused(Cli.run("program", "--recipe", "stellar-micro", "--stage", "mian"), "mian", "prior, main");
        refused(Cli.run("program", "--recipe", "stellar-micro", "--equation=99"), "--equation", "eq-14");
        refused(Cli.run("program", "--recipe", "sorcen-micro", "--section=4.99"), "--section", "section-4-1");
        refused(Cli.run("read", "stelar"), "stelar", "stellar, bits");
        refused(Cli.run("read", "stellar", "--vectors", "nowhere"), "nowhere");
    }

    @Test
    void aRecipeForAFolderDoesNotFallBackOnScenes() throws IOException {
        refused(Cli.run("train", "--recipe", "stellar-cifar", "--out", run), "data.dir", "data=DIR");
        refused(train(), images, "no such folder");
    }

    @Test
    void aClassFolderWithoutImages() throws IOException {
        paintTwoClasses();
        Files.createDirectories(images.resolve("train/birds"));
        refused(train(), images.resolve("train/birds"), "no images", "Remove it");
    }

    @Test
    void tooFewImagesForABatch() throws IOException {
        paintTwoClasses();
        var cli = train("training.batch=16");
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.err().contains("training.batch is 16") && cli.err().contains("8 images"), cli::all);
        assertFalse(Files.exists(run));
    }

    @Test
    void anImageThatCannotBeRead() throws IOException {
        paintTwoClasses();
        Path bad = images.resolve("train/dogs/3.png");
        Files.write(bad, new byte[]{1, 2, 3});
        refused(train("data.skip-bad=false"), bad, "it is none of PNG", "data.skip-bad=true");
        Cli skipped = train("--stop-after", 1);
        assertEquals(0, skipped.code(), skipped::all);
        assertTrue(skipped.err().contains("7 pictures used, 1 left out because they cannot be read: 1 not-an-image")
                && skipped.err().contains(bad.toString())
                && skipped.err().contains("7 of 16 px"), skipped::all);
    }

    @Test
    void anImageThatIsTooLarge() throws IOException {
        paintTwoClasses();
        paint("train/dogs/3.png", 40);
        refused(train("data.max-pixels=400", "data.skip-bad=false"), images.resolve("train/dogs/3.png"), "40x40",
                "400");
    }

    @Test
    void moreImagesThanThereAre() throws IOException {
        paintTwoClasses();
        Cli cli = train("data.train-images=9");
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.err().contains("data.train-images is 9") && cli.err().contains("8 images"), cli::all);
        assertFalse(Files.exists(run));
    }

    @Test
    void aLabelFileOfTheWrongLength() throws IOException {
        Files.createDirectories(images);
        Files.write(images.resolve("data_batch_1.bin"), new byte[3074]);
        refused(train(), images, "it lacks data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin");
        for (int i = 2; i <= 5; i++) {
            Files.write(images.resolve("data_batch_" + i + ".bin"), new byte[3074]);
        }
        refused(train(), "data_batch_1.bin", "3074", "30730000");
    }

    @Test
    void aStepThatDoesNotFitIntoMemory() throws IOException {
        paintTwoClasses();
        refused(Cli.run("train", "--recipe", "stellar-paper", "data=" + images, "--out", run), "training.batch is 128",
                "Lower training.batch");
        refused(Cli.run("program", "--recipe", "stellar-paper", "training.batch=2048"), "training.batch is 2048");
    }

    @Test
    void commandsAndOptionsThatDoNotExist() throws IOException {
        refused(Cli.run("trian"), "trian", "train");
        refused(Cli.run("train", "--recipe", "stellar-micro", "--out", run, "--divice", "plain"), "--divice");
        refused(Cli.run("train", "--recipe", "stellar-micro", "--out", run, "--device", "gpu"), "'gpu'", "tornado");
        refused(Cli.run("train", "--recipe", "stellar-micro", "--out", run, "--threads", "0"), "--threads is 0");
        refused(Cli.run("train", "--recipe", "stellar-micro", "--out", run, "--threads", "x"), "--threads");
        refused(Cli.run("eval"), "--run");
    }

    @Test
    void runsThatAreNotThere() throws IOException {
        refused(Cli.run("train", "--resume", run), run, "does not exist");
        refused(Cli.run("train", "--resume", run, "--recipe", "stellar-micro"), "--recipe stellar-micro",
                "--init-from");
        refused(Cli.run("train", "--recipe", "stellar-micro", "--init-from", folder.resolve("other"), "--out", run),
                "other", "does not exist");
        refused(Cli.run("eval", "--run", run), run, "does not exist");
    }

    @Test
    void weightsOfAnotherModel() throws IOException {
        Path other = folder.resolve("other");
        Cli trained = Cli.train(other, "--stop-after", 1);
        assertEquals(0, trained.code(), trained::all);
        refused(Cli.run("train", "--recipe", "stellar-micro", "--init-from", other, "--out", run, "encoder.width=16"),
                "shape", "another recipe");
        refused(Cli.run("eval", "--run", other, "encoder.width=16"), "encoder.width=16", "data=DIR");
        Cli again = Cli.train(other);
        assertTrue(again.code() == 2 && again.err().contains("holds a run already"), again::all);
    }
}
