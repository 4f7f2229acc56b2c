package dev.triptych.data.codes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.FormatException;
import dev.triptych.io.Sha256;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Code files: what is written is read, and whatever was changed in between is refused.
class CodeFileTest {
    private static final String TOKENIZER = "ab".repeat(32);
    private static final String IMAGES = "0123456789abcdef".repeat(4);

    private static Path folder;

    @BeforeContainer
    static void create() throws IOException {
        folder = Files.createTempDirectory("triptych");
    }

    @AfterContainer
    static void delete() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static CodeHeader header(int grid, int codes, int views, int images, String... classes) {
        return new CodeHeader(grid, codes, views, images, "train", List.of(classes), "k-means \"p\" é", TOKENIZER,
                CodeHeader.UNKNOWN);
    }

    private static int[] codes(CodeHeader h, int seed) {
        int[] codes = new int[h.images() * h.views() * h.positions()];
        var random = CounterRandom.of(seed, Stream.CHECK, 0, 0);
        for (int i = 0; i < codes.length; i++) {
            codes[i] = random.below(h.codes());
        }
        return codes;
    }

    private static Path write(CodeHeader h, int[] codes) throws IOException {
        Path file = folder.resolve("x.codes");
        int each = h.views() * h.positions();
        CodeWriter.write(file, h, i -> i % h.classes().size(), new CodeWriter.Source() {
            private int next;

            @Override
            public void codes(int first, int count, int[] out) {
                assertEquals(next, first, "images come in order");
                System.arraycopy(codes, first * each, out, 0, count * each);
                next += count;
            }

            @Override
            public String imagesSha256() {
                assertEquals(h.images(), next, "asked for at the end");
                return IMAGES;
            }
        });
        return file;
    }

    private static String refusal(Path file) {
        String message = assertThrows(FormatException.class, () -> CodeSet.open(file)).getMessage();
        assertTrue(message.startsWith(file.toString()), message);
        return message;
    }

