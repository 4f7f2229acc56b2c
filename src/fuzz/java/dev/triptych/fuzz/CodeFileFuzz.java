package dev.triptych.fuzz;

import dev.triptych.data.codes.CodeHeader;
import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.codes.CodeWriter;
import dev.triptych.io.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Damaged code files: codes, or a [FormatException] that names the file. Three of four inputs get past the first lines
/// of defence: header, labels or codes are damaged, but the length and the hash are those of what is damaged.
class CodeFileFuzz {
    private static final int HEADER_AT = 48;
    private static Path folder;
    private static Path file;
    private static Mutations files;
    private static Mutations headers;
    private static Mutations contents;
    private static byte[] header;
    private static byte[] content;

    @BeforeContainer
    static void create() throws IOException {
        folder = Mutations.folder();
        file = folder.resolve("fuzz.codes");
        var says = new CodeHeader(2, 300, 1, 5, "train", List.of("cat", "dog"), "k-means", "ab".repeat(32),
                "0".repeat(64));
        CodeWriter.write(file, says, i -> i % 2, new CodeWriter.Source() {
            @Override
            public void codes(int first, int count, int[] out) {
                for (int i = 0; i < count * 4; i++) {
                    out[i] = (first * 4 + i) * 13 % 300;
                }
            }

            @Override
            public String imagesSha256() {
                return "0123456789abcdef".repeat(4);
            }
        });
        byte[] good = Files.readAllBytes(file);
        int end = HEADER_AT + ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getInt(12);
        header = Arrays.copyOfRange(good, HEADER_AT, end);
        content = Arrays.copyOfRange(good, end, good.length);
        files = new Mutations(List.of(good));
        headers = new Mutations(List.of(header));
        contents = new Mutations(List.of(content));
        if (!Arrays.equals(good, sealed(header, content))) {
            throw new AssertionError("what is sealed here is not what the writer writes");
        }
    }

    @AfterContainer
    static void delete() throws IOException {
        Mutations.delete(folder);
    }

    /// A code file with the length and the hash that belong to its parts.
    private static byte[] sealed(byte[] header, byte[] content) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(content);
            return ByteBuffer.allocate(HEADER_AT + header.length + content.length).order(ByteOrder.LITTLE_ENDIAN)
                    .put("TRIPCODE".getBytes(StandardCharsets.US_ASCII)).putInt(1).putInt(header.length)
                    .put(digest.digest(header)).put(header).put(content).array();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] input(long seed) {
        return switch ((int) (seed & 3)) {
            case 0 -> files.of(seed);
            case 1 -> sealed(header, contents.of(seed));
            case 2 -> sealed(headers.of(seed), content);
            default -> { // codes of the length that the header asks for
                byte[] damaged = contents.of(seed);
                yield sealed(header, Arrays.copyOf(damaged, content.length));
            }
        };
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void onlyNamedErrors(@ForAll long seed) throws IOException {
        Files.write(file, input(seed));
        try {
            var set = CodeSet.open(file);
            int[] codes = new int[set.positions()];
            for (int i = 0; i < set.size(); i++) {
                set.codes(i, set.header().views() - 1, codes, 0);
                set.header().classes().get(set.label(i));
            }
            set.use();
        } catch (FormatException expected) {
            if (!expected.getMessage().startsWith(file.toString())) {
                throw expected;
            }
        }
    }
}
