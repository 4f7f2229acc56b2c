package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.embed.CodeIndex;
import dev.triptych.embed.CodeScan;
import dev.triptych.embed.CodeSearch;
import dev.triptych.method.InputException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `index` and `search`: Hamming distances are counted, a picture finds itself, what is damaged is said.
class CodeIndexTest {
    private static final int BYTES = 6;

    @TempDir
    private Path folder;

    private byte[] codes(int count) {
        byte[] codes = new byte[count * BYTES];
        new Random(3).nextBytes(codes);
        return codes;
    }

    private Path index(byte[] codes) throws IOException {
        Path to = folder.resolve("index");
        try (var builder = new CodeIndex.Builder(to, BYTES, true)) {
            for (int i = 0; i < codes.length / BYTES; i++) {
                builder.add(Arrays.copyOfRange(codes, i * BYTES, (i + 1) * BYTES), "p" + i, i % 2 == 0 ? "even" : "");
            }
            assertFalse(Files.exists(to));
            builder.finish();
        }
        assertFalse(Files.exists(folder.resolve("index.part")));
        return to;
    }

    private static int differing(byte[] codes, int i, byte[] code) {
        int bits = 0;
        for (int b = 0; b < BYTES; b++) {
            bits += Integer.bitCount((codes[i * BYTES + b] ^ code[b]) & 0xFF);
        }
        return bits;
    }

    /// Searched as wide as there are codes, the graph finds all that the scan finds.
    @Test
    void distancesAreThoseOfTheScan() throws IOException {
        byte[] codes = codes(300);
        var scan = new CodeScan(codes, BYTES);
        try (var index = CodeIndex.open(index(codes))) {
            assertEquals(300, index.size());
            for (int q = 0; q < 20; q++) {
                byte[] code = Arrays.copyOfRange(codes, q * 7 * BYTES, (q * 7 + 1) * BYTES);
                code[q % BYTES] ^= 5;
                var hits = index.search(code, 10, 300);
                for (var hit : hits) {
                    assertEquals(differing(codes, Integer.parseInt(hit.file().substring(1)), code), hit.differing());
                    assertEquals(Integer.parseInt(hit.file().substring(1)) % 2 == 0 ? "even" : "", hit.label());
                }
                assertArrayEquals(scan.nearest(code, 10).stream().mapToInt(CodeScan.Near::differing).toArray(),
                        hits.stream().mapToInt(CodeSearch.Hit::differing).toArray());
            }
        }
    }

    @Test
    void aDamagedIndexIsSaid() throws IOException {
        Path index = index(codes(200));
        assertThrows(InputException.class, () -> index(codes(2)));
        Path vectors;
        try (Stream<Path> files = Files.list(index)) {
            vectors = files.filter(f -> f.toString().endsWith(".vec")).findFirst().orElseThrow();
        }
        byte[] whole = Files.readAllBytes(vectors);
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 1;
        for (byte[] damage : new byte[][]{flipped, Arrays.copyOf(whole, whole.length / 2)}) {
            Files.write(vectors, damage);
            assertTrue(assertThrows(InputException.class, () -> CodeIndex.open(index)).getMessage()
                    .contains("damaged"));
        }
        Files.delete(vectors);
        assertTrue(assertThrows(InputException.class, () -> CodeIndex.open(index)).getMessage().contains("damaged"));
        assertTrue(assertThrows(InputException.class, () -> CodeIndex.open(folder)).getMessage()
                .contains("there is no index in it"));
    }

