package dev.triptych.device.tornado;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What TornadoVM's profiler writes of the runs of a graph: an object of JSON for each run, in one text that grows.
final class ProfileLog {
    private static final Pattern TASK = Pattern.compile("\"[^\"]+\\.([^\".]+)\": \\{([^{}]*)\\}");
    private static final Pattern TIME = Pattern.compile("\"TASK_KERNEL_TIME\": \"(\\d+)\"");

    private ProfileLog() {
    }

    /// Nanoseconds that the device spent on each task that it executed, by the task's name.
    ///
    /// @param run what was written of one run
    static Map<String, Long> tasks(String run) {
        var times = new HashMap<String, Long>();
        for (MatchResult task : TASK.matcher(run).results().toList()) {
            TIME.matcher(task.group(2)).results()
                    .forEach(time -> times.put(task.group(1), Long.parseLong(time.group(1))));
        }
        return times;
    }
}
