package dev.triptych.data.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What [TiffTableTest] leaves out: YCbCr, JPEG and CCITT inside TIFF, orientation, bits the other way round, and
/// refusals, each by its name.
class TiffFileTest {
    private static final ImageDecoder DECODER = ImageDecoder.standard();
    private static final byte[] EIGHT = {1, 2, 3, 4, 5, 6, 7, 8};

    /// 4 x 2 pixels of grey, 8 bits.
    private static TiffWriter grey() {
        return new TiffWriter(ByteOrder.LITTLE_ENDIAN).shorts(256, 4).shorts(257, 2).shorts(258, 8).shorts(259, 1)
                .shorts(262, 1).shorts(277, 1);
    }

    private static int[] plane(byte[] file, int c) {
        var image = DECODER.decode(file, "x");
        int n = image.width() * image.height();
        int[] plane = new int[n];
        for (int i = 0; i < n; i++) {
            plane[i] = image.planes()[c * n + i] & 0xFF;
        }
        return plane;
    }

    @Test
    void greyOfEveryDepth() {
        for (int bits = 1; bits <= 32; bits++) {
            long max = (1L << bits) - 1;
            long[] samples = {0, max, max / 2, max / 3, 1 & max, max - 1, max / 7, max / 255 + 1 & max};
            var writer = new TiffWriter(ByteOrder.BIG_ENDIAN).shorts(256, 8).shorts(257, 1).shorts(258, bits)
                    .shorts(262, 1);
            int[] expected = new int[8];
            for (int i = 0; i < 8; i++) {
                expected[i] = bits % 8 == 0
                        ? (int) (samples[i] >> bits - 8)
                        : (int) Math.floor(samples[i] * 255.0 / max + 0.5);
            }
            assertArrayEquals(expected, plane(writer.file(false, writer.row(samples, bits)), 1), "bits " + bits);
        }
    }

