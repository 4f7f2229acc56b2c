package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.Safetensors;
import dev.triptych.io.SafetensorsFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `embed`: a picture's row is what the run makes of that picture, in any batch, on any number of threads, in every
/// format; bad pictures are named; what a kill leaves is gone on with.
class EmbedTest {
    private static final int PICTURES = 21;

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
        Cli trained = Cli.run("train", "--recipe", "bits-micro", "--quiet", "--out", bits, "--stop-after", 1,
                "data.train-images=32", "data.test-images=8");
        assertEquals(0, trained.code(), trained::all);
        pictures = Files.createDirectories(folder.resolve("pictures"));
        for (int i = 0; i < PICTURES; i++) {
            Path in = Files.createDirectories(pictures.resolve(i % 2 == 0 ? "even" : "odd, and more"));
            picture(in.resolve("p%02d.png".formatted(i)), 10 + i, 31 - i, i);
        }
    }

    private static void picture(Path file, int width, int height, int seed) throws IOException {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, (i + seed) * 7919 & 0xFFFFFF);
        }
        ImageIO.write(image, "png", file.toFile());
    }

    private static SafetensorsFile embed(Path run, String out, String values, Object... more) throws IOException {
        Path file = folder.resolve(out);
        var words = new ArrayList<Object>(List.of("embed", "--run", run, "--in", pictures, "--out", file,
                "--values", values, "--quiet"));
        words = Cli.with(words, more);
        Cli done = Cli.run(words.toArray());
        assertEquals(0, done.code(), done::all);
        assertFalse(Files.exists(folder.resolve(out + ".part")));
        return Safetensors.read(file);
    }

    @Test
    void aRowIsTheSameInAnyBatchAndOnAnyThreads() throws IOException {
        byte[] whole = Files.readAllBytes(embed(stellar, "whole.safetensors", "cls,sparse,localization").path());
        for (int batch : List.of(1, 5, 8)) {
            assertArrayEquals(whole, Files.readAllBytes(embed(stellar, "b" + batch + ".safetensors",
                    "cls,sparse,localization", "--batch", batch).path()), "batch " + batch);
        }
        assertArrayEquals(whole, Files.readAllBytes(
                embed(stellar, "one.safetensors", "cls,sparse,localization", "--threads", 1).path()));
        byte[] message = Files.readAllBytes(embed(bits, "m.safetensors", "bits,logits").path());
        assertArrayEquals(message,
                Files.readAllBytes(embed(bits, "m1.safetensors", "bits,logits", "--batch", 1).path()));
    }

    @Test
    void rowsAreWhatTokensGives() throws IOException {
        var rows = embed(stellar, "t.safetensors", "cls,sparse,localization");
        var lines = Files.readAllLines(folder.resolve("t.safetensors.rows.csv"));
        assertEquals("row,part,file,label,refused", lines.getFirst());
        int last = PICTURES - 1;
        String line = lines.stream().filter(l -> l.contains("p20.png")).findFirst().orElseThrow();
        int row = Integer.parseInt(line.substring(0, line.indexOf(',')));
        assertEquals(row + ",train,even/p20.png,even,", line);
        Cli tokens = Cli.run("tokens", "--run", stellar, pictures.resolve("even/p" + last + ".png"), "--out",
                folder.resolve("tokens"));
        assertEquals(0, tokens.code(), tokens::all);
        var alone = Safetensors.read(folder.resolve("tokens/tokens.safetensors"));
        for (String name : List.of("cls", "sparse", "localization")) {
            float[] all = rows.floats(name);
            int each = all.length / PICTURES;
            assertArrayEquals(alone.floats(name), Arrays.copyOfRange(all, row * each, (row + 1) * each), name);
        }
        assertTrue(lines.stream().anyMatch(l -> l.contains(",\"odd, and more/p01.png\",\"odd, and more\",")),
                lines::toString);
    }

    @Test
    void bitsAreTheSignsOfLogitsPackedAsNumpyDoes() throws IOException {
        var rows = embed(bits, "bits.safetensors", "bits,logits");
        float[] logits = rows.floats("logits");
        int[] packed = rows.ints("bits");
        int b = rows.shape("logits")[1];
        assertArrayEquals(new int[]{PICTURES, (b + 7) / 8}, rows.shape("bits"));
        for (int i = 0; i < logits.length; i++) {
            int place = i % b;
            int at = i / b * ((b + 7) / 8) + place / 8;
            assertEquals(logits[i] > 0, (packed[at] >> 7 - place % 8 & 1) == 1, "bit " + place + " of row " + i / b);
        }
    }

    @Test
    void npyAndCsvHoldTheSameRows() throws IOException {
        float[] cls = embed(stellar, "f.safetensors", "cls").floats("cls");
        for (String end : List.of("npy", "csv")) {
            Cli done = Cli.run("embed", "--run", stellar, "--in", pictures, "--out", folder.resolve("f." + end),
                    "--quiet");
            assertEquals(0, done.code(), done::all);
        }
        var npy = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("f.npy"))).order(ByteOrder.LITTLE_ENDIAN);
        int begin = 10 + npy.getShort(8);
        assertEquals(0, begin % 64);
        String head = new String(npy.array(), 10, begin - 10, StandardCharsets.US_ASCII);
        assertTrue(head.startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (" + PICTURES + ", "
                + cls.length / PICTURES + "), }"), head);
        var lines = Files.readAllLines(folder.resolve("f.csv"));
        assertEquals(1 + PICTURES, lines.size());
        for (int i = 0; i < cls.length; i++) {
            assertEquals(cls[i], npy.getFloat(begin + i * Float.BYTES));
        }
        int each = cls.length / PICTURES;
        String[] cells = lines.get(3).split(",");
        assertEquals(cls[2 * each + 5], Float.parseFloat(cells[4 + 5]));
    }

    @Test
    void aBadPictureEndsAllOrIsListed() throws IOException {
        Path some = Files.createDirectories(folder.resolve("some"));
        picture(some.resolve("a.png"), 20, 20, 1);
        Files.write(some.resolve("b.png"), new byte[]{(byte) 0x89, 'P', 'N', 'G'});
        picture(some.resolve("c.png"), 20, 20, 2);
        Path out = folder.resolve("bad.csv");
        Cli refused = Cli.run("embed", "--run", stellar, "--in", some, "--out", out, "--quiet", "--skip-bad=false");
        assertEquals(2, refused.code(), refused::all);
        assertTrue(refused.err().contains("b.png"), refused::all);
        assertFalse(Files.exists(out));
        Path skipped = folder.resolve("skipped.csv");
        Cli done = Cli.run("embed", "--run", stellar, "--in", some, "--out", skipped, "--quiet");
        assertEquals(0, done.code(), done::all);
        assertEquals(3, Files.readAllLines(skipped).size());
        var lines = Files.readAllLines(folder.resolve("skipped.csv.rows.csv"));
        assertEquals(List.of("0,train,a.png,,", "1,train,c.png,,"), List.of(lines.get(1), lines.get(3)));
        assertTrue(lines.get(2).startsWith(",train,b.png,,"), lines.get(2));
    }

    /// The rule of `data.skip-bad`: a few are left out, half of all and one more are not, unless one says so.
    @Test
    void manyBadPicturesEndAll() throws IOException {
        Path some = Files.createDirectories(folder.resolve("many"));
        picture(some.resolve("a.png"), 20, 20, 1);
        for (String bad : List.of("b.png", "c.png")) {
            Files.write(some.resolve(bad), new byte[]{(byte) 0x89, 'P', 'N', 'G'});
        }
        Path out = folder.resolve("many.csv");
        Cli refused = Cli.run("embed", "--run", stellar, "--in", some, "--out", out, "--quiet");
        assertEquals(2, refused.code(), refused::all);
        assertTrue(refused.err().contains("2 of 3 pictures") && refused.err().contains("--skip-bad"), refused::all);
        Files.walk(folder.resolve("many.csv.part")).sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        Cli done = Cli.run("embed", "--run", stellar, "--in", some, "--out", out, "--quiet", "--skip-bad");
        assertEquals(0, done.code(), done::all);
        assertEquals(2, Files.readAllLines(out).size());
    }

    /// Eight rows, a ninth without its whole line.
    @Test
    void whatAKillLeftIsGoneOnWith() throws IOException {
        var whole = embed(stellar, "k0.safetensors", "cls");
        var lines = Files.readAllLines(folder.resolve("k0.safetensors.rows.csv"));
        Path out = folder.resolve("k.safetensors");
        Path part = Files.createDirectories(folder.resolve("k.safetensors.part"));
        List<Object> words = List.of("embed", "--run", stellar, "--in", pictures, "--out", out, "--values", "cls",
                "--quiet");
        Cli begun = Cli.run(words.toArray());
        assertEquals(2, begun.code(), begun::all);
        assertTrue(begun.err().contains("--resume"), begun::all);
        Files.writeString(part.resolve("made-of.txt"), "other pictures");
        Object[] resume = Stream.concat(words.stream(), Stream.of("--resume")).toArray();
        Cli other = Cli.run(resume);
        assertEquals(2, other.code(), other::all);
        String now = "now it would be\n";
        Files.writeString(part.resolve("made-of.txt"), other.err().substring(
                other.err().indexOf(now) + now.length(), other.err().indexOf("\nRemove the folder")));
        float[] cls = whole.floats("cls");
        var raw = ByteBuffer.allocate(9 * cls.length / PICTURES * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(cls, 0, raw.capacity() / Float.BYTES);
        Files.write(part.resolve("cls.raw"), raw.array());
        Files.writeString(part.resolve("rows.csv"), String.join("\n", lines.subList(0, 9)) + "\n8,tra");
        Cli done = Cli.run(resume);
        assertEquals(0, done.code(), done::all);
        assertTrue(done.out().contains("8 of them from before"), done::all);
        assertArrayEquals(Files.readAllBytes(whole.path()), Files.readAllBytes(out));
        assertEquals(lines, Files.readAllLines(folder.resolve("k.safetensors.rows.csv")));
    }

    @Test
    void theBenchMeasuresBoth() {
        Cli drawn = Cli.run("bench", "embed", "--run", stellar, "--pictures", 80, "--batch", 8, "--json");
        assertEquals(0, drawn.code(), drawn::all);
        for (String name : List.of("embed_images_per_s", "encoder_images_per_s", "heap_first_tenth_bytes",
                "heap_rest_bytes")) {
            assertTrue(drawn.out().contains('"' + name + '"'), drawn::all);
        }
        Cli few = Cli.run("bench", "embed", "--run", stellar, "--in", pictures);
        assertEquals(2, few.code(), few::all);
        assertTrue(few.err().contains("21 pictures; expected at least 512"), few::all);
    }

    @ParameterizedTest
    @CsvSource({"x.txt, cls, .npy", "x.npy, 'cls,dense', .safetensors", "x.npy, colour, localization",
            "x.npy, bits, cls", "x.sql, 'cls,sparse', sparse is", "x.ndjson, localization, vectors and bits"})
    void whatDoesNotFitIsNamed(String out, String values, String expected) {
        Cli refused = Cli.run("embed", "--run", stellar, "--in", pictures, "--out", folder.resolve(out), "--values",
                values);
        assertEquals(2, refused.code(), refused::all);
        assertTrue(refused.err().contains(expected), refused::all);
        assertFalse(Files.exists(folder.resolve(out + ".part")));
    }
}
