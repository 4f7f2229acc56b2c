package dev.triptych.data.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Netpbm pictures: every maxval, text and bytes, comments, and what is no such picture.
class PnmFileTest {
    private static byte[] bytes(String text, int... pixels) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        for (int pixel : pixels) {
            out.write(pixel);
        }
        return out.toByteArray();
    }

    private static int[] planes(byte[] file) {
        byte[] planes = ImageDecoder.standard().decode(file, "x").planes();
        int[] values = new int[planes.length];
        for (int i = 0; i < planes.length; i++) {
            values[i] = planes[i] & 0xFF;
        }
        return values;
    }

    private static void assertGrey(byte[] file, int... expected) {
        int[] planes = planes(file);
        for (int c = 0; c < 3; c++) {
            assertArrayEquals(expected, Arrays.copyOfRange(planes, c * expected.length, (c + 1) * expected.length));
        }
    }

    /// 16 samples from none to maxval, for all 65,535 maxvals: as text and as bytes, grey and in colour.
    @Test
    void everyMaxval() {
        for (int max = 1; max <= 65_535; max++) {
            int[] samples = new int[16];
            int[] expected = new int[16];
            var raw = new ByteArrayOutputStream();
            for (int i = 0; i < 16; i++) {
                samples[i] = i == 0 ? 0 : i == 1 ? max : (int) (i * 2654435761L % (max + 1));
                // whole bytes keep their high byte, other maxvals are scaled and rounded, halves upwards
                expected[i] = max == 65_535 ? samples[i] / 256 : (samples[i] * 255 * 2 + max) / (2 * max);
                if (max > 255) {
                    raw.write(samples[i] >> 8);
                }
                raw.write(samples[i]);
            }
            assertArrayEquals(expected, Arrays.copyOf(planes(join("P5 4 4 " + max + "\n", raw.toByteArray())), 16),
                    "maxval " + max);
            if (max < 300 || max % 97 == 0 || max > 65_500) {
                String text = Arrays.toString(samples).replaceAll("[\\[\\],]", "");
                assertArrayEquals(expected, Arrays.copyOf(planes(bytes("P2 4 4 " + max + " " + text)), 16));
                assertArrayEquals(inColour(expected), planes(bytes("P3 5 1 " + max + " " + text)));
                assertArrayEquals(inColour(expected), planes(join("P6 5 1 " + max + "\n", raw.toByteArray())));
            }
        }
    }

    /// Planes of the first 15 samples, three to a pixel.
    private static int[] inColour(int[] samples) {
        int[] planes = new int[15];
        for (int i = 0; i < 15; i++) {
            planes[i % 3 * 5 + i / 3] = samples[i];
        }
        return planes;
    }

    private static byte[] join(String text, byte[] pixels) {
        byte[] header = text.getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(header, header.length + pixels.length);
        System.arraycopy(pixels, 0, all, header.length, pixels.length);
        return all;
    }

    @Test
    void bitmaps() {
        assertGrey(bytes("P1\n3 2\n1 0 1\n0 1 0\n"), 0, 255, 0, 255, 0, 255);
        assertGrey(bytes("P1 3 2 101010"), 0, 255, 0, 255, 0, 255);
        assertGrey(bytes("P1 3 2\n10 10\n10"), 0, 255, 0, 255, 0, 255);
        assertGrey(bytes("P1 3 2 1#a\n01 #0\n010"), 0, 255, 0, 255, 0, 255);
        assertGrey(bytes("P4 9 2\n", 0b10100000, 0x7F, 0, 0xFF), 0, 255, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255,
                255, 255, 255, 255, 255, 0);
    }

    @Test
    void commentsAndWhiteSpace() {
        assertGrey(bytes("P2#c\n#c\r2 # 9\n1\t255\u000b7\f9"), 7, 9);
        assertGrey(bytes("P5#\n2#\n1# 3 4\r255\n", 7, 9), 7, 9);
        assertGrey(bytes("P5 2 1 255\n", '#', '\n'), '#', '\n');
        assertGrey(bytes("P5 2 1 255 ", 32, 10), 32, 10);
        assertGrey(bytes("P5 2 1 255\n", 7, 9, 'P', '5'), 7, 9); // a second picture
        assertGrey(bytes("P2 2 1 255 7 9\nP2 1 1 255 3"), 7, 9);
        assertGrey(bytes("P5 2 1 255\r\n", 9), 10, 9); // CR ends the header: LF is a pixel
    }

    @ParameterizedTest
    @ValueSource(strings = {"P2 2 1 255 7", "P2 2 1 255 7 256", "P2 2 1 255 7 -1", "P2 2 1 255 7 8.5",
            "P2 2 1 255 7 8x",
            "P2 2 1 0 0 0", "P2 2 1 65536 0 0", "P2 2 1", "P2 2", "P2", "P2 a 1 255 0", "P2 2 1 255", "P1 2 1 12",
            "P1 2 1 0", "P1 2 1 0,1", "P5 2 1 255", "P5 2 1 255\n7", "P5 2 1 300\n789", "P4 9 1\n1", "P6 1 1 255\n78",
            "P5 2 1 255\r\n78", "P5 2 1 7\n89", "P22 1 255 1 1", "P5 2 1 255x78"})
    void refused(String file) {
        var e = assertThrows(ImageException.class, () -> ImageDecoder.standard().decode(bytes(file), "x"));
        assertTrue(e.getMessage().startsWith("x: "), e.getMessage());
        boolean known = !file.equals("P2") && !file.startsWith("P22");
        assertEquals(known ? Refusal.UNDECODABLE : Refusal.NOT_AN_IMAGE, e.refusal());
    }

    @Test
    void sizes() {
        assertRefused(Refusal.NO_PIXELS, "P5 0 1 255\n");
        assertRefused(Refusal.TOO_MANY_PIXELS, "P5 99999999999999999999 99999999999 255\n");
        assertRefused(Refusal.TOO_MANY_PIXELS, "P1 20000 20000 ");
        assertRefused(Refusal.UNDECODABLE, "P6 8000 8000 65535\n");
    }

    private static void assertRefused(Refusal expected, String file) {
        assertEquals(expected, assertThrows(ImageException.class,
                () -> ImageDecoder.standard().decode(bytes(file), "x")).refusal());
    }
}
