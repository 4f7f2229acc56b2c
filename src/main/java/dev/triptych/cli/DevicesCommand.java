package dev.triptych.cli;

import dev.triptych.device.plain.PlainDevice;
import dev.triptych.device.tornado.TornadoDevice;
import dev.triptych.device.vector.VectorDevice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Lists what programs can run on here.
@Command(name = "devices", mixinStandardHelpOptions = true, description = {
        "List the devices for --device: plain, vector, and those of TornadoVM."}, footer = {
                "", "Example:", "  triptych devices"})
final class DevicesCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        var terminal = Terminal.of(spec);
        try (var plain = new PlainDevice(); var vector = new VectorDevice()) {
            terminal.print("plain      " + plain.description());
            terminal.print("vector     " + vector.description() + " (the default)");
        }
        String reason = TornadoDevice.unavailable();
        if (reason != null) {
            terminal.print("tornado    not available. " + reason);
            return;
        }
        var devices = TornadoDevice.list();
        for (int i = 0; i < devices.size(); i++) {
            terminal.print("tornado:" + i + "  " + devices.get(i) + (i == 0 ? " (--device tornado)" : ""));
        }
    }
}
