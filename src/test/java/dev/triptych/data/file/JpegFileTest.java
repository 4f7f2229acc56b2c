package dev.triptych.data.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// JPEGs of which a part is missing or damaged, and such whose oddities do no harm.
class JpegFileTest {
    private static final ImageDecoder DECODER = ImageDecoder.standard();
    private static final int SCAN = 0xDA;
    private static final int TABLE = 0xC4;

    /// 64 x 48 pixels of noise on a gradient.
    private static byte[] jpeg(boolean progressive) {
        try {
            var image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
            var random = new Random(5);
            for (int i = 0; i < 64 * 48; i++) {
                image.setRGB(i % 64, i / 64, i % 64 * 4 << 16 | i / 64 * 5 << 8 | random.nextInt(256));
            }
            var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
            var out = new ByteArrayOutputStream();
            try (var stream = ImageIO.createImageOutputStream(out)) {
                writer.setOutput(stream);
                ImageWriteParam parameters = writer.getDefaultWriteParam();
                if (progressive) {
                    parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
                }
                writer.write(null, new IIOImage(image, null, null), parameters);
            } finally {
                writer.dispose();
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Places of a marker, in order.
    private static List<Integer> places(byte[] jpeg, int marker) {
        var places = new ArrayList<Integer>();
        for (int i = 0; i + 1 < jpeg.length; i++) {
            if (jpeg[i] == -1 && (jpeg[i + 1] & 0xFF) == marker) {
                places.add(i);
            }
        }
        return places;
    }

    private static byte[] with(byte[] jpeg, int at, int... bytes) {
        byte[] all = new byte[jpeg.length + bytes.length];
        System.arraycopy(jpeg, 0, all, 0, at);
        for (int i = 0; i < bytes.length; i++) {
            all[at + i] = (byte) bytes[i];
        }
        System.arraycopy(jpeg, at, all, at + bytes.length, jpeg.length - at);
        return all;
    }

    private static void assertSame(byte[] expected, byte[] odd) {
        assertArrayEquals(DECODER.decode(expected, "x").planes(), DECODER.decode(odd, "x").planes());
    }

    private static void assertRefused(Refusal expected, String message, byte[] jpeg) {
        var e = assertThrows(ImageException.class, () -> DECODER.decode(jpeg, "x"), message);
        assertTrue(e.refusal() == expected && e.getMessage().contains(message) && e.getMessage().startsWith("x: "),
                () -> e.refusal() + ", " + e.getMessage() + "; expected " + expected + ", " + message);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMissingEndMarkerAloneDoesNotMatter(boolean progressive) {
        byte[] jpeg = jpeg(progressive);
        assertSame(jpeg, Arrays.copyOf(jpeg, jpeg.length - 2));
        assertSame(jpeg, Arrays.copyOf(jpeg, jpeg.length - 1));
        assertSame(jpeg, with(jpeg, jpeg.length, 1, 2, 0xFF, 0xD8, 0xFF)); // a second picture
    }

    /// Wherever it is cut before its end, and whether or not an end marker was put there.
    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false"})
    void truncatedIsRefused(boolean progressive, boolean endMarker) {
        byte[] jpeg = jpeg(progressive);
        for (int at = 2; at < jpeg.length - 5; at += 1 + at / 40) {
            int length = at;
            byte[] cut = Arrays.copyOf(jpeg, length);
            byte[] file = endMarker ? with(cut, length, 0xFF, 0xD9) : cut;
            assertThrows(ImageException.class, () -> DECODER.decode(file, "x"), "cut at byte " + length);
        }
        int half = jpeg.length / 2;
        assertRefused(Refusal.UNDECODABLE, progressive ? "ends before the last bits" : "premature end of data segment",
                Arrays.copyOf(jpeg, half));
    }

    /// No decoder warns at the seam between two scans.
    @Test
    void progressiveWithoutItsLastScans() {
        byte[] jpeg = jpeg(true);
        List<Integer> scans = places(jpeg, SCAN);
        assertTrue(scans.size() > 3);
        for (int next : places(jpeg, TABLE)) {
            if (next > scans.get(0)) {
                assertRefused(Refusal.UNDECODABLE, "ends before the last bits", Arrays.copyOf(jpeg, next));
            }
        }
    }

    @Test
    void restartMarkersThatAreLostOrWrong() {
        byte[] jpeg = restarted();
        assertEquals(64, DECODER.decode(jpeg, "x").width());
        int third = places(jpeg, 0xD2).get(0);
        byte[] wrong = jpeg.clone();
        wrong[third + 1] = (byte) 0xD6;
        assertRefused(Refusal.UNDECODABLE, "instead of RST2", wrong);
        for (int marker : new int[]{0xD0, 0xD1, 0xD2}) {
            int at = places(jpeg, marker).get(0);
            byte[] lost = Arrays.copyOf(jpeg, jpeg.length - 2);
            System.arraycopy(jpeg, at + 2, lost, at, jpeg.length - at - 2);
            assertRefused(Refusal.UNDECODABLE, "missing or damaged", lost);
        }
    }

    /// Strips of one picture as a JPEG with restart markers: each strip's codes begin anew, as such a file's do.
    private static byte[] restarted() {
        var image = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
        var random = new Random(5);
        for (int i = 0; i < 64 * 64; i++) {
            image.getRaster().setSample(i % 64, i / 64, 0, random.nextInt(256));
        }
        var out = new ByteArrayOutputStream();
        for (int strip = 0; strip < 4; strip++) {
            byte[] one;
            try {
                one = ImageDecoderTest.encode(image.getSubimage(0, 16 * strip, 64, 16), "jpg");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            int scan = places(one, SCAN).get(0);
            int codes = scan + 2 + one[scan + 3];
            if (strip == 0) {
                one[places(one, 0xC0).get(0) + 6] = 64;
                byte[] header = with(Arrays.copyOf(one, codes), scan, 0xFF, 0xDD, 0, 4, 0, 16);
                out.writeBytes(header);
            } else {
                out.write(0xFF);
                out.write(0xD0 + strip - 1);
            }
            out.write(one, codes, one.length - 2 - codes);
        }
        out.write(0xFF);
        out.write(0xD9);
        return out.toByteArray();
    }

    @Test
    void damagedCodes() {
        byte[] jpeg = jpeg(false);
        int codes = places(jpeg, SCAN).get(0) + 14;
        byte[] ones = jpeg.clone();
        for (int i = codes + 100; i < codes + 140; i += 2) { // a code of ones only is never assigned
            ones[i] = -1;
            ones[i + 1] = 0;
        }
        assertRefused(Refusal.UNDECODABLE, "missing or damaged", ones);
        int table = places(jpeg, TABLE).get(0);
        byte[] without = jpeg.clone();
        without[table + 1] = (byte) 0xEF; // another segment instead of the tables
        assertRefused(Refusal.UNDECODABLE, "Huffman table 0x00 was not defined", without);
        without = jpeg.clone();
        without[places(jpeg, 0xDB).get(0) + 1] = (byte) 0xEF;
        assertRefused(Refusal.UNDECODABLE, "Quantization table 0x00 was not defined", without);
    }

    @Test
    void aComponentWithoutAScan() {
        byte[] jpeg = jpeg(false);
        int scan = places(jpeg, SCAN).get(0);
        byte[] one = with(Arrays.copyOf(jpeg, scan), scan, 0xFF, SCAN, 0, 8, 1, 1, 0, 0, 63, 0, 0xFF, 0xD9);
        assertRefused(Refusal.UNDECODABLE, "component 2 of its JPEG has no scan", one);
    }

    /// What libjpeg warns of although nothing is missing, and the whole of them at once with a truncated scan.
    @Test
    void harmlessOddities() {
        byte[] jpeg = jpeg(false);
        byte[] odd = with(jpeg, places(jpeg, 0xDB).get(0), 1, 2, 3); // bytes between segments
        odd[11] = 7; // revision 7 of JFIF
        int scan = places(odd, SCAN).get(0);
        odd[scan + 12] = 5; // parameters that sequential scans do not use
        assertSame(jpeg, odd);
        assertSame(jpeg, with(odd, odd.length - 2, 0, 0, 0, 0, 0, 0)); // bytes behind the last code
        assertRefused(Refusal.UNDECODABLE, "premature end", Arrays.copyOf(odd, odd.length - 40));
    }

    /// A few bytes behind the last code fill a word; more of them are codes that damage made superfluous.
    @Test
    void manySurplusBytesAreLostData() {
        byte[] jpeg = jpeg(false);
        int end = jpeg.length - 2;
        assertSame(jpeg, with(jpeg, end, new int[16]));
        assertRefused(Refusal.UNDECODABLE, "extraneous bytes before marker 0xd9", with(jpeg, end, new int[16 + 8 + 1]));
    }

    /// Adobe's and JFIF's markers count up to the first scan, before the frame or behind it.
    @Test
    void markersBehindTheFrame() {
        byte[] jpeg = jpeg(false);
        int jfif = 2 + 18;
        byte[] bare = Arrays.copyOf(jpeg, jpeg.length - 18);
        System.arraycopy(jpeg, jfif, bare, 2, bare.length - 2);
        int[] adobe = {0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
        byte[] rgb = with(bare, 2, adobe);
        assertFalse(Arrays.equals(DECODER.decode(jpeg, "x").planes(), DECODER.decode(rgb, "x").planes()));
        assertSame(rgb, with(bare, places(bare, SCAN).get(0), adobe));
        int[] marker = new int[18];
        for (int i = 0; i < 18; i++) {
            marker[i] = jpeg[2 + i];
        }
        assertSame(jpeg, with(rgb, places(rgb, SCAN).get(0), marker));
    }

    @Test
    void kindsThatAreNotRead() {
        byte[] jpeg = jpeg(false);
        int frame = places(jpeg, 0xC0).get(0);
        String[] names = {"lossless", "", "differential", "differential", "differential", "", "arithmetic",
                "arithmetic",
                "arithmetic"};
        for (int i = 0; i < names.length; i++) {
            if (!names[i].isEmpty()) {
                byte[] other = jpeg.clone();
                other[frame + 1] = (byte) (0xC3 + i);
                assertRefused(Refusal.UNSUPPORTED, "a JPEG of " + names[i] + " coding", other);
            }
        }
        byte[] twelve = jpeg.clone();
        twelve[frame + 4] = 12;
        assertRefused(Refusal.UNSUPPORTED, "a JPEG of 12 bits a sample", twelve);
        byte[] two = jpeg.clone();
        two[frame + 9] = 2;
        assertRefused(Refusal.UNSUPPORTED, "has 2 components", two);
        byte[] unknown = with(jpeg, 2, 0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 2);
        assertRefused(Refusal.UNSUPPORTED, "3 components and Adobe's colour transform 2", unknown);
    }

    /// The alternative decoder refuses what is cut as well.
    @Test
    void theOtherDecoder() {
        var pure = new ImageDecoder(1 << 20, JpegDecoder.pureJava());
        byte[] jpeg = jpeg(false);
        assertEquals(64, pure.decode(jpeg, "x").width());
        assertThrows(ImageException.class, () -> pure.decode(Arrays.copyOf(jpeg, jpeg.length / 2), "x"));
    }
}
