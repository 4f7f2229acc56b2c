package dev.triptych.data.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.ngengine.webp.decoder.WebPDecodeException;
import org.ngengine.webp.decoder.WebPDecoder;

/// The first picture of a WebP file: lossy with or without a plane of alpha, lossless, or the first frame of an
/// animation on its canvas. The container is read here, strictly; the decoder is given a file that holds one picture
/// and nothing else.
final class WebpFile {
    private static final int ANIMATION = 2;
    private static final int ALPHA = 16;
    private static final int FRAME_HEADER = 16;
    private static final int LONGEST_SIDE = 16_384;

    private final ByteBuffer in;
    private int canvasWidth;
    private int canvasHeight;
    private int left;
    private int top;
    private int width;
    private int height;
    private Chunk alpha;
    private Chunk picture;
    private Chunk exif;

    private record Chunk(String name, int at, int length) {
        int next() {
            return at + length + (length & 1);
        }
    }

    /// Reads the container; its size is to be checked before [#decode].
    ///
    /// @throws Unsupported where it is of a kind that is not read
    /// @throws IOException where it is damaged
    WebpFile(byte[] data) throws IOException {
        in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        require(data.length >= 20, "it has " + data.length + " bytes, a WebP at least 20");
        long promised = 8 + Integer.toUnsignedLong(in.getInt(4));
        require(promised <= data.length + 1L, "its header promises " + promised + " bytes, it has "
                + data.length + ": it is truncated");
        int end = (int) Math.min(promised, data.length); // the last padding byte may be missing
        Chunk first = chunk(12, end);
        boolean extended = first.name.equals("VP8X");
        if (extended) {
            require(first.length >= 10, "its VP8X chunk has " + first.length + " bytes, expected 10");
            canvasWidth = 1 + int24(first.at + 4);
            canvasHeight = 1 + int24(first.at + 7);
        }
        boolean animated = extended && (in.get(first.at) & ANIMATION) != 0;
        boolean found = false;
        for (int at = extended ? first.next() : 12; at < end && (picture == null || at + 8 <= end);) {
            Chunk chunk = chunk(at, end);
            at = chunk.next();
            if (animated && chunk.name.equals("ANMF") && !found) {
                frame(chunk);
                found = true;
            } else if (!animated) {
                take(chunk);
            }
            if (chunk.name.equals("EXIF") && exif == null) {
                exif = chunk;
            }
        }
        require(picture != null, animated ? "it is an animation without a frame" : "it holds no picture");
        size();
        if (!extended) {
            canvasWidth = width;
            canvasHeight = height;
        }
        require(animated || width == canvasWidth && height == canvasHeight, "its picture has " + width + "x" + height
                + " pixels, its canvas " + canvasWidth + "x" + canvasHeight);
    }

    int width() {
        return canvasWidth;
    }

    int height() {
        return canvasHeight;
    }

    /// As its EXIF data ask for.
    int orientation() {
        if (exif == null) {
            return 1;
        }
        byte[] content = Arrays.copyOfRange(in.array(), exif.at, exif.at + exif.length);
        boolean headed = content.length > 6
                && new String(content, 0, 6, StandardCharsets.ISO_8859_1).equals("Exif\0\0");
        return ExifOrientation.of(headed ? Arrays.copyOfRange(content, 6, content.length) : content);
    }

    private void frame(Chunk frame) throws IOException {
        require(frame.length >= FRAME_HEADER, "its first frame has " + frame.length + " bytes");
        left = 2 * int24(frame.at);
        top = 2 * int24(frame.at + 3);
        int frameWidth = 1 + int24(frame.at + 6);
        int frameHeight = 1 + int24(frame.at + 9);
        require((long) left + frameWidth <= canvasWidth && (long) top + frameHeight <= canvasHeight, "its first frame "
                + "leaves its canvas of " + canvasWidth + "x" + canvasHeight + " pixels");
        int end = frame.at + frame.length;
        for (int at = frame.at + FRAME_HEADER; at < end;) {
            Chunk chunk = chunk(at, end);
            take(chunk);
            at = chunk.next();
        }
        if (picture != null) {
            size();
            require(width == frameWidth && height == frameHeight, "the picture of its first frame has " + width + "x"
                    + height + " pixels, expected " + frameWidth + "x" + frameHeight);
        }
    }

    /// Of several pictures the first counts, and alpha only before it.
    private void take(Chunk chunk) {
        if (picture == null && (chunk.name.equals("VP8 ") || chunk.name.equals("VP8L"))) {
            picture = chunk;
        } else if (picture == null && alpha == null && chunk.name.equals("ALPH")) {
            alpha = chunk;
        }
    }

