package dev.triptych.data.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Every combination of colours, depths, extra samples, planes, predictors, compressions, byte orders and layouts is
/// written and read: either each pixel comes out as a computation of this test's own has it, or the file is refused by
/// name. Which of the two, the test says itself.
class TiffTableTest {
    private static final int WIDTH = 7;
    private static final int HEIGHT = 5;
    private static final int UNSIGNED = 1;
    private static final int FLOATS = 3;
    private static final int[] UNSIGNED_BITS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20, 24, 31, 32,
            40,
            64};
    private static final int[] FLOAT_BITS = {16, 24, 32, 64};
    private static final int[] COLOURS = {0, 1, 2, 3, 5};
    private static final int[][] EXTRAS = {{}, {0}, {1}, {2}, {0, 2}, {1, 0}};
    private static final int[] COMPRESSIONS = {TiffWriter.NONE, TiffWriter.LZW, TiffWriter.DEFLATE,
            TiffWriter.OLD_DEFLATE, TiffWriter.PACK_BITS};

    enum Layout {
        ONE_STRIP, STRIPS, TILES
    }

    record Kind(int colour, int format, int bits, int[] extra, boolean planar, int predictor, int compression,
            ByteOrder order, Layout layout) {
        int channels() {
            return colour == 2 ? 3 : colour == 5 ? 4 : 1;
        }

        int samples() {
            return channels() + extra.length;
        }

        /// Which sample is alpha; -1 where none is.
        int alpha() {
            for (int i = 0; i < extra.length; i++) {
                if (extra[i] > 0) {
                    return channels() + i;
                }
            }
            return -1;
        }

        @Override
        public String toString() {
            return "colour " + colour + ", format " + format + ", bits " + bits + ", extra " + Arrays.toString(extra)
                    + ", planar " + planar + ", predictor " + predictor + ", compression " + compression + ", " + order
                    + ", " + layout;
        }

        /// What is read; everything else is refused.
        boolean read() {
            boolean floats = format == FLOATS;
            boolean depth = switch (colour) {
                case 3 -> !floats && bits <= 16;
                case 5 -> !floats && (bits == 8 || bits == 16);
                default -> floats ? bits == 16 || bits == 32 || bits == 64 : bits <= 32;
            };
            boolean packed = compression != TiffWriter.NONE && compression != TiffWriter.PACK_BITS;
            boolean predicted = switch (predictor) {
                case 2 -> packed && (bits == 8 || bits == 16 || bits == 32 || bits == 64);
                case 3 -> packed && floats && order == ByteOrder.LITTLE_ENDIAN;
                default -> true;
            };
            return depth && predicted;
        }
    }

    @Test
    void everyCombinationIsReadOrRefused() {
        var read = new AtomicInteger();
        List<Kind> kinds = kinds();
        kinds.parallelStream().forEach(kind -> {
            long[][] samples = samples(kind);
            byte[] file = file(kind, samples).file(kind.layout == Layout.TILES, blocks(kind, samples));
            try {
                var image = ImageDecoder.standard().decode(file, "x");
                assertTrue(kind.read(), () -> kind + ": read, expected a refusal");
                assertPixels(kind, samples, image);
                read.incrementAndGet();
            } catch (ImageException e) {
                if (kind.read() || e.refusal() != Refusal.UNSUPPORTED || !e.getMessage().startsWith("x: ")) {
                    fail(kind + ": " + e.getMessage(), e);
                }
            }
        });
        assertEquals(kinds.stream().filter(Kind::read).count(), read.get());
    }

    private static List<Kind> kinds() {
        var kinds = new ArrayList<Kind>();
        for (int colour : COLOURS) {
            for (int depth = 0; depth < UNSIGNED_BITS.length + FLOAT_BITS.length; depth++) {
                int format = depth < UNSIGNED_BITS.length ? UNSIGNED : FLOATS;
                int bits = format == UNSIGNED ? UNSIGNED_BITS[depth] : FLOAT_BITS[depth - UNSIGNED_BITS.length];
                for (int[] extra : EXTRAS) {
                    for (int predictor = 1; predictor <= 3; predictor++) {
                        for (int compression : COMPRESSIONS) {
                            for (int rest = 0; rest < 12; rest++) {
                                kinds.add(new Kind(colour, format, bits, extra, rest % 2 == 1, predictor, compression,
                                        rest / 2 % 2 == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN,
                                        Layout.values()[rest / 4]));
                            }
                        }
                    }
                }
            }
        }
        return kinds;
    }

    /// Raw samples: the least, the largest, and others; floating-point ones as their bits.
    private static long[][] samples(Kind kind) {
        var random = new Random(kind.bits * 31L + kind.colour);
        long[][] samples = new long[kind.samples()][WIDTH * HEIGHT];
        for (int s = 0; s < kind.samples(); s++) {
            for (int i = 0; i < WIDTH * HEIGHT; i++) {
                long raw = random.nextLong();
                samples[s][i] = kind.format == FLOATS
                        ? floating(i == 3 ? 0 : i == 4 ? 1 : random.nextDouble(), kind.bits)
                        : (i == 3 ? 0 : i == 4 ? -1 : raw) & -1L >>> Long.SIZE - kind.bits;
            }
        }
        return samples;
    }

    private static long floating(double value, int bits) {
        return switch (bits) {
            case 16 -> Float.floatToFloat16((float) value) & 0xFFFF;
            case 32 -> Float.floatToIntBits((float) value) & 0xFFFFFFFFL;
            default -> Double.doubleToLongBits(value);
        };
    }

    static TiffWriter file(Kind kind, long[][] samples) {
        long[] bits = new long[kind.samples()];
        Arrays.fill(bits, kind.bits);
        long[] format = new long[kind.samples()];
        Arrays.fill(format, kind.format);
        var writer = new TiffWriter(kind.order).longs(256, WIDTH).shorts(257, HEIGHT).shorts(258, bits)
                .shorts(259, kind.compression).shorts(262, kind.colour).shorts(277, kind.samples())
                .shorts(284, kind.planar ? 2 : 1);
        if (kind.format != UNSIGNED) {
            writer.shorts(339, format);
        }
        if (kind.predictor > 1) {
            writer.shorts(317, kind.predictor);
        }
        if (kind.extra.length > 0) {
            writer.shorts(338, Arrays.stream(kind.extra).asLongStream().toArray());
        }
        if (kind.colour == 3) {
            writer.shorts(320, palette(kind.bits));
        }
        return switch (kind.layout) {
            case ONE_STRIP -> writer;
            case STRIPS -> writer.shorts(278, 2);
            case TILES -> writer.shorts(322, 16).shorts(323, 16);
        };
    }

    /// Reds, greens and blues of 16 bits, by the bits of an index.
    private static final long[][] PALETTES = IntStream.rangeClosed(0, 16)
            .mapToObj(bits -> IntStream.range(0, 3 << bits).mapToLong(i -> i * 40503L + 257 & 0xFFFF).toArray())
            .toArray(long[][]::new);

    private static long[] palette(int bits) {
        return PALETTES[bits > 16 ? 0 : bits];
    }

    private static byte[][] blocks(Kind kind, long[][] samples) {
        var blocks = new ArrayList<byte[]>();
        int rows = kind.layout == Layout.STRIPS ? 2 : kind.layout == Layout.TILES ? 16 : HEIGHT;
        int columns = kind.layout == Layout.TILES ? 16 : WIDTH;
        int together = kind.planar ? 1 : kind.samples();
        for (int first = 0; first < kind.samples(); first += together) {
            for (int top = 0; top < HEIGHT; top += rows) {
                var block = new java.io.ByteArrayOutputStream();
                for (int y = top; y < (kind.layout == Layout.TILES ? rows : Math.min(HEIGHT, top + rows)); y++) {
                    long[] row = new long[columns * together];
                    for (int x = 0; x < columns; x++) {
                        for (int s = 0; s < together; s++) {
                            row[x * together + s] = samples[first + s][Math.min(y, HEIGHT - 1) * WIDTH
                                    + Math.min(x, WIDTH - 1)];
                        }
                    }
                    block.writeBytes(predicted(kind, row, together));
                }
                blocks.add(TiffWriter.packed(block.toByteArray(), kind.compression));
            }
        }
        return blocks.toArray(byte[][]::new);
    }

    private static byte[] predicted(Kind kind, long[] row, int together) {
        var writer = new TiffWriter(kind.order);
        return switch (kind.predictor) {
            case 2 -> writer.differences(row, kind.bits, together);
            case 3 -> kind.bits % 8 == 0
                    ? TiffWriter.byteDifferences(row, kind.bits, together)
                    : writer.row(row, kind.bits);
            default -> writer.row(row, kind.bits);
        };
    }

    private static void assertPixels(Kind kind, long[][] samples, RgbImage image) {
        int n = WIDTH * HEIGHT;
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < 3; c++) {
                int expected = expected(kind, samples, i, c);
                if ((image.planes()[c * n + i] & 0xFF) != expected) {
                    fail(kind + ": pixel " + i + ", channel " + c + " is " + (image.planes()[c * n + i] & 0xFF)
                            + ", expected " + expected);
                }
            }
        }
    }

    private static int expected(Kind kind, long[][] samples, int i, int c) {
        int value = switch (kind.colour) {
            case 0 -> eight(kind, kind.format == FLOATS
                    ? floating(1 - real(samples[0][i], kind.bits), 64)
                    : (1L << kind.bits) - 1 - samples[0][i], kind.format == FLOATS ? 64 : kind.bits);
            case 1 -> eight(kind, samples[0][i], kind.bits);
            case 2 -> eight(kind, samples[c][i], kind.bits);
            case 3 -> (int) (palette(kind.bits)[(c << kind.bits) + (int) samples[0][i]] / 256);
            default -> (int) Math.round((255 - eight(kind, samples[c][i], kind.bits))
                    * (255 - eight(kind, samples[3][i], kind.bits)) / 255.0);
        };
        if (kind.alpha() < 0) {
            return value;
        }
        int alpha = eight(kind, samples[kind.alpha()][i], kind.bits);
        boolean associated = kind.extra[kind.alpha() - kind.channels()] == 1;
        return associated
                ? Math.min(255, value + 255 - alpha)
                : (int) Math.round((value * alpha + 255 * (255 - alpha)) / 255.0);
    }

    private static double real(long raw, int bits) {
        return bits == 16
                ? Float.float16ToFloat((short) raw)
                : bits == 32
                        ? Float.intBitsToFloat((int) raw)
                        : Double.longBitsToDouble(raw);
    }

    /// Whole bytes keep their high byte, everything else is scaled and rounded.
    private static int eight(Kind kind, long raw, int bits) {
        if (kind.format == FLOATS) {
            return (int) Math.floor(real(raw, bits) * 255 + 0.5);
        }
        return bits % 8 == 0
                ? (int) (raw >>> bits - 8)
                : (int) Math.floor(raw * 255.0 / ((1L << bits) - 1) + 0.5);
    }
}
