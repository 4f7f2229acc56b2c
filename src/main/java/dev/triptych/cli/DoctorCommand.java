package dev.triptych.cli;

import dev.triptych.device.tornado.TornadoDevice;
import dev.triptych.report.Sheet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Looks at the machine: what is found, what is expected, how to mend it.
@Command(name = "doctor", mixinStandardHelpOptions = true, description = {
        "Look whether this machine has what Triptych needs.", "Exit code 1 if something needed is missing."}, footer = {
                "", "Example:", "  triptych doctor"})
final class DoctorCommand implements Callable<Integer> {
    private static final int JDK = 25;
    private static final long HEAP_MIB = 2048;
    private static final String VECTOR = "jdk.incubator.vector";

    @Spec
    private CommandSpec spec;

    private Terminal terminal;
    private boolean missing;

    @Override
    public Integer call() {
        terminal = Terminal.of(spec);
        missing = false;
        var version = Runtime.version();
        needed("JDK", version + ", " + System.getProperty("java.vendor"), version.feature() >= JDK,
                "expected " + JDK + " or newer: install Temurin " + JDK + " (https://adoptium.net) or set JAVA_HOME");
        boolean vector = ModuleLayer.boot().findModule(VECTOR).isPresent();
        needed("Vector API", vector ? "module " + VECTOR : "absent", vector,
                "expected module " + VECTOR + ": start Java with --add-modules " + VECTOR);
        long heap = Runtime.getRuntime().maxMemory() >> 20;
        needed("heap", heap + " MiB", heap >= HEAP_MIB, "expected " + HEAP_MIB + " MiB or more for the recipes that "
                + "train on CPUs: start Java with a larger -Xmx");
        int cores = Runtime.getRuntime().availableProcessors();
        optional("cores", Integer.toString(cores), cores >= 2,
                "expected 2 or more: training works, at half the speed that the README states");
        String tornado = TornadoDevice.unavailable();
        optional("TornadoVM", tornado == null ? TornadoDevice.list().size() + " devices" : "not available",
                tornado == null, "only --device tornado needs it. " + tornado);
        var font = Sheet.fontProblem();
        optional("font", font.isEmpty() ? "found" : "none", font.isEmpty(), font.orElse(""));
        terminal.print(missing ? "Something that is needed is missing." : "All that is needed is here.");
        return missing ? 1 : 0;
    }

    private void needed(String what, String found, boolean good, String remedy) {
        missing |= !good;
        line(what, found, good ? "ok" : "MISSING", good ? "" : remedy);
    }

    private void optional(String what, String found, boolean good, String remedy) {
        line(what, found, good ? "ok" : "optional", good ? "" : remedy);
    }

    private void line(String what, String found, String verdict, String remedy) {
        terminal.print(String.format("%-11s %-9s %s%s", what, verdict, found, remedy.isEmpty() ? "" : " - " + remedy));
    }
}
