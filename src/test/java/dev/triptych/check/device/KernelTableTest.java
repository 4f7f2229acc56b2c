package dev.triptych.check.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.plain.PlainDevice;
import dev.triptych.device.vector.VectorDevice;
import dev.triptych.program.Kernel;
import dev.triptych.program.call.ElementwiseCalls.ScaleValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The table of kernels is complete, and the vector device agrees with the plain one on all of it.
class KernelTableTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/triptych/kernel");
    private static final Pattern KERNEL = Pattern.compile("public static void (\\w+)\\(");
    private static final Map<Kernel, List<KernelCase>> CASES = KernelTable.cases();

    @Test
    void everyKernelHasCases() throws IOException {
        var written = new TreeSet<String>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                KERNEL.matcher(Files.readString(file)).results().forEach(found -> written.add(found.group(1)));
            }
        }
        assertEquals(written, CASES.keySet().stream().map(Kernel::name).collect(Collectors.toCollection(TreeSet::new)),
                "kernels of the sources (left) and of the table (right): a kernel that no sample of OperationTable "
                        + "launches needs cases in LargerCases");
    }

    static Set<Kernel> kernels() {
        return CASES.keySet();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void theVectorDeviceAgrees(Kernel kernel) {
        try (var vector = new VectorDevice(2)) {
            var check = KernelCheck.of(CASES.get(kernel), vector);
            assertTrue(check.passed(), check::toString);
        }
    }

    @Test
    void aKernelThatDoesSomethingElseFails() {
        var right = KernelCase.of(1, draw -> new ScaleValues(draw.normal(9), draw.output(9), 9, 2f));
        var wrong = KernelCase.of(1, draw -> new ScaleValues(draw.normal(9), draw.output(9), 9, 2.1f));
        try (var plain = new PlainDevice()) {
            assertEquals(0, KernelCheck.of(List.of(right), plain).error());
            var d = Difference.of(right.run(plain).getLast(), wrong.run(plain).getLast());
            assertEquals(0.05, d.error(), 1e-6);
            assertFalse(new KernelCheck(right.call().kernel(), 1, d.error(), 1e-5, d.text(), null).passed());
        }
    }

    @Test
    void whatIsNotANumberIsNoAgreement() {
        assertTrue(Double.isNaN(Difference.of(new float[]{1f, Float.NaN}, new float[]{1f, 2f}).error()));
        assertTrue(Double.isNaN(Difference.of(new float[]{1f, 2f}, new float[]{1f, Float.POSITIVE_INFINITY}).error()));
        assertEquals(0, Difference.of(new float[]{Float.NaN}, new float[]{Float.NaN}).error());
        assertEquals(1, Difference.of(new int[]{1, 2}, new int[]{1, 3}).error());
    }
}
