package dev.triptych.data.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class ImageDecoderTest {
    private static final ImageDecoder DECODER = ImageDecoder.standard();

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "tiff"})
    void losslessColourIsExact(String format) throws IOException {
        var image = pattern(BufferedImage.TYPE_INT_RGB);
        assertPattern(DECODER.decode(encode(image, format), "x"), 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "tiff"})
    void greyLevelsAreTheStoredOnes(String format) throws IOException {
        var image = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
        for (int x = 0; x < 256; x++) {
            image.getRaster().setSample(x, 0, 0, x);
        }
        byte[] planes = DECODER.decode(encode(image, format), "x").planes();
        for (int i = 0; i < planes.length; i++) {
            assertEquals(i % 256, planes[i] & 0xFF);
        }
    }

    @Test
    void sixteenBitsKeepTheirHighByte() throws IOException {
        var image = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setPixels(0, 0, 3, 1, new int[]{0x0BFF, 0x8000, 0xFFFF});
        assertArrayEquals(new byte[]{11, (byte) 128, (byte) 255},
                Arrays.copyOf(DECODER.decode(encode(image, "png"), "x").planes(), 3));
    }

    @Test
    void transparentPixelsLieOverWhite() throws IOException {
        var image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x00FF0000);
        image.setRGB(1, 0, 0x80000000);
        image.setRGB(2, 0, 0xFF102030);
        assertArrayEquals(new byte[]{-1, 127, 16, -1, 127, 32, -1, 127, 48},
                DECODER.decode(encode(image, "png"), "x").planes());
    }

    @Test
    void palettesAreLookedUp() throws IOException {
        var colours = new IndexColorModel(8, 3, new byte[]{1, 50, 100}, new byte[]{2, 60, 110},
                new byte[]{3, 70, 120});
        var image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_INDEXED, colours);
        image.getRaster().setPixels(0, 0, 3, 1, new int[]{2, 0, 1});
        byte[] expected = {100, 1, 50, 110, 2, 60, 120, 3, 70};
        assertArrayEquals(expected, DECODER.decode(encode(image, "png"), "x").planes());
        assertArrayEquals(expected, DECODER.decode(encode(image, "gif"), "x").planes());
    }

    @Test
    void aGifFrameLiesOnItsCanvas() throws IOException {
        var image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
        byte[] gif = encode(image, "gif");
        int frame = 13 + (3 << (gif[10] & 7) + 1);
        while (gif[frame] == 0x21) {
            frame += 8; // graphic control extension
        }
        gif[6] = 4; // canvas 4 x 3, frame at (1, 2)
        gif[8] = 3;
        gif[frame + 1] = 1;
        gif[frame + 3] = 2;
        var decoded = DECODER.decode(gif, "x");
        assertEquals(4, decoded.width());
        assertEquals(3, decoded.height());
        assertArrayEquals(new byte[]{-1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, -1},
                Arrays.copyOf(decoded.planes(), 12));
    }

    /// Two pixels, red and green, as codes of three bits; the code that clears the table may be missing.
    @ParameterizedTest
    @ValueSource(strings = {"4015", "015"})
    void aGifMayBeginWithoutClearing(String codes) {
        int bits = 0;
        for (int i = 0; i < codes.length(); i++) {
            bits |= codes.charAt(i) - '0' << 3 * i;
        }
        byte[] gif = {'G', 'I', 'F', '8', '9', 'a', 2, 0, 1, 0, (byte) 0x81, 0, 0, -1, 0, 0, 0, -1, 0, 0, 0, -1, -1, -1,
                -1,
                ',', 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, (byte) bits, (byte) (bits >> 8), 0, ';'};
        assertArrayEquals(new byte[]{-1, 0, 0, -1, 0, 0}, DECODER.decode(gif, "x").planes());
    }

    @Test
    void netpbm() {
        byte[] text = "P3 2 1 255 1 2 3 4 5 6\n".getBytes(StandardCharsets.US_ASCII);
        assertArrayEquals(new byte[]{1, 4, 2, 5, 3, 6}, DECODER.decode(text, "x").planes());
        byte[] grey = "P5 2 1 255\n\u0001\u000b".getBytes(StandardCharsets.US_ASCII);
        assertArrayEquals(new byte[]{1, 11, 1, 11, 1, 11}, DECODER.decode(grey, "x").planes());
    }

    @Test
    void jpegColoursComeThroughBothDecoders() throws IOException {
        byte[] jpeg = encode(pattern(BufferedImage.TYPE_INT_RGB), "jpg");
        assertPattern(DECODER.decode(jpeg, "x"), 40);
        assertPattern(new ImageDecoder(1000, JpegDecoder.pureJava()).decode(jpeg, "x"), 60);
        var grey = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSamples(0, 0, 8, 8, 0, new int[64]);
        assertEquals(0, DECODER.decode(encode(grey, "jpg"), "x").planes()[70], 1);
    }

    @Test
    void progressiveJpegNeedsTheDefaultDecoder() throws IOException {
        byte[] jpeg = progressive(pattern(BufferedImage.TYPE_INT_RGB));
        assertPattern(DECODER.decode(jpeg, "x"), 40);
        var pure = new ImageDecoder(1000, JpegDecoder.pureJava());
        assertTrue(assertThrows(ImageException.class, () -> pure.decode(jpeg, "x.jpg")).getMessage()
                .startsWith("x.jpg"));
    }

    @Test
    void exifOrientationIsApplied() throws IOException {
        var upright = new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB); // left half white
        upright.createGraphics().fillRect(0, 0, 8, 8);
        byte[] jpeg = encode(upright, "jpg");
        byte[] exif = {(byte) 0xFF, (byte) 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
                0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0};
        var out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        out.write(exif);
        out.write(jpeg, 2, jpeg.length - 2);
        var turned = DECODER.decode(out.toByteArray(), "x");
        assertEquals(8, turned.width());
        assertEquals(16, turned.height());
        assertTrue((turned.planes()[0] & 0xFF) > 200, "the left half is now on top");
        assertTrue((turned.planes()[15 * 8] & 0xFF) < 50);
    }

    /// Each orientation by what it does to the image of two rows 0 1 / 2 3.
    @Test
    void orientations() {
        String[] expected = {"0123", "1032", "3210", "2301", "0213", "2031", "3120", "1302"};
        byte[] planes = {0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3};
        for (int o = 1; o <= 8; o++) {
            byte[] turned = new RgbImage(2, 2, planes).oriented(o).planes();
            assertEquals(expected[o - 1], "" + turned[0] + turned[1] + turned[2] + turned[3], "orientation " + o);
        }
    }

    @Test
    void whatCannotBeShownIsRefusedByName() throws IOException {
        byte[] png = encode(pattern(BufferedImage.TYPE_INT_RGB), "png");
        var small = new ImageDecoder(20, JpegDecoder.raster());
        assertMessage(small, png, "16x8");
        assertMessage(DECODER, new byte[0], "it is empty");
        assertMessage(DECODER, "hello".getBytes(StandardCharsets.US_ASCII), "none of PNG");
        byte[] damaged = png.clone();
        damaged[20]++;
        assertMessage(DECODER, damaged, "IHDR");
        assertMessage(DECODER, Arrays.copyOf(png, png.length - 5), "IEND");
        assertThrows(ImageException.class, () -> DECODER.decode(Path.of("no such file.png")));
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void damageIsAnImageOrAnImageException(@ForAll @IntRange(max = 5) int format, @ForAll @IntRange(max = 400) int at,
            @ForAll byte value, @ForAll boolean cut) throws IOException {
        String name = new String[]{"png", "jpg", "gif", "bmp", "tiff", "pnm"}[format];
        byte[] data = format == 5
                ? "P3 2 1 255 1 2 3 4 5 6\n".getBytes(StandardCharsets.US_ASCII)
                : encode(pattern(BufferedImage.TYPE_INT_RGB), name);
        int place = Math.min(at, data.length - 1);
        data[place] = value;
        try {
            new ImageDecoder(100_000, JpegDecoder.raster()).decode(cut ? Arrays.copyOf(data, place) : data, name);
        } catch (ImageException expected) {
            assertTrue(expected.getMessage().startsWith(name));
        }
    }

    @Test
    void refusalsHaveNames() throws IOException {
        byte[] png = encode(pattern(BufferedImage.TYPE_INT_RGB), "png");
        byte[] jpeg = encode(pattern(BufferedImage.TYPE_INT_RGB), "jpg");
        int frame = 0;
        while ((jpeg[frame] & 0xFF) != 0xFF || (jpeg[frame + 1] & 0xFF) != 0xC0) {
            frame++;
        }
        jpeg[frame + 1] = (byte) 0xC9; // arithmetic coding
        assertRefused(Refusal.UNSUPPORTED, DECODER, jpeg);
        assertRefused(Refusal.EMPTY, DECODER, new byte[0]);
        assertRefused(Refusal.NOT_AN_IMAGE, DECODER, new byte[]{1, 2, 3});
        for (String known : new String[]{"P7\nWIDTH 1", "PF\n1 1", "Pf\n1 1", "8BPS\0", "%PDF-1.4", "<svg>",
                "....ftypheic",
                "....ftypavif", "....JXL "}) {
            assertRefused(Refusal.OTHER_FORMAT, DECODER, known.getBytes(StandardCharsets.US_ASCII));
        }
        assertMessage(DECODER, "P7\n".getBytes(StandardCharsets.US_ASCII),
                "it is a PAM file, and only PNG, JPEG, GIF, BMP, PNM, TIFF and WebP are read");
        assertRefused(Refusal.TOO_MANY_PIXELS, new ImageDecoder(127, JpegDecoder.raster()), png);
        assertRefused(Refusal.UNDECODABLE, DECODER, Arrays.copyOf(png, png.length - 20));
        assertRefused(Refusal.NO_PIXELS, DECODER, "P5 0 4 255\n".getBytes(StandardCharsets.US_ASCII));
        byte[] good = encode(pattern(BufferedImage.TYPE_INT_RGB), "jpg");
        assertRefused(Refusal.TOO_LITTLE_MEMORY, failing(new OutOfMemoryError("heap")), good);
        assertRefused(Refusal.UNDECODABLE, failing(new StackOverflowError()), good);
    }

    private static ImageDecoder failing(Error error) {
        return new ImageDecoder(1000, new JpegDecoder() {
            @Override
            public RgbImage decode(byte[] data, JpegHeader header) {
                throw error;
            }

            @Override
            public String name() {
                return "failing";
            }
        });
    }

    private static void assertRefused(Refusal expected, ImageDecoder decoder, byte[] data) {
        assertEquals(expected, assertThrows(ImageException.class, () -> decoder.decode(data, "x")).refusal());
    }

    private static void assertMessage(ImageDecoder decoder, byte[] data, String part) {
        String message = assertThrows(ImageException.class, () -> decoder.decode(data, "a.img")).getMessage();
        assertTrue(message.startsWith("a.img") && message.contains(part), message);
    }

    /// 16 x 8 pixels: red grows to the right, green downwards, blue is constant.
    private static BufferedImage pattern(int type) {
        var image = new BufferedImage(16, 8, type);
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 16; x++) {
                image.setRGB(x, y, x * 10 << 16 | y * 20 << 8 | 77);
            }
        }
        return image;
    }

    private static void assertPattern(RgbImage image, int tolerance) {
        assertEquals(16, image.width());
        assertEquals(8, image.height());
        for (int i = 0; i < 128; i++) {
            assertEquals(i % 16 * 10, image.planes()[i] & 0xFF, tolerance);
            assertEquals(i / 16 * 20, image.planes()[128 + i] & 0xFF, tolerance);
            assertEquals(77, image.planes()[256 + i] & 0xFF, tolerance);
        }
    }

    public static byte[] encode(BufferedImage image, String format) throws IOException {
        var out = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format, out), format);
        return out.toByteArray();
    }

    private static byte[] progressive(BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var out = new ByteArrayOutputStream();
        try (var stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }
}
