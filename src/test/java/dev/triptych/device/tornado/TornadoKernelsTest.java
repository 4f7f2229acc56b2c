package dev.triptych.device.tornado;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.triptych.check.device.KernelCase;
import dev.triptych.check.device.KernelCheck;
import dev.triptych.check.device.KernelTable;
import dev.triptych.program.Kernel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kernel as a task against the same method in Java, by the table that `triptych check-device` goes through.
class TornadoKernelsTest {
    private static final Map<Kernel, List<KernelCase>> CASES = KernelTable.cases();

    private static TornadoDevice device;
    private static TornadoDevice graphics;

    @BeforeAll
    static void onlyWithTheSdk() {
        assumeTrue(TornadoDevice.unavailable() == null, TornadoDevice::unavailable);
        device = new TornadoDevice(-1, TornadoSession.TASKS, false);
        graphics = new TornadoDevice(-1, TornadoSession.TASKS, true);
    }

    @AfterAll
    static void close() {
        if (device != null) {
            device.close();
            graphics.close();
        }
    }

    static Set<Kernel> kernels() {
        return CASES.keySet();
    }

    static List<Kernel> versions() {
        return CASES.keySet().stream().filter(k -> Units.hasForms(CASES.get(k).getFirst().call())).toList();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theVersionForGraphicsCardsAgrees(Kernel kernel) {
        var check = KernelCheck.of(CASES.get(kernel), graphics);
        assertTrue(check.passed(), check::toString);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void agreesWithJava(Kernel kernel) {
        var check = KernelCheck.of(CASES.get(kernel), device);
        assertTrue(check.passed(), check::toString);
    }
}
