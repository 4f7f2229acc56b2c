package dev.triptych.device.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.DeviceException;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.call.ElementwiseCalls.Gelu;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a user reads when a device fails: the kernel and the remedy.
class FailuresTest {
    private static final List<Unit> UNITS = units();

    private static List<Unit> units() {
        var program = new Program("sample", new State());
        var a = program.input("a", 1, 3, 5);
        var c = program.input("c", 1, 7, 5);
        program.gelu(program.productTransposed(a, c));
        return new Units(false).of(program);
    }

    @Test
    void aKernelThatDoesNotCompileIsNamed() {
        var cause = new RuntimeException("[ERROR] Unable to compile task g3.productTransposed0 - productTransposed");
        DeviceException e = Failures.explain(new RuntimeException("failed", cause), UNITS, 0, false, l -> true);
        assertTrue(e.getMessage().contains("kernel Linear.productTransposed:"), e.getMessage());
        assertTrue(e.getMessage().contains("--device vector"), e.getMessage());
        assertFalse(e.getMessage().contains("gelu"), e.getMessage());
        assertEquals("failed", e.getCause().getMessage());
    }

    @Test
    void plainKernelsAreARemedyForThoseOfGraphicsCards() {
        var failure = new RuntimeException("Unable to compile task g3.productTransposed0");
        assertTrue(Failures.explain(failure, UNITS, 0, true, l -> true).getMessage()
                .contains("-Dtriptych.tornado.groups=false"));
        assertFalse(Failures.explain(failure, UNITS, 0, false, l -> true).getMessage().contains("groups"));
    }

    @Test
    void memoryThatRunsOutIsSaid() {
        var cause = new RuntimeException("Unable to allocate 123 bytes of memory.");
        DeviceException e = Failures.explain(cause, UNITS, 5L << 20, false, l -> false);
        assertTrue(e.getMessage().contains("arenas take 5 MiB") && e.getMessage().contains("training.batch"),
                e.getMessage());
        assertTrue(e.getMessage().contains("Linear.productTransposed, Elementwise.gelu"), e.getMessage());
    }

    @Test
    void sendingIsNoKernel() {
        DeviceException e = Failures.explain(new RuntimeException("gone"), List.of(), 0, false, l -> true);
        assertTrue(e.getMessage().startsWith("TornadoVM failed on sending the arenas: "), e.getMessage());
    }

    @Test
    void aFailureThatNamesNoKernelIsTracedToTheOneThatDoesNotCompile() {
        DeviceException e = Failures.explain(new RuntimeException("[TornadoVM] Error - Recover option disabled"),
                UNITS, 0, false, u -> !(u.launches().getFirst().call() instanceof Gelu));
        assertTrue(e.getMessage().contains("kernel Elementwise.gelu:"), e.getMessage());
        assertFalse(e.getMessage().contains("productTransposed"), e.getMessage());
    }
}
