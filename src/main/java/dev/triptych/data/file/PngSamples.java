package dev.triptych.data.file;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Reduces a PNG file to the chunks that hold its samples. Commons Imaging would apply gamma and colour profiles, which
/// changes the stored numbers; Pillow does not. Verifies the check sums on the way.
public final class PngSamples {
    private static final Set<String> KEPT = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

    private PngSamples() {
    }

    /// The file with the chunks alone that hold its samples.
    ///
    /// @throws IOException where a check sum is wrong
    public static byte[] only(byte[] data) throws IOException {
        var out = new ByteArrayOutputStream(data.length);
        out.write(data, 0, 8);
        int at = 8;
        while (at + 12 <= data.length) {
            long length = Integer.toUnsignedLong(int32(data, at));
            if (length > data.length - at - 12L) {
                break; // truncated: the end is missing, which is reported below
            }
            int total = (int) length + 12;
            String type = new String(data, at + 4, 4, StandardCharsets.ISO_8859_1);
            if (KEPT.contains(type)) {
                var crc = new CRC32();
                crc.update(data, at + 4, (int) length + 4);
                if ((int) crc.getValue() != int32(data, at + total - 4)) {
                    throw new IOException("the check sum of its " + type + " chunk at offset " + at + " is wrong");
                }
                out.write(data, at, total);
            }
            if (type.equals("IEND")) {
                return out.toByteArray();
            }
            at += total;
        }
        throw new IOException("it ends at byte " + data.length + " without an IEND chunk");
    }

    /// The samples at their full depth, by the JDK's reader.
    ///
    /// @param png the chunks that hold them
    public static Raster raster(byte[] png) throws IOException {
        var reader = ImageIO.getImageReadersByFormatName("png").next();
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(png))) {
            reader.setInput(in, true, true);
            return reader.read(0).getRaster();
        } finally {
            reader.dispose();
        }
    }

    private static int int32(byte[] data, int at) {
        return (data[at] & 0xFF) << 24 | (data[at + 1] & 0xFF) << 16 | (data[at + 2] & 0xFF) << 8 | data[at + 3] & 0xFF;
    }
}