    /// The size that the picture's own header gives.
    private void size() throws IOException {
        int at = picture.at;
        if (lossless()) {
            require(picture.length >= 5 && in.get(at) == 0x2F, "its lossless picture does not begin with byte 47");
            int bits = in.getInt(at + 1);
            refuse(bits >>> 29 != 0, "its lossless picture is of version " + (bits >>> 29) + "; version 0 is read");
            width = 1 + (bits & LONGEST_SIDE - 1);
            height = 1 + (bits >> 14 & LONGEST_SIDE - 1);
            return;
        }
        require(picture.length >= 10, "its lossy picture has " + picture.length + " bytes");
        int tag = int24(at);
        require(int24(at + 3) == 0x2A019D, "its lossy picture has no start code");
        refuse((tag & 1) != 0 || (tag >> 1 & 7) > 3 || (tag >> 4 & 1) == 0, "its lossy picture has frame tag " + tag
                + "; key frames of version 0 to 3 that are shown are read");
        width = in.getChar(at + 6) & LONGEST_SIDE - 1;
        height = in.getChar(at + 8) & LONGEST_SIDE - 1;
    }

    private boolean lossless() {
        return picture.name.equals("VP8L");
    }

    /// Decodes the picture and lays it over white.
    ///
    /// @throws IOException where it is damaged
    RgbImage decode() throws IOException {
        ByteBuffer rgba;
        try {
            var decoded = WebPDecoder.decode(alone());
            require(decoded.width == width && decoded.height == height, "its picture came out as " + decoded.width + "x"
                    + decoded.height + " pixels, expected " + width + "x" + height);
            rgba = decoded.rgba;
        } catch (WebPDecodeException e) {
            throw new IOException(e.getMessage() + (e.getCause() == null ? "" : ": " + e.getCause()), e);
        }
        boolean transparent = lossless() ? (in.getInt(picture.at + 1) >> 28 & 1) != 0 : alpha != null;
        int n = Math.multiplyExact(canvasWidth, canvasHeight);
        byte[] planes = new byte[Math.multiplyExact(3, n)];
        Arrays.fill(planes, (byte) 255);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from = 4 * (y * width + x);
                int to = (top + y) * canvasWidth + left + x;
                int a = transparent ? rgba.get(from + 3) & 0xFF : 255;
                for (int c = 0; c < 3; c++) {
                    planes[c * n + to] = RasterSamples.over(rgba.get(from + c) & 0xFF, a);
                }
            }
        }
        return new RgbImage(canvasWidth, canvasHeight, planes);
    }

    /// A file of the picture and its alpha. Its VP8X chunk is there for every picture: without one the decoder reads a
    /// width of 16,384 as 0.
    private byte[] alone() {
        boolean withAlpha = alpha != null && !lossless();
        int length = 12 + 18 + (withAlpha ? 8 + alpha.length + 1 : 0) + 8 + picture.length + 1;
        var out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        out.put(bytes("RIFF")).putInt(0).put(bytes("WEBPVP8X")).putInt(10).putInt(withAlpha ? ALPHA : 0);
        for (int side : new int[]{width - 1, height - 1}) {
            out.put((byte) side).put((byte) (side >> 8)).put((byte) (side >> 16));
        }
        for (Chunk chunk : withAlpha ? new Chunk[]{alpha, picture} : new Chunk[]{picture}) {
            out.put(bytes(chunk.name)).putInt(chunk.length).put(in.array(), chunk.at, chunk.length);
            out.position(out.position() + (chunk.length & 1));
        }
        out.putInt(4, out.position() - 8);
        return Arrays.copyOf(out.array(), out.position());
    }

    private Chunk chunk(int at, int end) throws IOException {
        require(at + 8 <= end, "it ends inside a chunk's header at byte " + at);
        long length = Integer.toUnsignedLong(in.getInt(at + 4));
        String name = new String(in.array(), at, 4, StandardCharsets.ISO_8859_1);
        require(at + 8 + length <= end, "its chunk " + name + " at byte " + at + " takes " + length + " bytes, "
                + (end - at - 8) + " follow");
        return new Chunk(name, at + 8, (int) length);
    }

    private int int24(int at) {
        return in.getChar(at) | (in.get(at + 2) & 0xFF) << 16;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void refuse(boolean found, String what) throws Unsupported {
        if (found) {
            throw new Unsupported(what);
        }
    }

    private static void require(boolean holds, String problem) throws IOException {
        if (!holds) {
            throw new IOException(problem);
        }
    }
}
