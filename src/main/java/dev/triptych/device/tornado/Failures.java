package dev.triptych.device.tornado;

import dev.triptych.device.DeviceException;
import dev.triptych.program.Kernel;
import dev.triptych.program.Launch;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What TornadoVM says when a graph fails, in terms of kernels and remedies.
final class Failures {
    private static final List<String> MEMORY = List.of("outofmemory", "unable to allocate", "out of memory",
            "allocation_failure", "out_of_resources", "out_of_host_memory");

    private Failures() {
    }

    /// The failure of a graph.
    ///
    /// @param launches that the graph was to carry out
    /// @param bytes of all arenas
    /// @param groups whether kernels took their versions for graphics cards
    /// @param compiles tries a launch by itself; asked where the failure names no kernel
    static DeviceException explain(Throwable failure, List<Launch> launches, long bytes, boolean groups,
            Predicate<Launch> compiles) {
        String said = Stream.iterate(failure, e -> e != null, Throwable::getCause).limit(9)
                .map(Throwable::toString).reduce("", (a, b) -> a + "\n" + b);
        List<String> all = launches.stream().map(l -> l.kernel().toString()).distinct().toList();
        boolean memory = MEMORY.stream().anyMatch(said.toLowerCase(Locale.ROOT)::contains);
        List<String> named = launches.stream().map(Launch::kernel).filter(k -> names(said, k)).map(Kernel::toString)
                .distinct().toList();
        if (named.isEmpty() && !memory) {
            named = launches.stream().filter(compiles.negate()).map(l -> l.kernel().toString()).distinct().toList();
        }
        String which = launches.isEmpty()
                ? "sending the arenas"
                : named.isEmpty()
                        ? "one of the kernels " + String.join(", ", all)
                        : "kernel " + String.join(", ", named);
        String remedy = memory
                ? "The device's memory ran out; the arenas take " + (bytes >> 20)
                        + " MiB. Lower training.batch, or raise -Dtornado.device.memory if the device has more."
                : "If the kernel does not compile on this device, use "
                        + (groups ? "plain kernels (JAVA_OPTS=-D" + TornadoDevice.GROUPS + "=false) or " : "")
                        + "--device vector, and report the kernel and the driver; -Dtornado.printKernel=True shows "
                        + "the code.";
        return new DeviceException("TornadoVM failed on " + which + ": "
                + said.strip().lines().findFirst().orElse("") + ". " + remedy, failure);
    }

    /// Whether the text names the kernel, or its task: the name with a number.
    private static boolean names(String text, Kernel kernel) {
        return text.matches("(?s).*(?<![A-Za-z0-9])" + kernel.name() + "\\d*(?![A-Za-z0-9]).*");
    }
}
