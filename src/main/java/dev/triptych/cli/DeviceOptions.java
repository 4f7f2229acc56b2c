package dev.triptych.cli;

import dev.triptych.device.Device;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.device.tornado.TornadoDevice;
import dev.triptych.device.vector.VectorDevice;
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
    /// @throws InputException if it is unknown or not to be had here
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
            return tornado(tornado.group(1) == null ? -1 : Integer.parseInt(tornado.group(1)));
        }
        return switch (device) {
            case "plain" -> new PlainDevice();
            case "vector" -> threads == null ? new VectorDevice() : new VectorDevice(threads);
            default -> throw new InputException("--device is '" + device
                    + "'; expected plain, vector, tornado or tornado:NUMBER. `triptych devices` lists what is here.");
        };
    }

    private static Device tornado(int index) {
        try {
            return new TornadoDevice(index);
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new InputException(e.getMessage() + ". `triptych devices` lists what is here.", e);
        }
    }
}
