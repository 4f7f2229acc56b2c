package dev.triptych.train;

import dev.triptych.io.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a run was made with: program, machine, flags, command line. Written once when a run starts, and once more each
/// time it is resumed.
///
/// @param values names and values in the order of the file
public record Provenance(Map<String, Object> values) {
    public Provenance {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// Looks around and at the clock, for a device whose description says it all.
    ///
    /// @param device      what the programs run on, in words
    /// @param seed        the seed of the run
    /// @param commandLine the arguments of the program
    public static Provenance collect(String device, long seed, List<String> commandLine) {
        return collect(device, Map.of(), seed, commandLine);
    }

    /// Looks around and at the clock.
    ///
    /// @param device      what the programs run on, in words
    /// @param details     the same as names and values; left out if empty
    /// @param seed        the seed of the run
    /// @param commandLine the arguments of the program
    public static Provenance collect(String device, Map<String, Object> details, long seed, List<String> commandLine) {
        var values = new LinkedHashMap<String, Object>();
        var build = BuildStamp.ofThisProgram();
        values.put("version", build.version());
        values.put("commit", build.commit());
        values.put("commit-changed", build.changed());
        values.put("jdk", System.getProperty("java.vendor") + " " + Runtime.version());
        values.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        values.put("cpu", cpu());
        values.put("cores", Runtime.getRuntime().availableProcessors());
        values.put("max-heap-bytes", Runtime.getRuntime().maxMemory());
        values.put("jvm-flags", ManagementFactory.getRuntimeMXBean().getInputArguments());
        values.put("device", device);
        if (!details.isEmpty()) {
            values.put("device-details", details);
        }
        values.put("command-line", List.copyOf(commandLine));
        values.put("seed", seed);
        values.put("started", OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return new Provenance(values);
    }

    /// These values and one more.
    public Provenance with(String name, Object value) {
        var more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Provenance(more);
    }

    /// The content of the file.
    public String toJson() {
        return Json.write(values, true) + "\n";
    }

    private static String cpu() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name")).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
