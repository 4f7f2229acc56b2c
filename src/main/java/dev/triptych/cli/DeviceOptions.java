package dev.triptych.cli;

import dev.triptych.bench.MachinePeak;
import dev.triptych.device.Device;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.device.tornado.TornadoDevice;
import dev.triptych.device.vector.VectorDevice;
import dev.triptych.method.InputException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/// The options that choose a device. Nothing of TornadoVM is loaded unless `tornado` is asked for.
final class DeviceOptions {
    private static final Pattern TORNADO = Pattern.compile("tornado(?::(\\d{1,4}))?");

    @Option(names = "--device", paramLabel = "NAME", defaultValue = "vector", description = {"plain: one thread, "
            + "kernels as written; vector: all cores (the default); tornado or tornado:NUMBER: TornadoVM."})
    private String device;

    @Option(names = "--threads", paramLabel = "N", description = {
            "Threads of the device vector; all cores by default."})
    private Integer threads;

    /// Opens the device.
    ///
    /// @throws InputException if it is unknown
    /// @throws dev.triptych.device.DeviceException if it is not to be had here
    Device open() {
        if (threads != null && (threads < 1 || threads > 1024)) {
            throw new InputException("--threads is " + threads + "; expected 1 to 1024. Leave it out for all cores.");
        }
        if (threads != null && !device.equals("vector")) {
            throw new InputException("--threads " + threads + " goes with --device vector; found --device " + device
                    + ". Leave --threads out.");
        }
        var tornado = TORNADO.matcher(device);
        if (tornado.matches()) {
            return new TornadoDevice(tornado.group(1) == null ? -1 : Integer.parseInt(tornado.group(1)));
        }
        return switch (device) {
            case "plain" -> new PlainDevice();
            case "vector" -> threads == null ? new VectorDevice() : new VectorDevice(threads);
            default -> throw new InputException("--device is '" + device
                    + "'; expected plain, vector, tornado or tornado:NUMBER. `triptych devices` lists what is here.");
        };
    }

    /// Threads that the device computes with; null where that is not Java's to say.
    Integer threads() {
        return switch (device) {
            case "plain" -> 1;
            case "vector" -> threads == null ? Runtime.getRuntime().availableProcessors() : threads;
            default -> null;
        };
    }

    /// What was opened, as names and values of a report.
    Map<String, Object> values(Device opened) {
        var values = new LinkedHashMap<String, Object>();
        values.put("device", opened.name());
        values.put("device_description", opened.description());
        values.put("threads", threads());
        values.put("vector_bits", device.equals("vector") && VectorDevice.hasVectors()
                ? MachinePeak.vectorBits()
                : null);
        return values;
    }

    /// Checks that launches run in Java.
    ///
    /// @param command that needs it
    /// @param reason why
    /// @throws InputException if they do not
    void requireHost(String command, String reason) {
        if (TORNADO.matcher(device).matches()) {
            throw new InputException("--device is '" + device + "', but `" + command + "` " + reason
                    + "; expected vector or plain. Without --roofline it profiles any device.");
        }
    }
}
