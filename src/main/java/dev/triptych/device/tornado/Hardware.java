package dev.triptych.device.tornado;

import static dev.triptych.device.tornado.TornadoDevice.GROUPS;
import static dev.triptych.device.tornado.TornadoDevice.REPLAY;

import dev.triptych.device.DeviceException;
import dev.triptych.program.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/// What TornadoVM finds on this machine.
final class Hardware {
    /// What TornadoVM calls the most memory that it may take of a device; 4 GB where nobody says otherwise.
    static final String MEMORY = "tornado.device.memory";

    private static final String DRIVER = "Driver version";
    private static final long DEFAULT_MEMORY = 4L << 30;

    private Hardware() {
    }

    /// The device of that number among those of all backends; -1 is TornadoVM's default.
    ///
    /// @throws DeviceException if there is no such device
    static TornadoDevice find(int index) {
        TornadoRuntime runtime = runtime();
        if (index == -1) {
            return runtime.getDefaultDevice();
        }
        List<TornadoDevice> devices = all();
        if (index < 0 || index >= devices.size()) {
            throw new DeviceException("There is no device tornado:" + index + ": TornadoVM finds "
                    + devices.size() + ", numbered from 0: " + devices.stream().map(Hardware::text).toList()
                    + ". `triptych devices` lists what is here.");
        }
        return devices.get(index);
    }

    /// TornadoVM, which loads the libraries of all its backends when it is first asked for.
    ///
    /// @throws DeviceException if one of them is missing
    private static TornadoRuntime runtime() {
        try {
            return TornadoRuntimeProvider.getTornadoRuntime();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            String home = System.getenv("TORNADOVM_HOME");
            var cuda = CudaLibraries.find(home == null ? null : Path.of(home));
            String remedy = cuda.backend() && !cuda.complete()
                    ? "Its CUDA backend does not load: " + cuda.remedy()
                    : "Install the driver of your graphics card; `tornado --devices` shows what it sees";
            throw new DeviceException("TornadoVM does not start (" + cause(e) + "). " + remedy
                    + ". Without a card, use --device vector.", e);
        }
    }

    private static String cause(Throwable e) {
        return e.getCause() == null ? String.valueOf(e.getMessage()) : cause(e.getCause());
    }

    /// Whether kernels take their versions for graphics cards on a device, as `TornadoDevice.takesGroups` says.
    ///
    /// @throws DeviceException if the property is neither true nor false, or if there is no such device
    static boolean takesGroups(int index) {
        return takesGroups(find(index));
    }

    private static boolean takesGroups(TornadoDevice device) {
        return dev.triptych.device.tornado.TornadoDevice.takesGroups(System.getProperty(GROUPS),
                device.getDeviceType() == TornadoDeviceType.GPU, lanes(device));
    }

    /// Whether a device's backend records what a graph does, and replays it.
    static boolean replays(int index) {
        return find(index).getTornadoVMBackend().name().equals("CUDA");
    }

    /// Has the chosen graph of a plan recorded when it first runs. The interface that this is compiled against is older
    /// than the method.
    static void record(TornadoExecutionPlan plan) {
        try {
            TornadoExecutionPlan.class.getMethod("withCUDAGraph").invoke(plan);
        } catch (ReflectiveOperationException e) {
            throw new DeviceException("TornadoVM " + version() + " records no CUDA graphs: " + e
                    + ". Start Java with -D" + REPLAY + "=false.", e);
        }
    }

    /// The most lanes that a group may have on a device.
    static long lanes(int index) {
        return lanes(find(index));
    }

    private static long lanes(TornadoDevice device) {
        return device.getDeviceMaxWorkgroupDimensions()[0];
    }

    /// Checks that a device has groups of as many lanes as the versions for graphics cards use.
    ///
    /// @throws DeviceException if it has not
    static void requireLanes(int index) {
        TornadoDevice device = find(index);
        if (lanes(device) < GroupKernels.TILE_LANES) {
            throw new DeviceException("The kernels for graphics cards use groups of " + GroupKernels.TILE_LANES
                    + " lanes, but " + text(device) + " allows " + lanes(device) + ". Start Java with -D" + GROUPS
                    + "=false for plain kernels.");
        }
    }

    /// The versions of kernels, in words.
    static String forms(boolean groups) {
        return groups ? "kernels for graphics cards" : "plain kernels";
    }

    private static List<TornadoDevice> all() {
        TornadoRuntime runtime = runtime();
        List<TornadoDevice> devices = new ArrayList<>();
        for (int i = 0; i < runtime.getNumBackends(); i++) {
            devices.addAll(runtime.getBackend(i).getAllDevices());
        }
        return devices;
    }

