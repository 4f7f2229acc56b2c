package dev.triptych.device.tornado;

import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/// What TornadoVM finds on this machine.
final class Hardware {
    private Hardware() {
    }

    /// The device of that number among those of all backends; -1 is TornadoVM's default.
    static TornadoDevice find(int index) {
        var runtime = TornadoRuntimeProvider.getTornadoRuntime();
        if (index == -1) {
            return runtime.getDefaultDevice();
        }
        List<TornadoDevice> devices = all();
        if (index < 0 || index >= devices.size()) {
            throw new IllegalArgumentException("There is no device tornado:" + index + ": TornadoVM finds "
                    + devices.size() + ", numbered from 0: " + devices.stream().map(Hardware::text).toList());
        }
        return devices.get(index);
    }

    private static List<TornadoDevice> all() {
        var runtime = TornadoRuntimeProvider.getTornadoRuntime();
        List<TornadoDevice> devices = new ArrayList<>();
        for (int i = 0; i < runtime.getNumBackends(); i++) {
            devices.addAll(runtime.getBackend(i).getAllDevices());
        }
        return devices;
    }

    /// One line for each device, in the order of their numbers.
    static List<String> list() {
        return all().stream().map(d -> text(d) + ", " + (d.getMaxGlobalMemory() >> 20) + " MiB").toList();
    }

    /// Device, platform, backend, memory and compiler flags, in one line.
    static String describe(int index) {
        TornadoDevice device = find(index);
        return text(device) + ", " + (device.getMaxGlobalMemory() >> 20) + " MiB, compiler flags "
                + System.getProperty("tornado.opencl.compiler.flags", "TornadoVM's own");
    }

    private static String text(TornadoDevice device) {
        return device.getPhysicalDevice().getDeviceName() + ", " + device.getPlatformName() + ", "
                + device.getTornadoVMBackend();
    }
}
