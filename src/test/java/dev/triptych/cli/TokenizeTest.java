package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.set.DataSource;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.source.Split;
import dev.triptych.tokenizer.PatchCodebook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images become codes: by a codebook that is fitted once, and then stays.
class TokenizeTest {
    private static final int SIDE = 16;
    private static final int TRAIN = 120;

    @TempDir
    private Path folder;

    private Path out;
    private Path book;

    @BeforeEach
    void places() {
        out = folder.resolve("scenes.codes");
        book = folder.resolve("scenes.tokenizer.safetensors");
    }

    private Cli tokenize(Object tokenizer, Object... more) {
        var words = new ArrayList<Object>(List.of("tokenize", "--tokenizer", tokenizer, "data.side=" + SIDE,
                "data.train-images=" + TRAIN, "data.test-images=40"));
        words = Cli.with(words, more);
        return Cli.run(words.toArray());
    }

    private Cli fit(Object... more) {
        var words = new ArrayList<Object>(List.of("kmeans.codes=20", "kmeans.samples=1000", "out=" + out));
        words = Cli.with(words, more);
        return tokenize("kmeans", words.toArray());
    }

    private static void done(Cli cli, String... parts) {
        assertEquals(0, cli.code(), cli::all);
        for (String part : parts) {
            assertTrue(cli.out().contains(part), () -> "'" + part + "' in " + cli.all());
        }
    }

    private static ImageSet scenes(Split split) throws IOException {
        return ImageSets.streamed(new DataSource.Generated(1, TRAIN, 40), split, SIDE, Path.of("unused"),
                ImageDecoder.standard(), false);
    }

    @Test
    void theCodesInTheFileAreThoseOfTheImages() throws IOException {
        done(fit(), "120 images, 1 view of 4 x 4 codes each", "used codes", "perplexity", "unigram entropy",
                "PSNR of decode(encode)", "a colour per code", "k-means, 20 codes, patches of 4 px");
        var set = CodeSet.open(out);
        var tokenizer = PatchCodebook.load(book);
        set.requireTokenizer(tokenizer.sha256(), book.toString());
        assertEquals("train", set.header().split());
        var images = scenes(Split.TRAIN);
        float[] pixels = new float[3 * SIDE * SIDE];
        int[] stored = new int[16];
        int[] codes = new int[16];
        for (int i = 0; i < 100; i++) {
            images.images(new int[]{i}, pixels, 0);
            tokenizer.encode(pixels, 1, codes);
            set.codes(i, 0, stored, 0);
            assertArrayEquals(codes, stored, "image " + i);
            assertEquals(images.label(i), set.label(i));
        }
    }

    @Test
    void otherImagesGetTheCodesOfTheSameCodebook() throws IOException {
        done(fit());
        Path test = folder.resolve("test.codes");
        done(tokenize(book, "--split", "test", "out=" + test), "40 images");
        var train = CodeSet.open(out);
        var other = CodeSet.open(test);
        train.requireSameCodes(other);
        assertEquals("test", other.header().split());
        assertNotEquals(train.header().imagesSha256(), other.header().imagesSha256());
    }

    @Test
    void theSecondViewIsTheMirrorImage() throws IOException {
        done(fit());
        Path twice = folder.resolve("twice.codes");
        done(tokenize(book, "--views", "2", "out=" + twice), "2 views");
        var set = CodeSet.open(twice);
        var tokenizer = PatchCodebook.load(book);
        float[] pixels = new float[3 * SIDE * SIDE];
        float[] mirrored = new float[pixels.length];
        int[] stored = new int[16];
        int[] codes = new int[16];
        var images = scenes(Split.TRAIN);
        for (int i = 0; i < 20; i++) {
            images.images(new int[]{i}, pixels, 0);
            for (int p = 0; p < pixels.length; p++) {
                mirrored[p] = pixels[p / SIDE * SIDE + SIDE - 1 - p % SIDE];
            }
            for (int view = 0; view < 2; view++) {
                tokenizer.encode(view == 0 ? pixels : mirrored, 1, codes);
                set.codes(i, view, stored, 0);
                assertArrayEquals(codes, stored, "image " + i + ", view " + view);
            }
        }
        assertEquals(CodeSet.open(out).header().imagesSha256(), set.header().imagesSha256(), "the same images");
    }

    @Test
    void twoRunsGiveTheSameBytes() throws IOException {
        done(fit());
        byte[] first = Files.readAllBytes(out);
        byte[] codebook = Files.readAllBytes(book);
        done(fit("--force"));
        assertArrayEquals(first, Files.readAllBytes(out));
        assertArrayEquals(codebook, Files.readAllBytes(book));
    }

    @Test
    void whatCannotBeIsRefused() throws IOException {
        refused(tokenize("kmeans"), "out is missing", "out=codes/train.codes");
        refused(fit("--split", "val"), "--split is 'val'", "train or test");
        refused(fit("--views", "3"), "--views is '3'");
        refused(fit("kmeans.codes=1"), "kmeans.codes", "[2, 65536]");
        refused(fit("kmeans.code=8"), "kmeans.code", "Did you mean kmeans.codes");
        refused(fit("kmeans.codes=1500"), "kmeans.samples", "at least kmeans.codes, 1500");
        refused(fit("kmeans.codes=3000", "kmeans.samples=4000"), "kmeans.codes is 3000", "1920 patches");
        refused(fit("kmeans.patch=5"), "kmeans.patch is 5", "divisor of data.side, 16");
        refused(fit("data.train-images=0"), "data.dir", "data=DIR");
        refused(fit("data=" + folder.resolve("nowhere")), "nowhere", "no such folder");
        refused(tokenize(folder.resolve("none"), "out=" + out), "none", "no such file", "kmeans");
        refused(tokenize(folder.resolve("none"), "out=" + out, "--save", book), "--save", "--tokenizer kmeans");
        Path text = Files.writeString(folder.resolve("text.safetensors"), "no tensors at all, but text");
        refused(tokenize(text, "out=" + out), text.toString(), "not a safetensors file");
        refused(tokenize("kmeans", "out=" + folder), folder.toString(), "this is a folder");
        refused(Cli.run("tokenize", "out=" + out), "--tokenizer");
        assertEquals(List.of("text.safetensors"), Cli.files(folder));
    }

    @Test
    void aFileThatExistsStays() throws IOException {
        done(fit());
        byte[] before = Files.readAllBytes(out);
        refused(fit("seed=2"), out.toString(), "--force");
        refused(tokenize(book, "out=" + out), out.toString(), "--force");
        refused(tokenize(book, "out=" + folder.resolve("x"), "data.side=18"), "data.side is 18", "data.side=16");
        assertArrayEquals(before, Files.readAllBytes(out));
        assertFalse(Files.exists(folder.resolve("x")));
    }

    private static void refused(Cli cli, String... parts) {
        assertEquals(2, cli.code(), cli::all);
        for (String part : parts) {
            assertTrue(cli.err().contains(part), () -> "'" + part + "' in " + cli.all());
        }
        assertFalse(cli.err().contains("\tat "), cli::all);
    }
}
