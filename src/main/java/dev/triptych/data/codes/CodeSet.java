package dev.triptych.data.codes;

import dev.triptych.data.set.ClassNames;
import dev.triptych.data.set.Fingerprint;
import dev.triptych.io.FormatException;
import dev.triptych.io.Sha256;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/// The codes and labels of a code file, memory-mapped: all that training on codes opens. The format is that of
/// [CodeHeader]; opening reads the whole file once and checks every byte. Reading is safe from several threads.
public final class CodeSet {
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int CHUNK = 1 << 16;

    private final Path file;
    private final CodeHeader header;
    private final MemorySegment data;
    private final long labelsAt;
    private final long codesAt;

    private CodeSet(Path file, CodeHeader header, MemorySegment data, int length) {
        this.file = file;
        this.header = header;
        this.data = data;
        this.labelsAt = CodeHeader.HEADER_AT + (long) length;
        this.codesAt = labelsAt + (long) header.images() * header.labelBytes();
    }

    /// Opens a file and checks all of it.
    ///
    /// @throws FormatException where it is no code file, of another version, of another size than its header says,
    ///         damaged, or holds a label or code out of its range
    public static CodeSet open(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            var start = read(file, channel, 0, CodeHeader.HEADER_AT, size);
            byte[] magic = new byte[CodeHeader.MAGIC.length];
            start.get(magic);
            if (!Arrays.equals(magic, CodeHeader.MAGIC)) {
                throw new FormatException(file, "offset 0", "it begins with " + HexFormat.of().formatHex(magic)
                        + ", expected " + HexFormat.of().formatHex(CodeHeader.MAGIC) + ": it is no code file",
                        "Give a file that `triptych tokenize` wrote");
            }
            int version = start.getInt();
            int length = start.getInt();
            if (length < 2 || length > CodeHeader.LARGEST_HEADER) {
                throw new FormatException(file, "offset 12", "its header has " + length + " bytes, expected 2 to "
                        + CodeHeader.LARGEST_HEADER, CodeHeader.REMEDY);
            }
            byte[] hash = new byte[Sha256.BYTES];
            start.get(hash);
            byte[] json = read(file, channel, CodeHeader.HEADER_AT, length, size).array();
            var header = CodeHeader.parse(file, json);
            if (version != header.labelBytes()) {
                throw new FormatException(file, "offset 8", "its version is " + version + ", expected "
                        + header.labelBytes() + " of a file with " + header.classes().size() + " classes",
                        CodeHeader.REMEDY);
            }
            long expected = CodeHeader.HEADER_AT + (long) length
                    + header.images() * (header.labelBytes() + header.imageBytes());
            if (size != expected) {
                throw new FormatException(file, "end of file", "it has " + size + " bytes, but its header says "
                        + header.images() + " images of " + header.views() + " x " + header.positions()
                        + " codes, which need " + expected,
                        "It is truncated or damaged: restore it, or write it "
                                + "again with `triptych tokenize`");
            }
            var set = new CodeSet(file, header, channel.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto()),
                    length);
            set.check(hash, json);
            return set;
        }
    }

    private static ByteBuffer read(Path file, FileChannel channel, long at, int length, long size) throws IOException {
        if (at + length > size) {
            throw new FormatException(file, "end of file", "it ends at byte " + size + ", expected " + (at + length)
                    + " or more", CodeHeader.REMEDY);
        }
        var buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new FormatException(file, "end of file", "it shrank while it was read", CodeHeader.REMEDY);
            }
        }
        return buffer.flip();
    }

    private void check(byte[] expected, byte[] json) {
        for (int i = 0; i < size(); i++) {
            if (label(i) >= header.labels()) {
                throw new FormatException(file, "label of image " + i, "it is " + label(i) + ", expected 0 to "
                        + (header.labels() - 1), CodeHeader.REMEDY);
            }
        }
        long codes = (long) size() * header.views() * positions();
        for (long i = 0; i < codes; i++) {
            int code = code(i);
            if (code >= header.codes()) {
                long image = i / positions() / header.views();
                throw new FormatException(file, "image " + image + ", position " + i % positions(), "the code is "
                        + code + ", but the codebook has " + header.codes() + ", expected 0 to "
                        + (header.codes() - 1), CodeHeader.REMEDY);
            }
        }
        MessageDigest digest = Sha256.digest();
        byte[] chunk = new byte[(int) Math.min(CHUNK, data.byteSize() - labelsAt)];
        for (long at = labelsAt; at < data.byteSize(); at += CHUNK) {
            int n = (int) Math.min(CHUNK, data.byteSize() - at);
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, chunk, 0, n);
            digest.update(chunk, 0, n);
        }
        byte[] found = digest.digest(json);
        if (!Arrays.equals(found, expected)) {
            throw new FormatException(file, "offset " + CodeHeader.HASH_AT, "the SHA-256 of its content is "
                    + HexFormat.of().formatHex(found) + ", but it says " + HexFormat.of().formatHex(expected),
                    "It is damaged: restore it, or write it again with `triptych tokenize`");
        }
    }

    /// The file.
    public Path path() {
        return file;
    }

    /// What it says of itself.
    public CodeHeader header() {
        return header;
    }

    /// Number of images.
    public int size() {
        return header.images();
    }

    /// N, codes of a view.
    public int positions() {
        return header.positions();
    }

    /// Class of image i.
    public int label(int i) {
        return header.labelBytes() == 1
                ? data.get(ValueLayout.JAVA_BYTE, labelsAt + i) & 0xFF
                : data.get(U16, labelsAt + 2L * i) & 0xFFFF;
    }

    /// Writes the N codes of a view of image i to `out[at ..]`.
    public void codes(int i, int view, int[] out, int at) {
        if (i < 0 || i >= size() || view < 0 || view >= header.views()) {
            throw new IndexOutOfBoundsException("view " + view + " of image " + i + " of " + size() + " images with "
                    + header.views() + " views");
        }
        long from = ((long) i * header.views() + view) * positions();
        for (int n = 0; n < positions(); n++) {
            out[at + n] = code(from + n);
        }
    }

    private int code(long index) {
        return data.get(U16, codesAt + index * CodeHeader.ID_BYTES) & 0xFFFF;
    }

    /// Of the codes of all views, and of class names.
    public Fingerprint fingerprint() {
        int length = header.views() * positions() * CodeHeader.ID_BYTES;
        return Fingerprint.of(size(), (i, digest) -> {
            byte[] bytes = new byte[length];
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, codesAt + (long) i * length, bytes, 0, length);
            digest.update(bytes);
        }, i -> ClassNames.of(header.classes(), label(i)));
    }

    /// How often each code occurs in all views, and what follows from it.
    public CodeUse use() {
        var use = new CodeUse(header.codes());
        int[] codes = new int[positions()];
        for (int i = 0; i < size(); i++) {
            for (int view = 0; view < header.views(); view++) {
                codes(i, view, codes, 0);
                use.add(codes, codes.length);
            }
        }
        return use;
    }

    /// Refuses codes of another tokenizer than the one that is at hand.
    ///
    /// @param sha256 of the parameters of the tokenizer at hand
    /// @param what names it in the message
    /// @throws FormatException where the hashes differ
    public void requireTokenizer(String sha256, String what) {
        if (!header.tokenizerSha256().equals(sha256)) {
            throw new FormatException(file, "tokenizer", "its codes were made by '" + header.tokenizer()
                    + "' with SHA-256 " + header.tokenizerSha256() + ", but " + what + " has " + sha256
                    + "; expected the same, because the codes of one codebook mean nothing in another",
                    "Tokenise both with one tokenizer");
        }
    }

    /// Refuses another set whose codes do not mean the same: of another tokenizer, or another grid.
    ///
    /// @throws FormatException where they differ
    public void requireSameCodes(CodeSet other) {
        requireTokenizer(other.header.tokenizerSha256(), other.file.toString());
        if (header.grid() != other.header.grid()) {
            throw new FormatException(file, "header", "its grid is " + header.grid() + ", that of " + other.file
                    + " is " + other.header.grid() + "; expected the same",
                    "Tokenise both from images of one side");
        }
    }
}
