package dev.triptych.data.file;

import dev.triptych.fuzz.Mutations;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/// Damaged pictures of each kind that is read: an image, or an [ImageException] that names the file. Half of the damage
/// keeps the first bytes, by which a file is known, so that its reader sees it.
class PictureFuzz {
    private static final ImageDecoder DECODER = new ImageDecoder(1 << 16, JpegDecoder.raster());
    private static final Mutations TIFF = new Mutations(tiffs());
    private static final Mutations PNM = new Mutations(List.of(text("P1 3 2 101#c\n 0 1 0\n"),
            text("P2\n3 2 1000\n0 1 999 1000 7 500"), text("P3 1 2 255 1 2 3 4 5 6"), text("P4 9 2\nabcd"),
            text("P5 3 2 65535\nabcdefghijkl"), text("P6\n# comment\n2 2\n255\nabcdefghijkl")));
    private static final Mutations WEBP = new Mutations(webps());
    private static final Mutations JPEG = new Mutations(jpegs());
    private static final Mutations GIF = new Mutations(List.of(written("gif", null, false, 1)));

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static BufferedImage picture() {
        var image = new BufferedImage(19, 13, BufferedImage.TYPE_INT_RGB);
        var random = new Random(1);
        for (int i = 0; i < 19 * 13; i++) {
            image.setRGB(i % 19, i / 19, i < 100 ? random.nextInt(1 << 24) : i * 0x10207);
        }
        return image;
    }

    private static byte[] written(String format, String compression, boolean progressive, int type) {
        var image = new BufferedImage(19, 13, type);
        image.createGraphics().drawImage(picture(), 0, 0, null);
        var writer = ImageIO.getImageWritersByFormatName(format).next();
        var out = new ByteArrayOutputStream();
        try (var stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            if (compression != null) {
                parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                parameters.setCompressionType(compression);
            }
            if (progressive) {
                parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            }
            writer.write(null, new IIOImage(image, null, null), parameters);
        } catch (IOException e) {
            throw new AssertionError(e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    private static List<byte[]> tiffs() {
        var tiffs = new ArrayList<byte[]>();
        for (String compression : new String[]{"CCITT RLE", "CCITT T.4", "CCITT T.6"}) {
            tiffs.add(written("tiff", compression, false, BufferedImage.TYPE_BYTE_BINARY));
        }
        for (String compression : new String[]{"LZW", "JPEG", "ZLib", "PackBits", "Deflate"}) {
            tiffs.add(written("tiff", compression, false, BufferedImage.TYPE_INT_RGB));
        }
        byte[] samples = new byte[64];
        new Random(2).nextBytes(samples);
        for (var order : new ByteOrder[]{ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            var small = new TiffWriter(order).shorts(256, 4).shorts(257, 4).shorts(259, 1);
            tiffs.add(small.shorts(258, 8).shorts(262, 1).shorts(277, 2).shorts(338, 2).shorts(274, 6)
                    .file(false, samples));
            tiffs.add(small.shorts(258, 4).shorts(262, 3).shorts(277, 1).without(338).shorts(320, new long[48])
                    .file(false, samples));
            tiffs.add(small.shorts(258, 8, 8, 8).without(320).shorts(262, 6).shorts(277, 3).shorts(530, 2, 2)
                    .file(false, samples));
            tiffs.add(small.shorts(258, 8).shorts(262, 5).shorts(277, 4).shorts(284, 2).file(false, samples, samples,
                    samples, samples));
            tiffs.add(small.shorts(258, 16).shorts(262, 2).shorts(277, 3).shorts(284, 1).shorts(322, 16).shorts(323, 16)
                    .shorts(259, 8).shorts(317, 2).file(true, TiffWriter.packed(new byte[1536], 8)));
            tiffs.add(small.shorts(258, 32).shorts(262, 0).shorts(277, 1).shorts(339, 3).shorts(317, 3)
                    .file(true, TiffWriter.packed(new byte[1024], 8)));
        }
        return tiffs;
    }

    private static List<byte[]> jpegs() {
        byte[] plain = written("jpeg", null, false, BufferedImage.TYPE_INT_RGB);
        byte[] restarted = new byte[plain.length + 6];
        System.arraycopy(plain, 0, restarted, 0, 2);
        System.arraycopy(new byte[]{(byte) 0xFF, (byte) 0xDD, 0, 4, 0, 1}, 0, restarted, 2, 6);
        System.arraycopy(plain, 2, restarted, 8, plain.length - 2);
        return List.of(plain, restarted, written("jpeg", null, true, BufferedImage.TYPE_INT_RGB),
                written("jpeg", null, false, BufferedImage.TYPE_BYTE_GRAY));
    }

    private static List<byte[]> webps() {
        var webps = new ArrayList<byte[]>();
        try (var files = Files.newDirectoryStream(Path.of("src/test/resources/webp"), "*.webp")) {
            for (Path file : files) {
                webps.add(Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return webps;
    }

    private static void decode(byte[] damaged, byte[] head, long seed) {
        if (seed % 2 == 0 && damaged.length > head.length) {
            System.arraycopy(head, 0, damaged, 0, head.length);
        }
        try {
            DECODER.decode(damaged, "fuzz");
        } catch (ImageException expected) {
            if (!expected.getMessage().startsWith("fuzz: ")) {
                throw expected;
            }
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void tiff(@ForAll long seed) {
        byte[] damaged = TIFF.of(seed);
        decode(damaged, damaged.length > 0 && damaged[0] == 'M' ? text("MM\0*") : text("II*\0"), seed);
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void pnm(@ForAll long seed) {
        byte[] damaged = PNM.of(seed);
        decode(damaged, text("P" + (1 + Math.floorMod(seed >> 1, 6))), seed);
    }

    /// Three of four have the length that their header promises.
    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void webp(@ForAll long seed) {
        byte[] damaged = WEBP.of(seed);
        byte[] head = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).put(text("RIFF"))
                .putInt(damaged.length - 8).put(text("WEBP")).array();
        decode(damaged, head, seed % 4 == 3 ? 1 : 0);
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void jpeg(@ForAll long seed) {
        decode(JPEG.of(seed), new byte[]{(byte) 0xFF, (byte) 0xD8}, seed);
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void gif(@ForAll long seed) {
        decode(GIF.of(seed), text("GIF89a"), seed);
    }
}