    /// Checks that arenas fit into a device, before anything is sent.
    ///
    /// @param arrays of the arenas
    /// @throws DeviceException if they do not: names the arena, its size, what is possible, the remedy
    static void requireRoom(int index, Map<Arena, Object> arrays) {
        TornadoDevice device = find(index);
        long all = 0;
        for (Map.Entry<Arena, Object> arena : arrays.entrySet()) {
            long bytes = 4L * (arena.getValue() instanceof int[] i ? i.length : ((float[]) arena.getValue()).length);
            all += bytes;
            if (bytes >= device.getMaxAllocMemory()) {
                throw new DeviceException("Arena " + arena.getKey() + " takes " + (bytes >> 20) + " MiB, but "
                        + text(device) + " gives less than " + (device.getMaxAllocMemory() >> 20)
                        + " MiB to one array. Lower training.batch.");
            }
        }
        if (all > device.getMaxGlobalMemory()) {
            throw new DeviceException("The arenas take " + (all >> 20) + " MiB, but " + text(device) + " has "
                    + (device.getMaxGlobalMemory() >> 20) + " MiB. Lower training.batch.");
        }
        if (all > allowed()) {
            throw new DeviceException("The arenas take " + (all >> 20) + " MiB, but -D" + MEMORY + " allows "
                    + (allowed() >> 20) + " MiB. Start Java with a larger -D" + MEMORY + ", such as "
                    + (device.getMaxGlobalMemory() >> 20) + "MB, which the device has.");
        }
    }

    /// The most memory that TornadoVM may take, as `-Dtornado.device.memory` says.
    private static long allowed() {
        String text = System.getProperty(MEMORY);
        if (text == null) {
            return DEFAULT_MEMORY;
        }
        int unit = text.endsWith("B") && text.length() > 1 ? "KMGTP".indexOf(text.charAt(text.length() - 2)) + 1 : 0;
        return Long.parseLong(text.replaceAll("\\D", "")) << 10 * unit;
    }

    /// One line for each device, in the order of their numbers.
    static List<String> list() {
        return all().stream().map(d -> text(d) + ", " + (d.getMaxGlobalMemory() >> 20) + " MiB, driver " + driver(d)
                + ", " + d.getDeviceType() + ": " + forms(takesGroups(d))).toList();
    }

    /// Device, platform, backend, memory and compiler flags, in one line.
    static String describe(int index) {
        TornadoDevice device = find(index);
        return text(device) + ", " + (device.getMaxGlobalMemory() >> 20) + " MiB, driver " + driver(device)
                + ", TornadoVM " + version() + ", compiler flags "
                + System.getProperty("tornado.opencl.compiler.flags", "TornadoVM's own");
    }

    /// Names and values for provenance: device, driver, backend, versions of kernels and what chose them, version of
    /// TornadoVM, its properties.
    static Map<String, Object> details(int index, boolean groups, String chosenBy) {
        TornadoDevice device = find(index);
        var values = new LinkedHashMap<String, Object>();
        values.put("device", device.getPhysicalDevice().getDeviceName());
        values.put("type", device.getDeviceType().name());
        values.put("platform", device.getPlatformName());
        values.put("driver", driver(device));
        values.put("backend", device.getTornadoVMBackend().name());
        values.put("memory-bytes", device.getMaxGlobalMemory());
        values.put("largest-array-bytes", device.getMaxAllocMemory());
        values.put("kernels", forms(groups));
        values.put("kernels-chosen-by", chosenBy);
        values.put("tornadovm", version());
        var flags = new TreeMap<String, Object>();
        System.getProperties().stringPropertyNames().stream().filter(name -> name.startsWith("tornado."))
                .forEach(name -> flags.put(name, System.getProperty(name)));
        values.put("flags", flags);
        return values;
    }

    private static String text(TornadoDevice device) {
        return device.getPhysicalDevice().getDeviceName() + ", " + device.getPlatformName() + ", "
                + device.getTornadoVMBackend();
    }

    /// The driver's version, where the device says it among its properties.
    private static String driver(TornadoDevice device) {
        return device.getPhysicalDevice().getDeviceInfo().lines().map(String::strip)
                .filter(line -> line.startsWith(DRIVER)).map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst().orElse("unknown");
    }

    /// The version in the name of the SDK's run-time module.
    private static String version() {
        return ModuleLayer.boot().configuration().findModule("tornado.runtime")
                .flatMap(module -> module.reference().location())
                .map(at -> at.getPath().replaceFirst(".*/tornado-runtime-", "").replaceFirst("\\.jar$", ""))
                .orElse("unknown");
    }
}
