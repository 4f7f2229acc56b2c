package dev.triptych.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// All 65,536 numbers of both formats of 16 bits beside the formula of IEEE 754, in double and without a bit trick.
class HalfNumbersTest {
    @TempDir
    Path folder;

    /// (-1)^s 2^(e - bias) (1 + m / 2^k); without the 1 and with e = 1 where e is 0; infinity or NaN where e is all
    /// ones.
    private static double value(int bits, int fractionBits) {
        int fraction = bits % (1 << fractionBits);
        int exponents = 1 << 15 - fractionBits;
        int exponent = bits % (1 << 15) / (1 << fractionBits);
        double sign = bits < 1 << 15 ? 1 : -1;
        if (exponent == exponents - 1) {
            return fraction == 0 ? sign / 0.0 : Double.NaN;
        }
        double significand = (exponent == 0 ? 0 : 1) + fraction / (double) (1 << fractionBits);
        return sign * significand * Math.pow(2, Math.max(exponent, 1) - (exponents / 2 - 1));
    }

    @ParameterizedTest
    @CsvSource({"F16, 10", "BF16, 7"})
    void everyNumberIsWidenedExactly(String dtype, int fractionBits) throws IOException {
        Path file = folder.resolve("all");
        short[] all = new short[1 << 16];
        for (int i = 0; i < all.length; i++) {
            all[i] = (short) i;
        }
        HalfNumbers.write(file, dtype, Map.of("all", new HalfNumbers.Tensor(new int[]{256, 256}, all)));
        var read = Safetensors.read(file);
        assertEquals(dtype, read.dtype("all").name());
        float[] floats = read.floats("all");
        double[] doubles = read.doubles("all");
        for (int i = 0; i < all.length; i++) {
            double expected = value(i, fractionBits);
            assertEquals(expected, (double) floats[i], "number " + i); // tells -0 from 0, and takes NaN for NaN
            assertEquals(expected, doubles[i], "number " + i);
        }
    }

    @Test
    void wholeNumbersAreTakenAsIntegersAndOthersRefused() throws IOException {
        Path file = folder.resolve("few");
        HalfNumbers.write(file, "F16", Map.of("whole", new HalfNumbers.Tensor(new int[]{2},
                new short[]{0x3C00, (short) 0xC000}), "half", new HalfNumbers.Tensor(new int[]{}, new short[]{0x3800}),
                "infinite", new HalfNumbers.Tensor(new int[]{1}, new short[]{0x7C00})));
        var read = Safetensors.read(file);
        assertEquals(1, read.longs("whole")[0]);
        assertEquals(-2, read.ints("whole")[1]);
        for (String name : new String[]{"half", "infinite"}) {
            String message = assertThrows(FormatException.class, () -> read.longs(name)).getMessage();
            assertTrue(message.contains("expected a whole number"), message);
        }
    }
}
