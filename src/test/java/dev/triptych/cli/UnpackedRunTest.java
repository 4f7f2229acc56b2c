package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `data.pack=none`.
class UnpackedRunTest {
    @TempDir
    private Path folder;

    private Path images(int width) throws IOException {
        Path data = folder.resolve("images" + width);
        for (int i = 0; i < 64; i++) {
            var image = new BufferedImage(width, 16, BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < width * 16; p++) {
                image.setRGB(p % width, p / width, (10 * i + 3 * (p % width) + 5 * (p / width)) % 256 * 0x10101);
            }
            Path file = data.resolve(i < 48 ? "train" : "test").resolve((i % 2 == 0 ? "cat/" : "dog/") + i + ".png");
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        }
        return data;
    }

    private SafetensorsFile trained(String recipe, String pack, Path data) throws IOException {
        Path run = folder.resolve(recipe + pack + data.getFileName());
        Cli cli = Cli.run("train", "--recipe", recipe, "--quiet", "--device", "plain", "--stop-after", 4, "--out", run,
                "data=" + data, "data.train-images=0", "data.test-images=0", "data.pack=" + pack,
                "data.cache=" + folder.resolve(pack));
        assertEquals(0, cli.code(), cli::all);
        try (var files = Files.list(run.resolve("checkpoints"))) {
            return Safetensors.read(files.filter(file -> file.toString().endsWith(".safetensors"))
                    .max(Path::compareTo).orElseThrow());
        }
    }

    /// Pictures of the side that is trained on: what is learnt is the same bits, and no picture is kept.
    @Test
    void ofPicturesOfTheExactSideTheSameIsLearnt() throws IOException {
        Path data = images(16);
        for (String recipe : new String[]{"bits-micro", "stellar-micro", "vqvae-micro"}) {
            var packed = trained(recipe, "squares", data);
            var none = trained(recipe, "none", data);
            assertEquals(packed.names(), none.names());
            for (String name : packed.names()) {
                assertArrayEquals(packed.doubles(name), none.doubles(name), name);
            }
        }
        assertEquals(0, Cli.files(folder.resolve("none")).stream().filter(name -> name.endsWith(".pack")).count());
    }

    @Test
    void aPictureThatCannotBeReadIsNamed() throws IOException {
        Path data = images(16);
        Files.write(data.resolve("train/cat/6.png"), new byte[]{(byte) 0x89, 'P', 'N', 'G'});
        Cli cli = Cli.run("train", "--recipe", "bits-micro", "--quiet", "--device", "plain", "--out",
                folder.resolve("bad"), "data=" + data, "data.train-images=0", "data.test-images=0", "data.pack=none",
                "data.skip-bad=false", "data.cache=" + folder.resolve("cache"));
        assertEquals(2, cli.code(), cli::all);
        assertTrue(cli.err().contains("6.png"), cli::all);
    }

    /// Which pictures cannot be read is kept for this version of the decoder alone.
    @Test
    void whatCannotBeReadIsKeptForOneDecoder() throws IOException {
        Path data = images(16);
        Files.write(data.resolve("train/cat/6.png"), new byte[]{(byte) 0x89, 'P', 'N', 'G'});
        trained("bits-micro", "none", data);
        var lists = Cli.files(folder.resolve("none")).stream().filter(name -> name.endsWith(".bad")).toList();
        assertTrue(!lists.isEmpty() && lists.stream()
                .allMatch(name -> name.endsWith("-decoder-" + ImageDecoder.VERSION + ".bad")), lists::toString);
    }

    /// Crops of others are cut from the whole picture.
    @Test
    void ofOthersAnotherThingIsLearnt() throws IOException {
        Path data = images(23);
        var packed = trained("bits-micro", "squares", data);
        var none = trained("bits-micro", "none", data);
        boolean same = packed.names().stream()
                .allMatch(name -> Arrays.equals(packed.doubles(name), none.doubles(name)));
        assertFalse(same);
    }
}
