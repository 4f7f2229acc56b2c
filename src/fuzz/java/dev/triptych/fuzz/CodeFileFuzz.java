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
import java.util.stream.IntStream;
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
    private static Good narrow;
    private static Good wide;

    /// A file as it is written, its parts, and what damages each.
    private record Good(int version, byte[] header, byte[] content, Mutations files, Mutations headers,
            Mutations contents) {
        static Good of(byte[] bytes) {
            var numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int end = HEADER_AT + numbers.getInt(12);
            byte[] header = Arrays.copyOfRange(bytes, HEADER_AT, end);
            byte[] content = Arrays.copyOfRange(bytes, end, bytes.length);
            var good = new Good(numbers.getInt(8), header, content, new Mutations(List.of(bytes)),
                    new Mutations(List.of(header)), new Mutations(List.of(content)));
            if (!Arrays.equals(bytes, good.sealed(header, content))) {
                throw new AssertionError("what is sealed here is not what the writer writes");
            }
            return good;
        }

        byte[] input(long seed) {
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

        /// A code file with the length and the hash that belong to its parts.
        private byte[] sealed(byte[] head, byte[] body) {
            try {
                var digest = MessageDigest.getInstance("SHA-256");
                digest.update(body);
                return ByteBuffer.allocate(HEADER_AT + head.length + body.length).order(ByteOrder.LITTLE_ENDIAN)
                        .put("TRIPCODE".getBytes(StandardCharsets.US_ASCII)).putInt(version).putInt(head.length)
                        .put(digest.digest(head)).put(head).put(body).array();
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }
    }

    @BeforeContainer
    static void create() throws IOException {
        folder = Mutations.folder();
        file = folder.resolve("fuzz.codes");
        narrow = written(2);
        wide = written(300); // labels of two bytes
    }

    private static Good written(int classes) throws IOException {
        var says = new CodeHeader(2, 300, 1, 5, "train",
                IntStream.range(0, classes).mapToObj(c -> "c" + c).toList(), "k-means", "ab".repeat(32),
                "0".repeat(64));
        CodeWriter.write(file, says, i -> (i + classes - 2) % classes, new CodeWriter.Source() {
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
        return Good.of(Files.readAllBytes(file));
    }

    @AfterContainer
    static void delete() throws IOException {
        Mutations.delete(folder);
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void onlyNamedErrors(@ForAll long seed) throws IOException {
        Files.write(file, ((seed & 4) == 0 ? narrow : wide).input(seed));
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
