package dev.triptych.data.codes;

import dev.triptych.io.AtomicFile;
import dev.triptych.io.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.function.IntUnaryOperator;

/// Writes a code file a few images at a time; it appears whole or not at all. Memory does not grow with the number of
/// images. The format is that of [CodeHeader].
public final class CodeWriter {
    private static final int CHUNK = 256;

    private CodeWriter() {
    }

    /// Where the codes come from.
    public interface Source {
        /// Writes the codes (count, views, N) of the images `first` to `first + count - 1`. Asked for all images in
        /// order, each once.
        void codes(int first, int count, int[] out) throws IOException;

        /// The hash of all pixels, asked for after the last images.
        String imagesSha256();
    }

    /// Writes a file.
    ///
    /// @param header what the file says of itself; its hash of the images is not looked at
    /// @param label the class of each image
    /// @throws IllegalArgumentException where a label or a code is out of its range
    public static void write(Path file, CodeHeader header, IntUnaryOperator label, Source source) throws IOException {
        int length = header.withImages(CodeHeader.UNKNOWN).json().length;
        if (length > CodeHeader.LARGEST_HEADER) {
            throw new IllegalArgumentException("the header has " + length + " bytes, expected at most "
                    + CodeHeader.LARGEST_HEADER + ": the classes' names are too long");
        }
        AtomicFile.write(file, channel -> {
            channel.position(CodeHeader.HEADER_AT + (long) length);
            MessageDigest digest = Sha256.digest();
            labels(channel, digest, header, label);
            codes(channel, digest, header, source);
            byte[] json = header.withImages(source.imagesSha256()).json();
            digest.update(json);
            channel.position(0);
            AtomicFile.writeFully(channel, ByteBuffer.allocate(CodeHeader.HEADER_AT).order(ByteOrder.LITTLE_ENDIAN)
                    .put(CodeHeader.MAGIC).putInt(header.labelBytes()).putInt(json.length).put(digest.digest())
                    .flip());
            AtomicFile.writeFully(channel, ByteBuffer.wrap(json));
        });
    }

    private static void labels(FileChannel channel, MessageDigest digest, CodeHeader header, IntUnaryOperator label)
            throws IOException {
        int width = header.labelBytes();
        var bytes = ByteBuffer.allocate(CHUNK * width).order(ByteOrder.LITTLE_ENDIAN);
        for (int first = 0; first < header.images(); first += CHUNK) {
            int count = Math.min(CHUNK, header.images() - first);
            bytes.clear();
            for (int i = 0; i < count; i++) {
                int value = label.applyAsInt(first + i);
                if (value < 0 || value >= header.labels()) {
                    throw new IllegalArgumentException("label " + value + " of image " + (first + i)
                            + "; expected 0 to " + (header.labels() - 1));
                }
                if (width == 1) {
                    bytes.put((byte) value);
                } else {
                    bytes.putShort((short) value);
                }
            }
            digest.update(bytes.array(), 0, bytes.position());
            AtomicFile.writeFully(channel, bytes.flip());
        }
    }

    private static void codes(FileChannel channel, MessageDigest digest, CodeHeader header, Source source)
            throws IOException {
        int each = header.views() * header.positions();
        int[] codes = new int[CHUNK * each];
        var bytes = ByteBuffer.allocate(CHUNK * each * CodeHeader.ID_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int first = 0; first < header.images(); first += CHUNK) {
            int count = Math.min(CHUNK, header.images() - first);
            source.codes(first, count, codes);
            bytes.clear();
            for (int i = 0; i < count * each; i++) {
                if (codes[i] < 0 || codes[i] >= header.codes()) {
                    throw new IllegalArgumentException("code " + codes[i] + " of image " + (first + i / each)
                            + "; expected 0 to " + (header.codes() - 1));
                }
                bytes.putShort((short) codes[i]);
            }
            digest.update(bytes.array(), 0, bytes.position());
            AtomicFile.writeFully(channel, bytes.flip());
        }
    }
}
