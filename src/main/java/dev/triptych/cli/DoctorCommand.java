package dev.triptych.cli;

import dev.triptych.data.source.FileNames;
import dev.triptych.device.DeviceException;
import dev.triptych.device.tornado.CudaLibraries;
import dev.triptych.device.tornado.TornadoDevice;
import dev.triptych.method.Words;
import dev.triptych.sheet.Sheet;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Looks at the machine: what is found, what is expected, how to mend it.
@Command(name = "doctor", mixinStandardHelpOptions = true, description = {
        "Look whether this machine has what Triptych needs.",
        "Exit code 1 if something needed is missing, or an option of Java is wrong."}, footer = {
                "", "Example:", "  triptych doctor"})
final class DoctorCommand implements Callable<Integer> {
    private static final int JDK = 25;
    private static final long HEAP_MIB = 2048;
    private static final Path DRIVERS = Path.of("/etc/OpenCL/vendors");
    private static final String VECTOR = "jdk.incubator.vector";

    private static final String INDENT = "    ";

    @Spec
    private CommandSpec spec;

    private Terminal terminal;
    private boolean missing;
    private boolean wrong;

    @Override
    public Integer call() {
        terminal = Terminal.of(spec);
        missing = false;
        wrong = false;
        var version = Runtime.version();
        needed("JDK", version + ", " + System.getProperty("java.vendor"), version.feature() >= JDK,
                "expected " + JDK + " or newer: install Temurin " + JDK + " (https://adoptium.net) or set JAVA_HOME");
        boolean vector = ModuleLayer.boot().findModule(VECTOR).isPresent();
        needed("Vector API", vector
                ? "module " + VECTOR + "; that Java warns of an incubator module at every start is as it should be"
                : "absent", vector,
                "expected module " + VECTOR + ": start Java with --add-modules " + VECTOR);
        long heap = Runtime.getRuntime().maxMemory() >> 20;
        needed("heap", heap + " MiB", heap >= HEAP_MIB, "expected " + HEAP_MIB + " MiB or more for the recipes that "
                + "train on CPUs: give it more, TRIPTYCH_HEAP=" + HEAP_MIB + "m");
        int cores = Runtime.getRuntime().availableProcessors();
        optional("cores", Integer.toString(cores), cores >= 2,
                "expected 2 or more: training works, at half the speed that docs/performance.md states");
        optional("memory", memory() + " MiB in this machine", true, "");
        optional("OpenCL", drivers().isEmpty() ? "no driver in " + DRIVERS : String.join(", ", drivers()),
                !drivers().isEmpty(), "only --device tornado needs one: install nvidia-driver (NVIDIA), "
                        + "rocm-opencl-icd or mesa-opencl-icd (AMD), intel-opencl-icd (Intel); pocl-opencl-icd "
                        + "computes on the CPU");
        cuda();
        tornado();
        String names = FileNames.encoding();
        optional("file names", names, names.equals("UTF-8"), "expected UTF-8: pictures and folders whose names have "
                + "other letters are refused. Start with ./triptych, or set LC_ALL=C.UTF-8");
        var font = Sheet.fontProblem();
        optional("font", font.isEmpty() ? "found" : "none", font.isEmpty(), font.orElse(""));
        if (missing || !wrong) {
            terminal.print(missing ? "Something that is needed is missing." : "All that is needed is here.");
        }
        if (wrong) {
            terminal.print("An option of Java is wrong.");
        }
        return missing || wrong ? 1 : 0;
    }

    /// The first choice for cards of NVIDIA.
    private void cuda() {
        String home = System.getenv("TORNADOVM_HOME");
        var libraries = CudaLibraries.find(home == null ? null : Path.of(home));
        optional("CUDA", libraries.found(), libraries.complete(),
                "only --device tornado on a card of NVIDIA needs it: " + libraries.remedy());
    }

    private void tornado() {
        String home = System.getenv("TORNADOVM_HOME");
        boolean sdk = home != null && Files.exists(Path.of(home, "tornado-argfile"));
        optional("SDK", home == null ? "TORNADOVM_HOME is not set" : home, sdk, "only --device tornado needs it: "
                + "sdk install tornadovm, and set TORNADOVM_HOME to the folder that holds tornado-argfile");
        String option = TornadoDevice.wrongOption();
        if (option != null) {
            wrong = true;
            line("TornadoVM", option, "WRONG", "mend JAVA_OPTS, or the command that starts Java");
            return;
        }
        String reason = TornadoDevice.unavailable();
        if (reason != null) {
            optional("TornadoVM", "not available", false, "only --device tornado needs it. " + reason);
            return;
        }
        try {
            List<String> devices = TornadoDevice.list();
            optional("TornadoVM", devices.size() + " devices", !devices.isEmpty(), "expected one at least: install the "
                    + "driver of your graphics card, and a TornadoVM SDK with its backend");
            for (int i = 0; i < devices.size(); i++) {
                optional("tornado:" + i, devices.get(i), true, "");
            }
        } catch (DeviceException e) {
            optional("TornadoVM", "not available", false, e.getMessage());
        }
    }

    /// The machine's memory in MiB; the container's where that is less.
    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize() >> 20
                : 0;
    }

    /// Names of the OpenCL drivers that this machine's loader knows.
    private static List<String> drivers() {
        try (Stream<Path> files = Files.list(DRIVERS)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".icd")).sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private void needed(String what, String found, boolean good, String remedy) {
        missing |= !good;
        line(what, found, good ? "ok" : "MISSING", good ? "" : remedy);
    }

    private void optional(String what, String found, boolean good, String remedy) {
        line(what, found, good ? "ok" : "optional", good ? "" : remedy);
    }

    private void line(String what, String found, String verdict, String remedy) {
        String text = String.format("%-11s %-9s %s%s", what, verdict, found, remedy.isEmpty() ? "" : " - " + remedy);
        if (text.length() <= terminal.columns()) {
            terminal.print(text);
            return;
        }
        terminal.print(String.format("%-11s %s", what, verdict));
        Words.lines(found + (remedy.isEmpty() ? "" : " - " + remedy), terminal.columns() - INDENT.length())
                .forEach(part -> terminal.print(INDENT + part));
    }
}
