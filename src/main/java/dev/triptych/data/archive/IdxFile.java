package dev.triptych.data.archive;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.Refusal;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/// A file of MNIST's format idx, plain or compressed by gzip: two zero bytes, the kind of numbers, the number of
/// dimensions, their sizes (big-endian), then the numbers. Unsigned bytes are read, of one dimension (labels) or three
/// (grey pictures, row by row).
///
/// @param file where it lies
/// @param packed whether gzip compressed it
/// @param count of labels or pictures
/// @param height of each picture; 1 for labels
/// @param width of each picture; 1 for labels
/// @param dimensions 1 or 3
public record IdxFile(Path file, boolean packed, long count, int height, int width, int dimensions) {
    private static final int UNSIGNED_BYTES = 8;
    private static final int LARGEST = 1 << 15;
    private static final int BUFFER = 1 << 16;

    /// Reads the header, and checks the length where it is known.
    ///
    /// @throws ImageException where it is no such file, or a part is missing
    public static IdxFile of(Path file) throws IOException {
        boolean packed = FileStart.isGzip(FileStart.of(file));
        try (var in = new DataInputStream(stream(file, packed))) {
            int magic = in.readInt();
            int dimensions = magic & 0xFF;
            if (magic >>> 8 != UNSIGNED_BYTES || dimensions != 1 && dimensions != 3) {
                throw new IOException("it begins with " + Integer.toHexString(magic)
                        + ", expected 801 (labels) or 803 (pictures), unsigned bytes");
            }
            long count = Integer.toUnsignedLong(in.readInt());
            int height = dimensions == 1 ? 1 : in.readInt();
            int width = dimensions == 1 ? 1 : in.readInt();
            if (height < 1 || width < 1 || height > LARGEST || width > LARGEST) {
                throw new IOException("its pictures should have " + width + " x " + height + " pixels, expected 1 to "
                        + LARGEST);
            }
            var idx = new IdxFile(file, packed, count, height, width, dimensions);
            idx.requireLength();
            return idx;
        } catch (IOException e) {
            throw Guard.damaged(file, "it is no idx file that is read (" + Guard.reason(e) + ")", e);
        }
    }

    private void requireLength() throws IOException {
        long length = Files.size(file);
        long expected = Math.addExact(first(), Math.multiplyExact(count, (long) each()));
        if (!packed && length != expected) {
            throw new IOException("it has " + length + " bytes, expected " + expected + " for " + count + " of "
                    + each());
        }
        if (packed && expected > Archive.FREE && expected / Archive.MAX_RATIO > length) {
            throw new ImageException(Refusal.UNPACKS_TOO_LARGE, file, "its " + length
                    + " bytes should unpack to " + expected + ", expected at most " + Archive.MAX_RATIO
                    + " times as many", "If it is what you mean, unpack it yourself", null);
        }
    }

    /// Place of the first number in the plain file.
    public long first() {
        return dimensions == 1 ? 8 : 16;
    }

    /// Bytes of one picture or label.
    public int each() {
        return height * width;
    }

    /// All labels.
    public byte[] labels() throws IOException {
        if (count > Integer.MAX_VALUE - BUFFER) {
            throw Guard.damaged(file, "it has " + count + " labels, at most " + (Integer.MAX_VALUE - BUFFER)
                    + " are read", null);
        }
        try (var in = numbers()) {
            byte[] labels = in.readNBytes((int) count); // grows with what is there, not with what is promised
            if (labels.length < count) {
                throw new IOException("it ends behind " + labels.length + " of " + count + " labels");
            }
            requireEnd(in);
            return labels;
        } catch (IOException e) {
            throw Guard.damaged(file, "it cannot be read (" + Guard.reason(e) + ")", e);
        }
    }

    /// Refuses a file that goes on behind its last number.
    public void requireEnd(InputStream numbers) {
        try {
            if (numbers.read() >= 0) {
                throw new IOException("it goes on behind the " + count + " that it promises");
            }
        } catch (IOException e) {
            throw Guard.damaged(file, "it cannot be read (" + Guard.reason(e) + ")", e);
        }
    }

    /// A stream that stands on the first number.
    public InputStream numbers() throws IOException {
        try {
            var in = stream(file, packed);
            in.skipNBytes(first());
            return in;
        } catch (IOException e) {
            throw Guard.damaged(file, "it cannot be read (" + Guard.reason(e) + ")", e);
        }
    }

    /// The bytes of the next picture.
    public byte[] next(InputStream numbers) throws IOException {
        try {
            byte[] picture = numbers.readNBytes(each());
            if (picture.length < each()) {
                throw new IOException("it ends in the middle of a picture");
            }
            return picture;
        } catch (IOException e) {
            throw Guard.damaged(file, "it cannot be read (" + Guard.reason(e) + ")", e);
        }
    }

    /// A picture of a file that is not compressed.
    public InputStream open(long i) throws IOException {
        return Stretch.of(file, first() + i * each(), each());
    }

    private static InputStream stream(Path file, boolean packed) throws IOException {
        var in = Files.newInputStream(file);
        try {
            return packed ? new GZIPInputStream(in, BUFFER) : new BufferedInputStream(in, BUFFER);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }
}
