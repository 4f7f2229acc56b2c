package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.set.PictureSet;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.io.Json;
import dev.triptych.io.Safetensors;
import dev.triptych.measure.feature.ImageEncoder;
import dev.triptych.methods.Methods;
import dev.triptych.stellar.StellarPrograms;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.RunFolder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `tokens`: S, L and the sheet of any picture; pictures that are none are refused, all of them, before anything is
/// written.
class TokensTest {
    @TempDir
    private static Path folder;

    private static Path run;

    @BeforeAll
    static void trained() {
        run = folder.resolve("run");
        Cli trained = Cli.train(run, "--stop-after", 1);
        assertEquals(0, trained.code(), trained::all);
    }

    private static Path picture(String name, int width, int height, int type) throws IOException {
        var image = new BufferedImage(width, height, type);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, i * 7919 & 0xFFFFFF);
        }
        Path file = folder.resolve(name);
        ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile());
        return file;
    }

    @Test
    void numbersAndSheetOfPicturesOfAnySize() throws IOException {
        Path wide = picture("wide.png", 50, 20, BufferedImage.TYPE_INT_RGB);
        Path grey = picture("grey.jpg", 17, 31, BufferedImage.TYPE_BYTE_GRAY);
        Path tiny = picture("tiny.bmp", 1, 1, BufferedImage.TYPE_INT_RGB);
        Path out = folder.resolve("out");
        Cli cli = Cli.run("tokens", "--run", run, "--out", out, "--device", "plain", wide, grey, tiny);
        assertEquals(0, cli.code(), cli::all);
        assertTrue(cli.out().contains("wide.png: share") && cli.out().contains("dB"), cli::all);
        assertEquals(List.of("tokens.png", "tokens.safetensors"), Cli.files(out));
        var numbers = Safetensors.read(out.resolve("tokens.safetensors"));
        assertEquals(tiny.toString(), numbers.metadata().get("image.2"));
        assertArrayEquals(new int[]{3, 32}, numbers.shape("cls"));
        assertArrayEquals(new int[]{3, 3, 32}, numbers.shape("sparse"));
        assertArrayEquals(new int[]{3, 16, 3}, numbers.shape("localization"));
        var sheet = ImageIO.read(out.resolve("tokens.png").toFile());
        assertTrue(sheet.getWidth() > 6 * 96 && sheet.getHeight() > 3 * 96, sheet::toString);

        var recipe = RunFolder.open(run).recipe(Methods.RECIPES);
        var programs = new StellarPrograms(recipe);
        var evaluation = programs.evaluate(1);
        try (var session = new PlainDevice().bind(programs.state(), evaluation.program())) {
            Checkpoint.load(RunFolder.open(run).newest(), programs.state(), session, null);
            var encoder = new ImageEncoder(session, evaluation);
            var one = new PictureSet(16);
            one.add("grey", ImageDecoder.standard().decode(grey));
            encoder.encode(one, List.of(), batch -> {
            });
            var values = evaluation.values();
            for (var value : Map.of("cls", values.cls(), "sparse", values.sparse(), "localization",
                    values.localization()).entrySet()) {
                String name = value.getKey();
                float[] expected = encoder.value(value.getValue());
                float[] all = numbers.floats(name);
                for (int i = 0; i < expected.length; i++) {
                    assertEquals(expected[i], all[expected.length + i], 1e-5, name + " of the second picture, " + i);
                }
            }
        }
    }

    @Test
    void asLinesOfJson() throws IOException {
        Path wide = picture("json.png", 20, 20, BufferedImage.TYPE_INT_RGB);
        Cli cli = Cli.run("tokens", "--run", run, "--json", "--checkpoint", "best", wide);
        assertEquals(0, cli.code(), cli::all);
        var object = Json.read(cli.out().strip());
        assertEquals(wide.toString(), object.get("file"));
        assertEquals(16, ((List<?>) object.get("localization")).size());
        assertEquals(3, ((List<?>) object.get("sparse")).size());
        double share = ((List<?>) object.get("share")).stream().mapToDouble(s -> ((Number) s).doubleValue()).sum();
        assertEquals(1, share, 1e-9);
        assertTrue(Files.exists(run.resolve("tokens/tokens.png")));
    }

    @Test
    void allPicturesThatCannotBeReadAreNamed() throws IOException {
        Path good = picture("good.png", 20, 20, BufferedImage.TYPE_INT_RGB);
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");
        Path bomb = folder.resolve("bomb.png");
        byte[] bytes = Files.readAllBytes(good);
        bytes[16] = 0x40; // the header promises a billion columns
        Files.write(bomb, bytes);
        Path cut = folder.resolve("cut.png");
        Files.write(cut, java.util.Arrays.copyOf(Files.readAllBytes(good), 60));
        Path out = folder.resolve("nothing");
        Cli cli = Cli.run("tokens", "--run", run, "--out", out, good, text, bomb, cut, folder,
                folder.resolve("no.jpg"));
        assertEquals(2, cli.code(), cli::all);
        for (String part : List.of("5 of 6 pictures", "text.png: not-an-image", "bomb.png: ", "cut.png: undecodable",
                folder + ": not-a-file", "no.jpg: unreadable")) {
            assertTrue(cli.err().contains(part), () -> "'" + part + "' in " + cli.all());
        }
        assertFalse(cli.err().contains("good.png") || cli.err().contains("\tat "), cli::all);
        assertFalse(Files.exists(out));
    }

    @Test
    void whatElseIsRefused() throws IOException {
        Path good = picture("fine.png", 20, 20, BufferedImage.TYPE_INT_RGB);
        var words = new ArrayList<>(List.of("--run", folder.resolve("none"), good));
        words.addFirst("tokens");
        Cli none = Cli.run(words.toArray());
        assertTrue(none.code() == 2 && none.err().contains("does not exist"), none::all);
        Cli nothing = Cli.run("tokens", "--run", run);
        assertTrue(nothing.code() == 2 && nothing.err().contains("IMAGE"), nothing::all);
        Cli file = Cli.run("tokens", "--run", run, "--out", good, good);
        assertTrue(file.code() == 2 && file.err().contains("is a file"), file::all);
        Cli checkpoint = Cli.run("tokens", "--run", run, "--checkpoint", folder.resolve("x"), good);
        assertTrue(checkpoint.code() == 2 && checkpoint.err().contains("no such file"), checkpoint::all);
        Path dense = folder.resolve("dense");
        Cli control = Cli.train(dense, "--stop-after", 1, "decoder.reads=dense");
        assertEquals(0, control.code(), control::all);
        Cli edited = Cli.run("tokens", "--run", dense, "--drop", 2, good);
        assertTrue(edited.code() == 2 && edited.err().contains("decoder.reads=dense"), edited::all);
        assertFalse(Files.exists(dense.resolve("tokens")));
        Cli whole = Cli.run("tokens", "--run", dense, good);
        assertEquals(0, whole.code(), whole::all);
        Path bits = folder.resolve("bits");
        Cli trained = Cli.run("train", "--recipe", "bits-micro", "--quiet", "--out", bits, "--stop-after", 1);
        assertEquals(0, trained.code(), trained::all);
        Cli other = Cli.run("tokens", "--run", bits, good);
        assertTrue(other.code() == 2 && other.err().contains("BITS"), other::all);
    }
}