    /// Luma of every pixel its own, chroma of every rectangle its own.
    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "2,2", "4,1", "4,2", "4,4", "1,2", "1,4", "2,4"})
    void yCbCr(int across, int down) {
        int width = 11;
        int height = 7;
        for (int rows : new int[]{height, 4}) { // one strip, two strips
            var strips = new ByteArrayOutputStream[]{new ByteArrayOutputStream(), new ByteArrayOutputStream()};
            var random = new Random(across * 10 + down);
            int[] expected = new int[width * height];
            for (int top = 0; top < height; top += rows) {
                int end = Math.min(height, top + rows);
                for (int y = top; y < end; y += down) {
                    for (int x = 0; x < width; x += across) {
                        int cb = random.nextInt(100, 156);
                        int cr = random.nextInt(100, 156);
                        for (int v = y; v < y + down; v++) {
                            for (int u = x; u < x + across; u++) {
                                int luma = random.nextInt(60, 190);
                                strips[top / rows].write(luma);
                                if (u < width && v < end) {
                                    expected[v * width + u] = jfif(luma, cb - 128, cr - 128);
                                }
                            }
                        }
                        strips[top / rows].write(cb);
                        strips[top / rows].write(cr);
                    }
                }
            }
            byte[][] blocks = {strips[0].toByteArray(), strips[1].toByteArray()};
            byte[] file = yCbCr(width, height, across, down).shorts(278, rows)
                    .file(false, rows == height ? new byte[][]{blocks[0]} : blocks);
            for (int c = 0; c < 3; c++) {
                int[] found = plane(file, c);
                for (int i = 0; i < found.length; i++) {
                    assertEquals(expected[i] >> 16 - 8 * c & 0xFF, found[i], 1, "pixel " + i + " of " + c);
                }
            }
        }
    }

    private static int jfif(int y, int cb, int cr) {
        return clamp(y + 1.402 * cr) << 16 | clamp(y - 0.344136 * cb - 0.714136 * cr) << 8 | clamp(y + 1.772 * cb);
    }

    private static int clamp(double value) {
        return (int) Math.max(0, Math.min(255, Math.round(value)));
    }

    private static TiffWriter yCbCr(int width, int height, int across, int down) {
        return new TiffWriter(ByteOrder.BIG_ENDIAN).shorts(256, width).shorts(257, height).shorts(258, 8, 8, 8)
                .shorts(259, 1).shorts(262, 6).shorts(277, 3).shorts(530, across, down);
    }

    /// Rec. 709 with headroom: black is 16, white 235, chroma 16 to 240.
    @Test
    void yCbCrOfVideo() {
        byte[] file = yCbCr(2, 1, 1, 1).rationals(529, 0.2126, 0.7152, 0.0722)
                .rationals(532, 16, 235, 128, 240, 128, 240)
                .file(false, new byte[]{16, (byte) 128, (byte) 128, 63, 102, (byte) 240});
        // Y 0.2146 (47 / 219), Cb -0.1161, Cr 0.5 of the range
        assertArrayEquals(new int[]{0, 255}, plane(file, 0));
        assertEquals(3, plane(file, 1)[1], 3);
        assertEquals(0, plane(file, 2)[1], 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CCITT RLE", "CCITT T.4", "CCITT T.6", "LZW", "ZLib", "Deflate", "PackBits"})
    void blackAndWhiteByTheJdk(String compression) throws IOException {
        for (int width : new int[]{1, 8, 37, 2700}) {
            var image = new BufferedImage(width, 9, BufferedImage.TYPE_BYTE_BINARY);
            var random = new Random(width);
            for (int y = 0; y < 9; y++) {
                int colour = y % 2;
                for (int x = 0; x < width; x++) {
                    colour = random.nextInt(y * 40 + 2) == 0 ? 1 - colour : colour;
                    image.getRaster().setSample(x, y, 0, colour);
                }
            }
            int[] found = plane(byTheJdk(image, compression), 2);
            for (int i = 0; i < found.length; i++) {
                assertEquals(255 * image.getRaster().getSample(i % width, i / width, 0), found[i], "pixel " + i);
            }
        }
    }

    private static byte[] byTheJdk(BufferedImage image, String compression) throws IOException {
        var writer = ImageIO.getImageWritersByFormatName("tiff").next();
        var out = new ByteArrayOutputStream();
        try (var stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionType(compression);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /// Two strips of 16 rows, each a JPEG; with the tables in each of them, or once for all.
    @ParameterizedTest
    @CsvSource({"1,false", "1,true", "6,false", "6,true"})
    void jpegs(int colour, boolean shared) throws IOException {
        var image = new BufferedImage(40, 24, colour == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 40 * 24; i++) {
            image.setRGB(i % 40, i / 40, i % 40 * 6 << 16 | i / 40 * 10 << 8 | 90);
        }
        byte[][] jpegs = {ImageDecoderTest.encode(image.getSubimage(0, 0, 40, 16), "jpg"),
                ImageDecoderTest.encode(image.getSubimage(0, 16, 40, 8), "jpg")};
        int channels = colour == 1 ? 1 : 3;
        long[] bits = new long[channels];
        Arrays.fill(bits, 8);
        var writer = new TiffWriter(ByteOrder.LITTLE_ENDIAN).shorts(256, 40).shorts(257, 24).shorts(258, bits)
                .shorts(259, 7).shorts(262, colour).shorts(277, channels).shorts(278, 16);
        if (shared) {
            writer.bytes(347, part(jpegs[0], true));
        }
        byte[] file = writer.file(false, shared ? part(jpegs[0], false) : jpegs[0],
                shared ? part(jpegs[1], false) : jpegs[1]);
        var found = DECODER.decode(file, "x");
        for (int s = 0; s < 2; s++) {
            var expected = DECODER.decode(jpegs[s], "x");
            for (int c = 0; c < 3; c++) {
                for (int i = 0; i < 40 * expected.height(); i++) {
                    assertEquals(expected.planes()[c * 40 * expected.height() + i],
                            found.planes()[c * 960 + s * 640 + i], "strip " + s + ", channel " + c + ", pixel " + i);
                }
            }
        }
        assertRefused(Refusal.UNDECODABLE, "its JPEG 0 has 40x16 pixels", writer.shorts(278, 12).file(false, jpegs[0],
                jpegs[1]));
        byte[] cut = Arrays.copyOf(jpegs[1], jpegs[1].length - 8);
        assertRefused(Refusal.UNDECODABLE, "missing or damaged", writer.without(347).shorts(278, 16)
                .file(false, jpegs[0], cut));
        assertRefused(Refusal.UNDECODABLE, "is no JPEG", writer.file(false, jpegs[0], new byte[90]));
    }

    /// The components of a JPEG are what the TIFF file says: RGB stays RGB.
    @Test
    void jpegOfRgb() throws IOException {
        var image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        image.createGraphics().fillRect(0, 0, 8, 8); // white: Y 255, Cb 128, Cr 128
        byte[] jpeg = ImageDecoderTest.encode(image, "jpg");
        byte[] file = new TiffWriter(ByteOrder.LITTLE_ENDIAN).shorts(256, 8).shorts(257, 8).shorts(258, 8, 8, 8)
                .shorts(259, 7).shorts(262, 2).shorts(277, 3).file(false, jpeg);
        assertEquals(255, plane(file, 0)[9]);
        assertEquals(128, plane(file, 1)[9], 1);
        assertEquals(128, plane(file, 2)[9], 1);
    }

    /// Tables and their end, or all but the tables.
    private static byte[] part(byte[] jpeg, boolean tables) {
        var out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        int at = 2;
        while (jpeg[at + 1] != (byte) 0xDA) {
            int end = at + 2 + ((jpeg[at + 2] & 0xFF) << 8 | jpeg[at + 3] & 0xFF);
            boolean isTable = jpeg[at + 1] == (byte) 0xC4 || jpeg[at + 1] == (byte) 0xDB;
            if (isTable == tables) {
                out.write(jpeg, at, end - at);
            }
            at = end;
        }
        if (tables) {
            out.write(0xFF);
            out.write(0xD9);
        } else {
            out.write(jpeg, at, jpeg.length - at);
        }
        return out.toByteArray();
    }

    @Test
    void orientation() {
        assertArrayEquals(new int[]{1, 2, 3, 4, 5, 6, 7, 8}, plane(grey().file(false, EIGHT), 0));
        assertArrayEquals(new int[]{8, 7, 6, 5, 4, 3, 2, 1}, plane(grey().shorts(274, 3).file(false, EIGHT), 0));
        var turned = DECODER.decode(grey().shorts(274, 6).file(false, EIGHT), "x");
        assertEquals(2, turned.width());
        assertArrayEquals(new byte[]{5, 1, 6, 2, 7, 3, 8, 4}, Arrays.copyOf(turned.planes(), 8));
        assertArrayEquals(new int[]{1, 2, 3, 4, 5, 6, 7, 8}, plane(grey().shorts(274, 77).file(false, EIGHT), 0));
    }

    /// The bits of every byte reversed, packed ones too, as libtiff does it.
    @ParameterizedTest
    @ValueSource(ints = {TiffWriter.NONE, TiffWriter.LZW, TiffWriter.DEFLATE, TiffWriter.PACK_BITS})
    void lowBitsFirst(int compression) {
        byte[] packed = TiffWriter.packed(EIGHT.clone(), compression);
        for (int i = 0; i < packed.length; i++) {
            packed[i] = (byte) (Integer.reverse(packed[i]) >>> 24);
        }
        assertArrayEquals(new int[]{1, 2, 3, 4, 5, 6, 7, 8}, plane(grey().shorts(259, compression).shorts(266, 2)
                .file(false, packed), 0));
    }

    @Test
    void lowBitsFirstOfOneBit() {
        byte[] file = new TiffWriter(ByteOrder.LITTLE_ENDIAN).shorts(256, 10).shorts(257, 1).shorts(262, 1)
                .shorts(266, 2)
                .file(false, new byte[]{0b00110001, 0b10});
        assertArrayEquals(new int[]{255, 0, 0, 0, 255, 255, 0, 0, 0, 255}, plane(file, 0));
    }

    /// Palettes whose numbers are of 8 bits, as old programs wrote them, and one of 16 bits.
    @Test
    void palettes() {
        var writer = new TiffWriter(ByteOrder.LITTLE_ENDIAN).shorts(256, 2).shorts(257, 1).shorts(262, 3);
        byte[] indices = {0b01000000};
        assertArrayEquals(new int[]{7, 255}, plane(writer.shorts(320, 7, 255, 0, 0, 0, 0).file(false, indices), 0));
        assertArrayEquals(new int[]{7, 0}, plane(writer.shorts(320, 0x7FF, 255, 0, 0, 0, 0).file(false, indices), 0));
        assertRefused(Refusal.UNDECODABLE, "its palette has 5 numbers, expected 6", writer.shorts(320, 1, 2, 3, 4, 5)
                .file(false, indices));
        assertRefused(Refusal.UNDECODABLE, "its palette has 0 numbers", writer.without(320).file(false, indices));
    }

    /// Lengths may be left out where nothing is packed; strips may be longer than their rows.
    @Test
    void lengths() {
        byte[] longer = Arrays.copyOf(EIGHT, 20);
        assertArrayEquals(new int[]{1, 2, 3, 4, 5, 6, 7, 8}, plane(grey().file(false, longer), 0));
        assertArrayEquals(new int[]{1, 2, 3, 4, 5, 6, 7, 8}, plane(grey().longs(273, 8).file(false, EIGHT), 0));
        assertRefused(Refusal.UNDECODABLE, "truncated", grey().file(false, Arrays.copyOf(EIGHT, 7)));
        assertRefused(Refusal.UNDECODABLE, "truncated", grey().longs(273, 300).longs(279, 8).file(false, EIGHT));
        assertRefused(Refusal.UNDECODABLE, "it has 1 strips or tiles and the lengths of 1, expected 2",
                grey().shorts(278, 1).file(false, EIGHT));
        assertRefused(Refusal.UNDECODABLE, "the lengths of 0, expected 1",
                grey().shorts(259, TiffWriter.LZW).longs(273, 8).file(false, EIGHT));
    }

    @Test
    void whatIsPackedIsWhole() {
        byte[] grey = new byte[8000];
        new Random(3).nextBytes(grey);
        for (int compression : new int[]{TiffWriter.LZW, TiffWriter.DEFLATE, TiffWriter.PACK_BITS}) {
            byte[] packed = TiffWriter.packed(grey, compression);
            UnaryOperator<byte[]> file = data -> grey().shorts(256, 100).shorts(257, 80).shorts(259, compression)
                    .file(false, data);
            int[] found = plane(file.apply(packed), 0);
            for (int i = 0; i < grey.length; i++) {
                assertEquals(grey[i] & 0xFF, found[i]);
            }
            assertRefused(Refusal.UNDECODABLE, "expected 8000", file.apply(Arrays.copyOf(packed, packed.length - 60)));
            assertRefused(Refusal.UNDECODABLE, "holds 0 bytes, expected 8000", file.apply(new byte[0]));
        }
        assertRefused(Refusal.UNDECODABLE, "have code 300, the last defined is 257",
                grey().shorts(259, 5).file(false, new byte[]{(byte) 0x80, 0x4B, 0, 0}));
        assertRefused(Refusal.UNDECODABLE, "Deflate data are damaged",
                grey().shorts(259, 8).file(false, new byte[]{1, 2, 3, 4}));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "262|4|a transparency mask", "262|8|CIE L*a*b*", "262|9|ICC L*a*b*", "262|10|ITU L*a*b*",
            "262|32803|a colour filter array", "262|32844|LogL", "262|32845|LogLuv", "262|34892|linear raw",
            "262|7|are unknown", "259|6|JPEG in its old form", "259|34712|JPEG 2000", "259|50000|Zstandard",
            "259|34925|LZMA", "259|34887|LERC", "259|50001|WebP", "259|34661|JBIG", "259|32809|ThunderScan",
            "259|32766|NeXT", "259|32771|CCITT RLE in words", "259|34676|SGI Log", "259|9|is unknown",
            "339|2|its samples are signed", "339|5|complex numbers", "339|6|complex numbers",
            "339|7|its SampleFormat is 7",
            "254|1|a reduced copy", "254|4|a transparency mask", "364|1|its Indexed (tag 364)",
            "433|1|its Decode (tag 433)",
            "317|2|a predictor (2) with compression NONE",
            "277|2|does not say (ExtraSamples)", "277|4|does not say (ExtraSamples)"})
    void refusedByName(int tag, int value, String message) {
        assertRefused(Refusal.UNSUPPORTED, message, grey().shorts(tag, value).file(false, EIGHT));
    }

    @Test
    void otherRefusalsByName() {
        var rgb = new TiffWriter(ByteOrder.BIG_ENDIAN).shorts(256, 1).shorts(257, 1).shorts(262, 2).shorts(277, 3)
                .shorts(258, 8, 8, 8);
        byte[] pixel = {1, 2, 3};
        assertEquals(3, DECODER.decode(rgb.file(false, pixel), "x").planes().length);
        assertRefused(Refusal.UNSUPPORTED, "its BitsPerSample (tag 258) is [5, 6, 5]", rgb.shorts(258, 5, 6, 5)
                .file(false, pixel));
        assertRefused(Refusal.UNSUPPORTED, "its SampleFormat (tag 339) is [1, 3, 1]", rgb.shorts(258, 8)
                .shorts(339, 1, 3, 1).file(false, pixel));
        assertRefused(Refusal.UNSUPPORTED, "RGB from 0 to 255 is read", rgb.without(339)
                .rationals(532, 16, 235, 16, 235, 16, 235).file(false, pixel));
        assertRefused(Refusal.UNDECODABLE, "it has 1 samples a pixel, RGB takes 3", rgb.without(532).shorts(277, 1)
                .file(false, pixel));
        assertRefused(Refusal.UNSUPPORTED, "two samples of alpha", rgb.shorts(277, 5).shorts(338, 1, 2)
                .file(false, new byte[5]));
        assertRefused(Refusal.UNSUPPORTED, "ExtraSamples are [3]", rgb.shorts(277, 4).shorts(338, 3)
                .file(false, new byte[4]));
        assertRefused(Refusal.UNDECODABLE, "it describes 2 extra samples and has 1", rgb.shorts(338, 0, 0)
                .file(false, new byte[4]));
        var cmyk = new TiffWriter(ByteOrder.BIG_ENDIAN).shorts(256, 1).shorts(257, 1).shorts(262, 5).shorts(277, 4)
                .shorts(258, 8);
        assertArrayEquals(new int[]{155}, plane(cmyk.file(false, new byte[]{100, 0, 0, 0}), 0));
        assertArrayEquals(new int[]{155}, plane(cmyk.shorts(336, 0, 255).file(false, new byte[]{100, 0, 0, 0}), 0));
        assertRefused(Refusal.UNSUPPORTED, "its DotRange (tag 336)", cmyk.shorts(336, 0, 200).file(false, new byte[4]));
        assertRefused(Refusal.UNSUPPORTED, "not cyan, magenta",
                cmyk.without(336).shorts(332, 2).file(false, new byte[4]));
        assertRefused(Refusal.UNSUPPORTED, "not cyan, magenta", cmyk.shorts(332, 1).shorts(334, 5)
                .file(false, new byte[4]));
        assertRefused(Refusal.UNSUPPORTED, "is packed by CCITT_T6 and has 1 samples of 8 bits", grey().shorts(259, 4)
                .file(false, EIGHT));
        assertRefused(Refusal.UNSUPPORTED, "stretches that are not packed", grey().shorts(258, 1).shorts(259, 4)
                .longs(293, 2).file(false, EIGHT));
        assertRefused(Refusal.UNSUPPORTED, "its LZW has low bits first", grey().shorts(259, 5)
                .file(false, new byte[]{0, 1, 0, 0}));
        assertRefused(Refusal.UNSUPPORTED, "bits of its bytes are reversed", grey().shorts(259, 7).shorts(266, 2)
                .file(false, EIGHT));
        assertRefused(Refusal.UNSUPPORTED, "predictor 3 and begins with MM", new TiffWriter(ByteOrder.BIG_ENDIAN)
                .shorts(256, 1).shorts(257, 1).shorts(258, 32).shorts(259, 8).shorts(262, 1).shorts(339, 3)
                .shorts(317, 3).file(false, EIGHT));
        assertRefused(Refusal.UNSUPPORTED, "JPEGs of 1 samples of 8 bits for WHITE_IS_ZERO", grey().shorts(259, 7)
                .shorts(262, 0).file(false, EIGHT));
        assertRefused(Refusal.UNSUPPORTED, "a predictor with YCbCr", yCbCr(1, 1, 1, 1).shorts(259, 8).shorts(317, 2)
                .file(false, pixel));
        assertRefused(Refusal.UNSUPPORTED, "YCbCr in planes", yCbCr(1, 1, 1, 1).shorts(284, 2).file(false, pixel));
        assertRefused(Refusal.UNSUPPORTED, "JPEGs of other YCbCr", yCbCr(1, 1, 1, 1).shorts(259, 7)
                .rationals(529, 0.2, 0.7, 0.1).file(false, pixel));
        assertRefused(Refusal.UNDECODABLE, "expected two of 1, 2, 4", yCbCr(1, 1, 3, 1).file(false, pixel));
        var floats = new TiffWriter(ByteOrder.BIG_ENDIAN).shorts(256, 1).shorts(257, 1).shorts(262, 1).shorts(258, 32)
                .shorts(339, 3);
        for (float value : new float[]{-0.01f, 1.01f, 255, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertRefused(Refusal.UNSUPPORTED, "only samples of 0 to 1", floats.file(false,
                    floats.row(new long[]{Float.floatToIntBits(value)}, 32)));
        }
        assertRefused(Refusal.OTHER_FORMAT, "it is a BigTIFF file", new byte[]{'M', 'M', 0, 43, 0, 8, 0, 0});
        assertRefused(Refusal.OTHER_FORMAT, "it is a BigTIFF file", new byte[]{'I', 'I', 43, 0, 8, 0, 0, 0});
    }

    /// An error is written once, not once a sample, and is short.
    @Test
    void manySamples() {
        long[] bits = new long[65_535];
        Arrays.fill(bits, 8);
        bits[65_534] = 7;
        var writer = grey().shorts(277, bits.length).shorts(258, bits);
        assertRefused(Refusal.UNSUPPORTED, "is [8, 8, 8, 8, 8, 8, 8, 8, ...]; samples that are all alike",
                writer.file(false, EIGHT));
        long[] kinds = new long[65_534];
        kinds[65_533] = 9;
        assertRefused(Refusal.UNSUPPORTED, "its ExtraSamples are [0, 0, 0, 0, 0, 0, 0, 0, ...]; 0 to 2",
                writer.shorts(258, 8).shorts(338, kinds).file(false, EIGHT));
    }

    @Test
    void damagedDirectories() {
        byte[] good = grey().file(false, EIGHT);
        assertRefused(Refusal.UNDECODABLE, "its directory begins at byte", with(good, 4, 200));
        assertRefused(Refusal.UNDECODABLE, "its directory begins at byte", with(good, 4, 3));
        assertRefused(Refusal.UNDECODABLE, "does not fit into", with(good, 16, 255));
        assertRefused(Refusal.UNDECODABLE, "has tag 256 twice", with(with(good, 30, 0), 31, 1));
        assertRefused(Refusal.UNDECODABLE, "the unknown type 99", with(good, 20, 99));
        assertRefused(Refusal.UNDECODABLE, "of type 11, expected whole numbers", with(good, 20, 11));
        assertRefused(Refusal.UNDECODABLE, "its ImageWidth (tag 256) has 2 values", with(good, 22, 2));
        assertRefused(Refusal.UNDECODABLE, "its StripOffsets (tag 273) has 200 values", with(grey().longs(273, 8, 9)
                .file(false, EIGHT), 82, 200));
        assertRefused(Refusal.UNDECODABLE, "its ImageWidth (tag 256) is missing",
                grey().without(256).file(false, EIGHT));
        assertRefused(Refusal.UNDECODABLE, "PhotometricInterpretation (tag 262) is missing",
                grey().without(262).file(false, EIGHT));
        assertRefused(Refusal.UNDECODABLE, "it has strips and tiles", grey().longs(273, 8).longs(324, 8)
                .file(false, EIGHT));
        assertRefused(Refusal.UNDECODABLE, "its RowsPerStrip (tag 278) is 0", grey().shorts(278, 0).file(false, EIGHT));
        assertRefused(Refusal.NO_PIXELS, "4x0", grey().shorts(257, 0).file(false, EIGHT));
        assertRefused(Refusal.TOO_MANY_PIXELS, "4x2147483647", grey().longs(257, -1).file(false, EIGHT));
        assertRefused(Refusal.TOO_MANY_PIXELS, "16000x16000", grey().longs(322, 16000).longs(323, 16000)
                .file(true, EIGHT));
        assertRefused(Refusal.UNDECODABLE, "its TileWidth (tag 322) is 0", grey().shorts(323, 16).file(true, EIGHT));
        assertRefused(Refusal.UNDECODABLE, "a TIFF at least 8", new byte[]{'I', 'I', 42, 0, 0});
    }

    private static byte[] with(byte[] file, int at, int value) {
        byte[] changed = file.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static void assertRefused(Refusal expected, String message, byte[] file) {
        var e = assertThrows(ImageException.class, () -> DECODER.decode(file, "x"), message);
        assertTrue(e.refusal() == expected && e.getMessage().contains(message) && e.getMessage().startsWith("x: "),
                () -> e.refusal() + ", " + e.getMessage() + "; expected " + expected + ", " + message);
    }
}
