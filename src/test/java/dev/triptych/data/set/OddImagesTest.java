package dev.triptych.data.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.Refusal;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Kinds of pictures that decoders often get wrong: interlace, few bits, 16 bits, CMYK, EXIF in PNG.
class OddImagesTest {
    private static final ImageDecoder DECODER = ImageDecoder.standard();

    /// A JPEG of four flat components, as it is or with Adobe's marker.
    private static byte[] fourComponents(int[] levels, int adobe) throws IOException {
        var raster = Raster.createBandedRaster(DataBuffer.TYPE_BYTE, 8, 8, 4, null);
        for (int band = 0; band < 4; band++) {
            int[] samples = new int[64];
            Arrays.fill(samples, levels[band]);
            raster.setSamples(0, 0, 8, 8, band, samples);
        }
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var out = new ByteArrayOutputStream();
        try (var stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(raster, null, null), null);
        } finally {
            writer.dispose();
        }
        byte[] jpeg = out.toByteArray();
        if (adobe < 0) {
            return jpeg;
        }
        byte[] marker = {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) adobe};
        return ByteBuffer.allocate(jpeg.length + marker.length).put(jpeg, 0, 2).put(marker)
                .put(jpeg, 2, jpeg.length - 2).array();
    }

    /// White paper under three inks and black; Adobe stores complements; YCCK stores those as luma and chroma.
    @ParameterizedTest
    @CsvSource({"255,255,255,255, 0, 255,255,255", "255,255,255,0, 0, 0,0,0", "0,255,255,255, 0, 0,255,255",
            "200,100,50,128, 0, 100,50,25",
            "0,128,128,255, 2, 255,255,255", "255,128,128,255, 2, 0,0,0", "76,85,255,255, 2, 1,255,255"})
    void cmyk(int c, int m, int y, int k, int adobe, int red, int green, int blue) throws IOException {
        byte[] planes = DECODER.decode(fourComponents(new int[]{c, m, y, k}, adobe), "x").planes();
        int[] expected = {red, green, blue};
        for (int i = 0; i < 3; i++) {
            assertEquals(expected[i], planes[64 * i + 9] & 0xFF, 3, "channel " + i);
        }
    }

    /// Adobe's marker may lie between the frame and the first scan.
    @Test
    void cmykWithItsMarkerBehindTheFrame() throws IOException {
        byte[] before = fourComponents(new int[]{200, 100, 50, 128}, 0);
        int scan = 18;
        while (before[scan] != -1 || before[scan + 1] != (byte) 0xDA) {
            scan++;
        }
        byte[] behind = before.clone();
        System.arraycopy(before, 18, behind, 2, scan - 18);
        System.arraycopy(before, 2, behind, scan - 16, 16);
        assertArrayEquals(DECODER.decode(before, "x").planes(), DECODER.decode(behind, "x").planes());
    }

    /// Without Adobe's marker 0 may be no ink or all of it; and a transform that Adobe does not define says nothing.
    @ParameterizedTest
    @CsvSource({"-1, without Adobe's marker", "1, transform 1", "3, transform 3"})
    void cmykOfUnknownMeaningIsRefused(int adobe, String message) throws IOException {
        byte[] jpeg = fourComponents(new int[]{10, 20, 30, 40}, adobe);
        var refused = assertThrows(ImageException.class, () -> DECODER.decode(jpeg, "x"));
        assertEquals(Refusal.UNSUPPORTED, refused.refusal());
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void fewBitsAndInterlace(int bits) throws IOException {
        int n = 1 << bits;
        byte[] levels = new byte[n];
        for (int i = 0; i < n; i++) {
            levels[i] = (byte) (i * 255 / (n - 1));
        }
        var image = new BufferedImage(11, 9, BufferedImage.TYPE_BYTE_BINARY,
                new IndexColorModel(bits, n, levels, levels, levels));
        for (int i = 0; i < 99; i++) {
            image.getRaster().setSample(i % 11, i / 11, 0, i * 7 % n);
        }
        for (boolean interlaced : new boolean[]{false, true}) {
            var decoded = DECODER.decode(png(image, interlaced), "x");
            for (int i = 0; i < 99; i++) {
                assertEquals(levels[i * 7 % n], decoded.planes()[99 + i], "pixel " + i + ", interlaced " + interlaced);
            }
        }
    }

    @Test
    void sixteenBitColourInterlaced() throws IOException {
        var raster = Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, 10, 6, 3, null);
        for (int i = 0; i < 180; i++) {
            raster.setSample(i / 3 % 10, i / 30, i % 3, i * 363);
        }
        var model = ImageTypeSpecifier.createInterleaved(java.awt.color.ColorSpace.getInstance(
                java.awt.color.ColorSpace.CS_sRGB), new int[]{0, 1, 2}, DataBuffer.TYPE_USHORT, false, false)
                .getColorModel();
        var decoded = DECODER.decode(png(new BufferedImage(model, raster, false, null), true), "x");
        for (int i = 0; i < 180; i++) {
            assertEquals(i * 363 >> 8, decoded.planes()[i % 3 * 60 + i / 3] & 0xFF);
        }
    }

    /// The transparent colour is one of 16 bits: others of the same high byte are opaque.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void transparentColourOfSixteenBits(boolean interlaced) throws IOException {
        var grey = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
        grey.getRaster().setPixels(0, 0, 3, 1, new int[]{0x4000, 0x4001, 0x40FF});
        byte[] png = png(grey, interlaced);
        byte[] expected = {64, -1, 64, 64, -1, 64, 64, -1, 64};
        assertArrayEquals(expected, DECODER.decode(with(png, "tRNS", new byte[]{0x40, 1}), "x").planes());
        expected[1] = expected[4] = expected[7] = 64;
        assertArrayEquals(expected, DECODER.decode(with(png, "tRNS", new byte[]{0, 0x40}), "x").planes());

        var raster = Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, 3, 1, 3, null);
        raster.setPixels(0, 0, 3, 1, new int[]{0x1001, 0x2002, 0x3003, 0x1001, 0x2002, 0x3004, 0x1002, 0x2002, 0x3003});
        var model = ImageTypeSpecifier.createInterleaved(java.awt.color.ColorSpace.getInstance(
                java.awt.color.ColorSpace.CS_sRGB), new int[]{0, 1, 2}, DataBuffer.TYPE_USHORT, false, false)
                .getColorModel();
        byte[] colour = png(new BufferedImage(model, raster, false, null), interlaced);
        byte[] key = {0x10, 1, 0x20, 2, 0x30, 3};
        assertArrayEquals(new byte[]{-1, 16, 16, -1, 32, 32, -1, 48, 48},
                DECODER.decode(with(colour, "tRNS", key), "x").planes());
        for (byte[] wrong : new byte[][]{with(colour, "tRNS", new byte[]{0x10, 1}),
                with(with(colour, "tRNS", key), "tRNS", key)}) {
            var refused = assertThrows(ImageException.class, () -> DECODER.decode(wrong, "x"));
            assertTrue(refused.getMessage().contains("tRNS"), refused.getMessage());
        }
    }

    @Test
    void exifInPng() throws IOException {
        var image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0x010101);
        image.setRGB(1, 0, 0x020202);
        byte[] png = png(image, false);
        byte[] tiff = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0};
        byte[] upright = {1, 2, 1, 2, 1, 2};
        byte[] turned = {2, 1, 2, 1, 2, 1};
        assertArrayEquals(upright, DECODER.decode(png, "x").planes());
        assertArrayEquals(turned, DECODER.decode(with(png, "eXIf", tiff), "x").planes());
        String hex = "\nexif\n      32\n" + HexFormat.of().formatHex("Exif\0\0".getBytes(StandardCharsets.US_ASCII))
                + "\n" + HexFormat.of().formatHex(tiff) + "\n";
        byte[] text = ("Raw profile type exif\0" + hex).getBytes(StandardCharsets.ISO_8859_1);
        assertArrayEquals(turned, DECODER.decode(with(png, "tEXt", text), "x").planes());
        assertArrayEquals(turned, DECODER.decode(with(png, "zTXt", zipped(hex)), "x").planes());
        tiff[18] = 99;
        assertArrayEquals(upright, DECODER.decode(with(png, "eXIf", tiff), "x").planes());
        assertArrayEquals(upright, DECODER.decode(with(png, "eXIf", Arrays.copyOf(tiff, 15)), "x").planes());
        assertArrayEquals(upright, DECODER.decode(with(png, "zTXt", zipped("\nexif\n 1\nzz")), "x").planes());
        assertArrayEquals(upright, DECODER.decode(with(png, "zTXt", zipped("7".repeat(5_000_000))), "x").planes());
    }

    private static byte[] zipped(String text) {
        byte[] start = "Raw profile type exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
        byte[] out = Arrays.copyOf(start, start.length + text.length() + 64);
        try (var deflater = new Deflater()) {
            deflater.setInput(text.getBytes(StandardCharsets.ISO_8859_1));
            deflater.finish();
            return Arrays.copyOf(out, start.length + deflater.deflate(out, start.length, out.length - start.length));
        }
    }

    /// A PNG with one more chunk behind its header.
    private static byte[] with(byte[] png, String type, byte[] content) {
        var crc = new CRC32();
        crc.update(type.getBytes(StandardCharsets.US_ASCII));
        crc.update(content);
        return ByteBuffer.allocate(png.length + content.length + 12).put(png, 0, 33).putInt(content.length)
                .put(type.getBytes(StandardCharsets.US_ASCII)).put(content).putInt((int) crc.getValue())
                .put(png, 33, png.length - 33).array();
    }

    private static byte[] png(BufferedImage image, boolean interlaced) throws IOException {
        var writer = ImageIO.getImageWritersByFormatName("png").next();
        var out = new ByteArrayOutputStream();
        try (var stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setProgressiveMode(interlaced ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }
}