    private static void refused(byte[] bytes, String... parts) throws IOException {
        Path file = folder.resolve("bad.codes");
        Files.write(file, bytes);
        String message = refusal(file);
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Property(tries = 60)
    void whatIsWrittenIsRead(@ForAll @IntRange(min = 1, max = 5) int grid,
            @ForAll @IntRange(min = 1, max = 65536) int k, @ForAll @IntRange(min = 1, max = 2) int views,
            @ForAll @IntRange(min = 1, max = 600) int images, @ForAll @IntRange(min = 1, max = 600) int classes)
            throws IOException {
        String[] names = new String[classes];
        Arrays.setAll(names, i -> "class " + i);
        var h = header(grid, k, views, images, names);
        int[] codes = codes(h, images);
        var set = CodeSet.open(write(h, codes));
        assertEquals(h.withImages(IMAGES), set.header());
        int n = set.positions();
        int[] out = new int[n + 3];
        for (int i = 0; i < images; i++) {
            assertEquals(i % classes, set.label(i));
            for (int view = 0; view < views; view++) {
                set.codes(i, view, out, 3);
                assertArrayEquals(Arrays.copyOfRange(codes, (i * views + view) * n, (i * views + view + 1) * n),
                        Arrays.copyOfRange(out, 3, 3 + n));
            }
        }
        assertEquals(Arrays.stream(codes).distinct().count(), set.use().used());
    }

    /// Up to 256 classes a label is a byte, as in files of older programs; beyond, two.
    @Example
    void versionIsTheBytesOfALabel() throws IOException {
        for (int classes : new int[]{1, 256, 257, 65_536}) {
            String[] names = new String[classes];
            Arrays.setAll(names, i -> "c" + i);
            var h = header(1, 10, 1, classes, names);
            Path file = write(h, codes(h, 1));
            byte[] bytes = Files.readAllBytes(file);
            int each = classes <= 256 ? 1 : 2;
            assertEquals(each, bytes[8]);
            assertEquals(48 + h.json().length + classes * (each + 2), bytes.length);
            assertEquals(classes - 1, CodeSet.open(file).label(classes - 1));
            bytes[8] = (byte) (3 - each);
            refused(bytes, "its version is " + (3 - each) + ", expected " + each);
        }
    }

    @Property(tries = 300)
    void aChangedByteIsRefused(@ForAll @IntRange(min = 0, max = 100000) int place,
            @ForAll @IntRange(min = 1, max = 255) int change) throws IOException {
        var h = header(2, 300, 2, 7, "a", "b");
        byte[] bytes = Files.readAllBytes(write(h, codes(h, 1)));
        bytes[place % bytes.length] ^= (byte) change;
        refused(bytes);
    }

    @Property(tries = 100)
    void aFileThatIsTooShortOrTooLongIsRefused(@ForAll @IntRange(min = 0, max = 100000) int length)
            throws IOException {
        var h = header(2, 300, 1, 7, "a", "b");
        byte[] bytes = Files.readAllBytes(write(h, codes(h, 1)));
        int cut = length % (2 * bytes.length);
        refused(Arrays.copyOf(bytes, cut == bytes.length ? 0 : cut));
    }

    /// The bytes of a file with that header and body, whatever they are, with the right hash.
    private static byte[] forged(String json, byte... body) {
        byte[] head = json.getBytes(StandardCharsets.UTF_8);
        var digest = Sha256.digest();
        digest.update(body);
        return ByteBuffer.allocate(48 + head.length + body.length).order(ByteOrder.LITTLE_ENDIAN)
                .put(CodeHeader.MAGIC).putInt(1).putInt(head.length).put(digest.digest(head)).put(head).put(body)
                .array();
    }

    private static String json(String change, String to) {
        var h = header(1, 10, 1, 2, "a", "b");
        String text = new String(h.json(), StandardCharsets.UTF_8);
        assertTrue(text.contains(change), text);
        return text.replace(change, to);
    }

    @Example
    void whatIsWrongIsNamed() throws IOException {
        byte[] body = {0, 1, 9, 0, 3, 0};
        Path file = folder.resolve("good.codes");
        Files.write(file, forged(json("", ""), body));
        int[] code = new int[1];
        CodeSet.open(file).codes(0, 0, code, 0);
        assertEquals(9, code[0]);

        refused(forged(json("", ""), (byte) 0, (byte) 1, (byte) 9, (byte) 0, (byte) 10, (byte) 0),
                "image 1, position 0", "the code is 10", "codebook has 10", "0 to 9");
        refused(forged(json("", ""), (byte) 0, (byte) 2, (byte) 9, (byte) 0, (byte) 3, (byte) 0), "label of image 1",
                "it is 2", "0 to 1");
        refused(forged(json("\"id-bytes\":2", "\"id-bytes\":4"), body), "id-bytes is 4", "expected 2");
        refused(forged(json("\"codes\":10", "\"codes\":0"), body), "codes is 0");
        refused(forged(json("\"codes\":10", "\"codes\":\"ten\""), body), "codes is ten", "a whole number");
        refused(forged(json("\"split\":\"train\",", ""), body), "split is missing");
        refused(forged(json("\"images\":2", "\"images\":2000000000"), body), "2000000000 images");
        refused(forged(json("\"grid\":1", "\"grid\":99999"), body), "grid is 99999");
        refused(forged(json("\"views\":1", "\"views\":3"), body), "views is 3");
        refused(forged(json("[\"a\",\"b\"]", "[]"), body), "label of image 1", "it is 1, expected 0 to 0");
        refused(forged(json(TOKENIZER, "abc"), body), "tokenizer-sha256 is 'abc'");
        refused(forged("[1, 2]", body), "header");
        byte[] other = forged(json("", ""), body);
        other[8] = 2;
        refused(other, "its version is 2, expected 1");
        other = forged(json("", ""), body);
        other[0] = 'X';
        refused(other, "it is no code file");
        other = forged(json("", ""), body);
        other[20] ^= 1;
        refused(other, "SHA-256", "damaged");
        other = forged(json("", ""), body);
        other[15] = (byte) 0x80;
        refused(other, "its header has -");
    }

    @Example
    void codesOfAnotherTokenizerAreRefused() throws IOException {
        var h = header(2, 30, 1, 3, "a");
        var set = CodeSet.open(write(h, codes(h, 1)));
        set.requireTokenizer(TOKENIZER, "the run");
        String message = assertThrows(FormatException.class, () -> set.requireTokenizer(IMAGES, "the run"))
                .getMessage();
        assertTrue(message.contains(TOKENIZER) && message.contains("the run has " + IMAGES), message);
        set.requireSameCodes(set);
        Path other = folder.resolve("other.codes");
        Files.copy(write(header(3, 30, 1, 3, "a"), codes(header(3, 30, 1, 3, "a"), 2)), other);
        var wider = CodeSet.open(other);
        assertTrue(assertThrows(FormatException.class, () -> set.requireSameCodes(wider)).getMessage()
                .contains("its grid is 2"));
    }

    @Example
    void codesAndLabelsOutOfRangeAreNotWritten() throws IOException {
        Path file = folder.resolve("never.codes");
        var h = header(1, 4, 1, 2, "a");
        var source = new CodeWriter.Source() {
            @Override
            public void codes(int first, int count, int[] out) {
                out[1] = 4;
            }

            @Override
            public String imagesSha256() {
                return IMAGES;
            }
        };
        assertTrue(assertThrows(IllegalArgumentException.class, () -> CodeWriter.write(file, h, i -> 0, source))
                .getMessage().contains("code 4 of image 1"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> CodeWriter.write(file, h, i -> i, source))
                .getMessage().contains("label 1 of image 1"));
        assertFalse(Files.exists(file));
    }

    @Example
    void howCodesAreUsed() {
        var use = new CodeUse(5);
        assertEquals(0, use.entropy());
        use.add(new int[]{0, 0, 3, 3, 1}, 4);
        assertEquals(2, use.used());
        assertEquals(2, use.perplexity(), 1e-12);
        assertEquals(0.5, use.commonest());
        assertArrayEquals(new long[]{2, 0, 0, 2, 0}, use.counts());
    }
}
