package dev.triptych.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.triptych.check.device.KernelCase;
import dev.triptych.device.plain.PlainDevice;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;

/// What every device owes the kernels: the plain device's numbers within a tolerance, and the same bits from each of
/// its configurations (numbers of threads). A device's test extends the contracts of all families.
public abstract class KernelContract {
    /// Configurations whose results must be equal bit by bit.
    protected abstract List<Device> devices();

    /// Runs a case everywhere.
    ///
    /// @param tolerance largest difference, relative to the larger of 1 and the plain device's number
    protected final void agrees(double tolerance, KernelCase kernelCase) {
        List<float[]> expected = kernelCase.run(new PlainDevice());
        List<float[]> first = null;
        for (Device device : devices()) {
            List<float[]> actual = kernelCase.run(device);
            for (int i = 0; i < expected.size(); i++) {
                if (first == null) {
                    compare(tolerance, expected.get(i), actual.get(i), kernelCase + ", array " + i);
                } else {
                    assertArrayEquals(first.get(i), actual.get(i), 0f,
                            kernelCase + ", array " + i + ", bits of " + device.description());
                }
            }
            first = first == null ? actual : first;
        }
    }

    private static void compare(double tolerance, float[] expected, float[] actual, String what) {
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs((double) expected[i] - actual[i]) / Math.max(1, Math.abs(expected[i]));
            if (!(error <= tolerance) && Float.compare(expected[i], actual[i]) != 0) {
                fail(what + " at " + i + ": " + actual[i] + " instead of " + expected[i] + ", error " + error);
            }
        }
    }

    /// Sizes around those at which implementations change: zero, one, lanes, tiles, blocks.
    @Provide
    protected Arbitrary<Integer> size() {
        return Arbitraries.oneOf(Arbitraries.of(0, 1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 64),
                Arbitraries.integers().between(1, 140));
    }

    /// As `size`, without zero.
    @Provide
    protected Arbitrary<Integer> side() {
        return size().filter(n -> n > 0);
    }
}
