package dev.triptych.data.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bitmaps written byte by byte.
class BmpFileTest {
    private static final int[] PALETTE = {0x000000, 0x0A1420, 0xFFFFFF, 0x804020};

    /// Header of 40 bytes (or 12), a palette, masks and pixels.
    private static byte[] bmp(int header, int width, int height, int bits, int compression, int[] between,
            int... pixels) {
        int entry = header == 12 ? 3 : 4;
        int start = 14 + header + between.length * entry;
        var out = ByteBuffer.allocate(start + pixels.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 'B').put((byte) 'M').putInt(out.capacity()).putInt(0).putInt(start).putInt(header);
        if (header == 12) {
            out.putChar((char) width).putChar((char) height).putChar((char) 1).putChar((char) bits);
        } else {
            out.putInt(width).putInt(height).putChar((char) 1).putChar((char) bits).putInt(compression);
            out.position(46).putInt(bits <= 8 ? between.length : 0);
        }
        out.position(14 + header);
        for (int value : between) {
            if (entry == 4) {
                out.putInt(value);
            } else {
                out.put((byte) value).put((byte) (value >> 8)).put((byte) (value >> 16));
            }
        }
        for (int pixel : pixels) {
            out.put((byte) pixel);
        }
        return out.array();
    }

    private static void assertColours(byte[] bmp, int... colours) {
        var image = ImageDecoder.standard().decode(bmp, "x");
        int n = image.width() * image.height();
        int[] found = new int[n];
        for (int i = 0; i < n; i++) {
            found[i] = (image.planes()[i] & 0xFF) << 16 | (image.planes()[n + i] & 0xFF) << 8
                    | image.planes()[2 * n + i] & 0xFF;
        }
        assertArrayEquals(colours, found, () -> Arrays.toString(found));
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 40})
    void palettesUpwards(int header) {
        int[] two = {0, 0xFFFFFF};
        assertColours(bmp(header, 3, 2, 1, 0, two, 0b10100000, 0, 0, 0, 0b01000000, 0, 0, 0), 0, 0xFFFFFF, 0,
                0xFFFFFF, 0, 0xFFFFFF);
        assertColours(bmp(header, 3, 1, 4, 0, PALETTE, 0x13, 0x20, 0, 0), 0x0A1420, 0x804020, 0xFFFFFF);
        assertColours(bmp(header, 3, 1, 8, 0, PALETTE, 3, 1, 200, 0), 0x804020, 0x0A1420, 0);
        assertColours(bmp(header, 1, 2, 24, 0, new int[0], 1, 2, 3, 0, 4, 5, 6, 0), 0x060504, 0x030201);
    }

    @Test
    void twoBitsAndDownwards() {
        assertColours(bmp(40, 5, 1, 2, 0, PALETTE, 0b00011011, 0b01000000, 0, 0), 0, 0x0A1420, 0xFFFFFF, 0x804020,
                0x0A1420);
        assertColours(bmp(40, 1, -2, 8, 0, PALETTE, 1, 0, 0, 0, 2, 0, 0, 0), 0x0A1420, 0xFFFFFF);
    }

    @Test
    void sixteenBits() {
        assertColours(bmp(40, 2, 1, 16, 0, new int[0], 0x1F, 0x7C, 0xE0, 0x03), 0xFF00FF, 0x00FF00);
        assertColours(bmp(40, 2, 1, 16, 3, new int[]{0xF800, 0x7E0, 0x1F}, 0x10, 0x84, 0xFF, 0xFF), 0x848284,
                0xFFFFFF);
    }

    @Test
    void alphaCountsWhereSomePixelHasIt() {
        int[] masks = {0xFF0000, 0xFF00, 0xFF, 0xFF000000};
        assertColours(bmp(40, 2, 1, 32, 6, masks, 1, 2, 3, 255, 1, 2, 3, 0), 0x030201, 0xFFFFFF);
        assertColours(bmp(40, 2, 1, 32, 6, masks, 1, 2, 3, 0, 4, 5, 6, 0), 0x030201, 0x060504);
        assertColours(bmp(40, 1, 1, 32, 0, new int[0], 1, 2, 3, 77), 0x030201);
    }

    @Test
    void runs() {
        int[] both = {0, 0x0A1420, 0xFFFFFF, 0x804020, 0, 0};
        // Row 0 (the lowest): run of three; row 1: as they are, with padding; then the end.
        assertColours(bmp(40, 3, 2, 8, 1, PALETTE, 3, 2, 0, 0, 0, 3, 1, 2, 3, 0, 0, 1), 0x0A1420, 0xFFFFFF, 0x804020,
                0xFFFFFF, 0xFFFFFF, 0xFFFFFF);
        assertColours(bmp(40, 5, 1, 4, 2, both, 3, 0x12, 0, 2, 1, 0, 9, 0x33), 0x0A1420, 0xFFFFFF, 0x0A1420, 0,
                0x804020);
        assertColours(bmp(40, 3, 1, 4, 2, both, 0, 3, 0x12, 0x30), 0x0A1420, 0xFFFFFF, 0x804020);
    }

    /// Only an end that is there may leave pixels out.
    @Test
    void runsThatEndEarly() {
        assertColours(bmp(40, 2, 2, 8, 1, PALETTE, 2, 2, 0, 1), 0, 0, 0xFFFFFF, 0xFFFFFF);
        assertColours(bmp(40, 2, 2, 8, 1, PALETTE, 2, 2, 0, 0, 2, 1), 0x0A1420, 0x0A1420, 0xFFFFFF, 0xFFFFFF);
        for (int[] cut : new int[][]{{}, {2, 2}, {2, 2, 0, 0}, {2, 2, 0, 0, 1, 1}, {2, 2, 0, 0, 1, 1, 0}}) {
            assertRefused(Refusal.UNDECODABLE, bmp(40, 2, 2, 8, 1, PALETTE, cut));
        }
    }

    @Test
    void refused() {
        assertRefused(Refusal.UNSUPPORTED, bmp(40, 1, 1, 24, 4, new int[0], 0, 0, 0, 0));
        assertRefused(Refusal.UNSUPPORTED, bmp(40, 1, 1, 7, 0, new int[0], 0, 0, 0, 0));
        assertRefused(Refusal.NO_PIXELS, bmp(40, 0, 1, 24, 0, new int[0], 0, 0, 0, 0));
        assertRefused(Refusal.NO_PIXELS, bmp(40, -5, 1, 24, 0, new int[0], 0, 0, 0, 0));
        assertRefused(Refusal.TOO_MANY_PIXELS, bmp(40, 1 << 30, Integer.MIN_VALUE, 24, 0, new int[0], 0, 0, 0, 0));
        assertRefused(Refusal.UNDECODABLE, bmp(40, 2, 1, 24, 0, new int[0], 0, 0, 0, 0));
        assertRefused(Refusal.UNDECODABLE, bmp(40, 1, 1, 16, 3, new int[]{0xF00F, 0, 0}, 0, 0, 0, 0));
        assertRefused(Refusal.UNDECODABLE, new byte[]{'B', 'M', 0});
        byte[] start = bmp(40, 1, 1, 24, 0, new int[0], 0, 0, 0, 0);
        start[13] = -1;
        assertRefused(Refusal.UNDECODABLE, start);
    }

    private static void assertRefused(Refusal expected, byte[] bmp) {
        assertEquals(expected, assertThrows(ImageException.class,
                () -> ImageDecoder.standard().decode(bmp, "x")).refusal());
    }
}