    @Test
    void aPictureFindsItselfThroughTheCommands() throws IOException {
        Path run = folder.resolve("run");
        Cli trained = Cli.run("train", "--recipe", "bits-micro", "--quiet", "--out", run, "--stop-after", 1,
                "data.train-images=32", "data.test-images=8");
        assertEquals(0, trained.code(), trained::all);
        Path pictures = Files.createDirectories(folder.resolve("pictures/odd, one"));
        for (int i = 0; i < 9; i++) {
            var image = new BufferedImage(20 + i, 24, BufferedImage.TYPE_INT_RGB);
            for (int at = 0; at < image.getWidth() * 24; at++) {
                image.setRGB(at % image.getWidth(), at / image.getWidth(), new Random(i * 1000 + at / 40).nextInt());
            }
            ImageIO.write(image, "png", pictures.resolve("p" + i + ".png").toFile());
        }
        Files.write(pictures.resolve("p3x.png"), new byte[]{1, 2});
        Path bits = folder.resolve("bits.safetensors");
        Cli embedded = Cli.run("embed", "--run", run, "--in", folder.resolve("pictures"), "--values", "bits", "--out",
                bits, "--quiet", "--skip-bad");
        assertEquals(0, embedded.code(), embedded::all);
        Path index = folder.resolve("bits.index");
        Cli made = Cli.run("index", "--in", bits, "--out", index);
        assertEquals(0, made.code(), made::all);
        assertTrue(made.out().contains("9 codes"), made::all);
        Cli found = Cli.run("search", "--index", index, "--run", run, "--of", pictures.resolve("p7.png"), "--count", 9);
        assertEquals(0, found.code(), found::all);
        assertTrue(found.out().lines().anyMatch(l -> l.contains(" 0 bits differ") && l.contains("p7.png")), found::all);
        assertEquals(10, found.out().lines().count(), found::all);
        Cli exact = Cli.run("search", "--index", bits, "--run", run, "--of", pictures.resolve("p7.png"), "--count", 9);
        assertEquals(0, exact.code(), exact::all);
        assertEquals(found.out().lines().map(CodeIndexTest::withoutRank).sorted().toList(),
                exact.out().lines().map(CodeIndexTest::withoutRank).sorted().toList());
        Path names = folder.resolve("bits.safetensors.rows.csv");
        Files.writeString(names, Files.readString(names).replaceFirst("(?m)^8,.*\n", ""));
        Cli short1 = Cli.run("index", "--in", bits, "--out", folder.resolve("short.index"));
        assertEquals(2, short1.code(), short1::all);
        assertFalse(Files.exists(folder.resolve("short.index")));
        assertEquals(2, Cli.run("search", "--index", bits, "--run", run, "--of", pictures.resolve("p7.png")).code());
        Cli none = Cli.run("search", "--index", folder.resolve("none"), "--run", run, "--of",
                pictures.resolve("p7.png"));
        assertEquals(2, none.code(), none::all);
    }

    /// Of equals either may come first.
    private static String withoutRank(String line) {
        return line.replaceFirst("^ +\\d+ ", "");
    }

    @Test
    void theScanNamesRowsTheNearestAndEarliestFirst() {
        byte[] codes = codes(50);
        System.arraycopy(codes, 7 * BYTES, codes, 30 * BYTES, BYTES);
        byte[] code = Arrays.copyOfRange(codes, 7 * BYTES, 8 * BYTES);
        var expected = IntStream.range(0, 50).mapToObj(i -> new CodeScan.Near(i, differing(codes, i, code)))
                .sorted(Comparator.comparingInt(CodeScan.Near::differing)).limit(12).toList();
        assertEquals(expected, new CodeScan(codes, BYTES).nearest(code, 12));
        assertEquals(50, new CodeScan(codes, BYTES).nearest(code, 60).size());
    }

    @Test
    void partsThatAreNotMergedFindTheSame() throws IOException {
        byte[] codes = codes(300);
        Path to = folder.resolve("parts");
        try (var builder = new CodeIndex.Builder(to, BYTES, false)) {
            for (int i = 0; i < 300; i++) {
                builder.add(Arrays.copyOfRange(codes, i * BYTES, (i + 1) * BYTES), "p" + i, "");
                if (i % 120 == 119) {
                    builder.flush();
                }
            }
            builder.finish();
        }
        byte[] code = Arrays.copyOfRange(codes, 17 * BYTES, 18 * BYTES);
        try (var index = CodeIndex.open(to); var merged = CodeIndex.open(index(codes))) {
            assertEquals(3, index.graphs());
            assertEquals(1, merged.graphs());
            assertEquals(merged.search(code, 10, 300).stream().map(CodeSearch.Hit::differing).toList(),
                    index.search(code, 10, 300).stream().map(CodeSearch.Hit::differing).toList());
            assertEquals("p17", index.search(code, 1).getFirst().file());
        }
    }

    @Test
    void theBenchMeasuresBoth() {
        Cli bench = Cli.run("bench", "index", "--codes", 3000, "--bits", 64, "--queries", 5, "--json");
        assertEquals(0, bench.code(), bench::all);
        assertTrue(bench.out().contains("\"recall\""), bench::all);
        Cli scan = Cli.run("bench", "index", "--codes", 3000, "--bits", 64, "--queries", 5, "--scan", "--json");
        assertTrue(scan.code() == 0 && scan.out().contains("\"scan_queries_per_s\""), scan::all);
        assertEquals(2, Cli.run("bench", "index", "--bits", 12).code());
    }
}
