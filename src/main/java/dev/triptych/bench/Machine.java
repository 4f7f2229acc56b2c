package dev.triptych.bench;

import dev.triptych.train.Provenance;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the measurements ran on.
public final class Machine {
    private Machine() {
    }

    /// Commit, processor, cores, load, Java, as names and values of the report.
    public static Map<String, Object> values() {
        var values = new LinkedHashMap<String, Object>();
        var known = Provenance.collect("", 0, List.of()).values();
        for (String name : List.of("commit", "commit-changed", "cpu", "cores", "os", "jdk")) {
            values.put(name.replace('-', '_'), known.get(name));
        }
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        values.put("load_1m", load < 0 ? null : load);
        values.put("max_heap_mb", Runtime.getRuntime().maxMemory() / 1_000_000);
        values.put("date", OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return values;
    }

    /// Largest resident memory of this process; -1 where the system does not tell.
    static long peakResidentBytes() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.matches("VmHWM:\\s+\\d+ kB"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(-1);
        } catch (IOException e) {
            return -1;
        }
    }
}
