package dev.triptych.data.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// WebP files of libwebp beside what libwebp makes of them (`src/test/resources/webp`), and damaged ones.
class WebpFileTest {
    private static final ImageDecoder DECODER = ImageDecoder.standard();

    private static byte[] resource(String name) {
        try (var in = WebpFileTest.class.getResourceAsStream("/webp/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// The chunk of a name: header and content.
    private static byte[] chunk(byte[] file, String name) {
        var in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 12; at + 8 <= file.length;) {
            int length = in.getInt(at + 4);
            if (new String(file, at, 4, StandardCharsets.ISO_8859_1).equals(name)) {
                return Arrays.copyOfRange(file, at, at + 8 + length);
            }
            at += 8 + length + (length & 1);
        }
        throw new AssertionError("no chunk " + name);
    }

    private static byte[] file(byte[]... chunks) {
        var out = new ByteArrayOutputStream();
        for (byte[] chunk : chunks) {
            out.writeBytes(chunk);
            out.writeBytes(new byte[chunk.length % 2]);
        }
        return ByteBuffer.allocate(12 + out.size()).order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(4 + out.size())
                .put("WEBP".getBytes(StandardCharsets.US_ASCII)).put(out.toByteArray()).array();
    }

    private static byte[] extended(int flags, int width, int height) {
        return ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN).put("VP8X".getBytes(StandardCharsets.US_ASCII))
                .putInt(10).putInt(flags).putShort((short) (width - 1)).put((byte) 0).putShort((short) (height - 1))
                .put((byte) 0).array();
    }

    private static byte[] chunk(String name, byte[] content) {
        return ByteBuffer.allocate(8 + content.length).order(ByteOrder.LITTLE_ENDIAN)
                .put(name.getBytes(StandardCharsets.US_ASCII)).putInt(content.length).put(content).array();
    }

    private static byte[] frame(int left, int top, int width, int height, byte[] picture) {
        return chunk("ANMF", ByteBuffer.allocate(16 + picture.length).order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) (left / 2)).put((byte) 0).putShort((short) (top / 2)).put((byte) 0)
                .putShort((short) (width - 1)).put((byte) 0).putShort((short) (height - 1)).put((byte) 0).putInt(100)
                .put(picture).array());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lossy-filtered", "lossy-simple-filter", "lossy-unfiltered", "lossy-partitions",
            "lossy-alpha",
            "lossy-alpha-raw", "lossless", "lossless-alpha", "lossless-palette", "animation", "exif"})
    void asLibwebp(String name) {
        var expected = DECODER.decode(resource(name + ".png"), "x");
        var found = DECODER.decode(resource(name + ".webp"), "x");
        assertEquals(expected.width(), found.width());
        assertArrayEquals(expected.planes(), found.planes());
    }

    /// Beside the picture: profiles, descriptions, unknown chunks, a second picture, alpha that comes too late.
    @Test
    void otherChunks() {
        byte[] good = resource("lossy-unfiltered.webp");
        var expected = DECODER.decode(good, "x");
        byte[] picture = chunk(good, "VP8 ");
        byte[] alpha = chunk(resource("lossy-alpha.webp"), "ALPH");
        byte[] odd = chunk("odd ", new byte[3]);
        byte[] head = extended(0x2C, expected.width(), expected.height());
        for (byte[] file : new byte[][]{
                file(head, chunk("ICCP", new byte[9]), odd, picture, chunk("XMP ", new byte[5])),
                file(picture, odd, alpha, chunk(resource("lossless.webp"), "VP8L")),
                file(extended(0x10, expected.width(), expected.height()), picture, alpha),
                Arrays.copyOf(file(picture, odd), 12 + picture.length + picture.length % 2 + 11)}) {
            assertArrayEquals(expected.planes(), DECODER.decode(file, "x").planes());
        }
    }

    /// Alpha counts where its chunk is there; a lossless picture says itself whether it has any.
    @Test
    void alphaOfALosslessPicture() {
        byte[] file = resource("lossless-alpha.webp");
        var transparent = DECODER.decode(file, "x");
        int at = 12 + 8 + 4;
        assertEquals(0x10, file[at] & 0x10);
        assertEquals(255, transparent.planes()[0] & 0xFF); // laid over white
        file[at] &= ~0x10;
        assertTrue((DECODER.decode(file, "x").planes()[0] & 0xFF) < 255);
    }

    @Test
    void framesOnTheirCanvas() {
        byte[] good = resource("lossless-palette.webp"); // 31 x 20
        var picture = DECODER.decode(good, "x");
        byte[] lossless = chunk(good, "VP8L");
        byte[] head = extended(2, 50, 40);
        var shown = DECODER.decode(file(head, chunk("ANIM", new byte[6]), frame(4, 6, 31, 20, lossless)), "x");
        assertEquals(50, shown.width());
        assertEquals(255, shown.planes()[6 * 50 + 3] & 0xFF);
        for (int c = 0; c < 3; c++) {
            assertEquals(picture.planes()[c * 620 + 31], shown.planes()[c * 2000 + 7 * 50 + 4]);
        }
        assertRefused(Refusal.UNDECODABLE, "leaves its canvas", file(head, frame(20, 6, 31, 20, lossless)));
        assertRefused(Refusal.UNDECODABLE, "has 31x20 pixels, expected 30x20",
                file(head, frame(0, 0, 30, 20, lossless)));
        assertRefused(Refusal.UNDECODABLE, "without a frame", file(head, chunk("ANIM", new byte[6]), lossless));
        assertRefused(Refusal.UNDECODABLE, "without a frame",
                file(head, frame(0, 0, 31, 20, chunk("EXIF", new byte[4]))));
    }

    @Test
    void refused() {
        byte[] lossy = resource("lossy-unfiltered.webp");
        byte[] picture = chunk(lossy, "VP8 ");
        byte[] lossless = chunk(resource("lossless.webp"), "VP8L");
        assertRefused(Refusal.UNDECODABLE, "a WebP at least 20", Arrays.copyOf(lossy, 16));
        assertRefused(Refusal.UNDECODABLE, "it is truncated", Arrays.copyOf(lossy, lossy.length - 20));
        assertRefused(Refusal.UNDECODABLE, "it holds no picture", file(chunk("EXIF", new byte[30])));
        assertRefused(Refusal.UNDECODABLE, "its canvas 20x20", file(extended(0, 20, 20), picture));
        assertRefused(Refusal.UNDECODABLE, "its VP8X chunk has 4 bytes", file(chunk("VP8X", new byte[4]), picture));
        assertRefused(Refusal.UNDECODABLE, "no start code", file(with(picture, 11, 0)));
        assertRefused(Refusal.UNSUPPORTED, "key frames of version 0 to 3", file(with(picture, 8, picture[8] | 1)));
        assertRefused(Refusal.UNSUPPORTED, "key frames of version 0 to 3", file(with(picture, 8, picture[8] | 8)));
        assertRefused(Refusal.UNSUPPORTED, "key frames of version 0 to 3", file(with(picture, 8, picture[8] & ~16)));
        assertRefused(Refusal.UNSUPPORTED, "is of version 1", file(with(lossless, 12, lossless[12] | 0x20)));
        assertRefused(Refusal.UNDECODABLE, "does not begin with byte 47", file(with(lossless, 8, 7)));
        assertRefused(Refusal.TOO_MANY_PIXELS, "16383x16383",
                file(with(with(with(with(picture, 14, 255), 15, 255), 16, 255),
                        17, 255)));
        assertRefused(Refusal.NO_PIXELS, "0x18", file(with(picture, 14, 0)));
        assertRefused(Refusal.TOO_MANY_PIXELS, "65536x65536", file(extended(2, 0, 0), frame(0, 0, 17, 18, picture)));
    }

    /// Bits that are missing are an error, wherever they are cut off.
    @ParameterizedTest
    @ValueSource(strings = {"VP8 lossy-filtered", "VP8 lossy-unfiltered", "VP8Llossless", "VP8Llossless-palette"})
    void truncatedPictures(String which) {
        byte[] good = chunk(resource(which.substring(4).strip() + ".webp"), which.substring(0, 4));
        for (int length = 1; length < good.length - 8 - 8; length += 1 + length / 25) {
            byte[] cut = chunk(which.substring(0, 4), Arrays.copyOfRange(good, 8, 8 + length));
            assertRefused(Refusal.UNDECODABLE, "", file(cut));
        }
    }

    @Test
    void truncatedAlpha() {
        byte[] file = resource("lossy-alpha.webp");
        byte[] alpha = chunk(file, "ALPH");
        byte[] head = extended(0x10, 40, 33);
        byte[] picture = chunk(file, "VP8 ");
        assertArrayEquals(DECODER.decode(file, "x").planes(), DECODER.decode(file(head, alpha, picture), "x").planes());
        for (int length : new int[]{0, 1, 10, (alpha.length - 8) / 2, alpha.length - 20}) {
            byte[] cut = chunk("ALPH", Arrays.copyOfRange(alpha, 8, 8 + length));
            assertRefused(Refusal.UNDECODABLE, "", file(head, cut, picture));
        }
        byte[] raw = chunk(resource("lossy-alpha-raw.webp"), "ALPH");
        assertRefused(Refusal.UNDECODABLE, "", file(head, chunk("ALPH", Arrays.copyOfRange(raw, 8, raw.length - 1)),
                picture));
    }

    private static byte[] with(byte[] chunk, int at, int value) {
        byte[] changed = chunk.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static void assertRefused(Refusal expected, String message, byte[] file) {
        var e = assertThrows(ImageException.class, () -> DECODER.decode(file, "x"), message);
        assertTrue(e.refusal() == expected && e.getMessage().contains(message) && e.getMessage().startsWith("x: "),
                () -> e.refusal() + ", " + e.getMessage() + "; expected " + expected + ", " + message);
    }
}
