package dev.triptych.device.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.triptych.device.DeviceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which form of kernels a device takes.
class KernelFormsTest {
    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"-,true,1024,true", "-,true,256,true", "-,true,128,false",
            "-,false,4096,false", "true,false,4096,true", "false,true,1024,false", "true,true,128,true"})
    void thePropertyDecidesOrTheTypeOfTheDevice(String said, boolean graphicsCard, long lanes, boolean expected) {
        assertEquals(expected, TornadoDevice.takesGroups(said, graphicsCard, lanes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "True", "1", "yes"})
    void anythingElseIsRefused(String said) {
        var e = assertThrows(DeviceException.class, () -> TornadoDevice.takesGroups(said, true, 1024));
        assertTrue(e.getMessage().contains("-Dtriptych.tornado.groups is '" + said + "'; expected true"),
                e.getMessage());
    }

    @Test
    void whatIsTakenIsSaid() {
        assumeTrue(TornadoDevice.unavailable() == null, TornadoDevice::unavailable);
        try (var device = new TornadoDevice(); var other = device.withOtherForms()) {
            boolean card = device.details().get("type").equals("GPU");
            assertEquals(TornadoDevice.takesGroups(System.getProperty(TornadoDevice.GROUPS), card,
                    Hardware.lanes(-1)), device.forGraphicsCards());
            assertNotEquals(device.forGraphicsCards(), other.forGraphicsCards());
            for (var each : new TornadoDevice[]{device, other}) {
                String forms = each.forGraphicsCards() ? "kernels for graphics cards" : "plain kernels";
                assertTrue(each.description().endsWith(forms), each::description);
                assertEquals(forms, each.details().get("kernels"));
            }
            assertEquals("the caller", other.details().get("kernels-chosen-by"));
            assertTrue(TornadoDevice.list().stream().anyMatch(line -> line.endsWith(device.details().get("type") + ": "
                    + device.details().get("kernels"))), () -> "" + TornadoDevice.list());
        }
    }
}
