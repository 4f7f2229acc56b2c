package dev.triptych.device.tornado;

import dev.triptych.device.DeviceException;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What TornadoVM says when a graph fails, in terms of kernels and remedies.
final class Failures {
    private static final List<String> MEMORY = List.of("outofmemory", "unable to allocate", "out of memory",
            "allocation_failure", "out_of_resources", "out_of_host_memory");

    private Failures() {
    }

    /// The failure of a graph.
    ///
    /// @param units that the graph was to carry out
    /// @param bytes of all arenas
    /// @param groups whether kernels took their versions for graphics cards
    /// @param compiles tries a unit by itself; asked where the failure names no kernel
    static DeviceException explain(Throwable failure, List<Unit> units, long bytes, boolean groups,
            Predicate<Unit> compiles) {
        String said = Stream.iterate(failure, e -> e != null, Throwable::getCause).limit(9)
                .map(Throwable::toString).reduce("", (a, b) -> a + "\n" + b);
        boolean memory = MEMORY.stream().anyMatch(said.toLowerCase(Locale.ROOT)::contains);
        List<Unit> named = units.stream().filter(unit -> names(said, unit)).toList();
        if (named.isEmpty() && !memory) {
            named = units.stream().filter(compiles.negate()).toList();
        }
        String which = units.isEmpty()
                ? "sending the arenas"
                : named.isEmpty()
                        ? "one of the kernels " + text(units)
                        : "kernel " + text(named);
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

    private static String text(List<Unit> units) {
        return units.stream().map(Unit::toString).distinct().collect(Collectors.joining(", "));
    }

    /// Whether the text names a kernel of the unit, or its task: the name with a number.
    private static boolean names(String text, Unit unit) {
        return Stream.concat(unit.launches().stream().map(launch -> launch.kernel().name()),
                unit.tasks().stream().map(Unit.Task::name))
                .anyMatch(name -> text.matches("(?s).*(?<![A-Za-z0-9])" + name + "\\d*(?![A-Za-z0-9]).*"));
    }
}
