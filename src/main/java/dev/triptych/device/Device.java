package dev.triptych.device;

import dev.triptych.program.Program;
import dev.triptych.program.State;
import java.util.List;
import java.util.Map;

/// Runs programs: `plain` as written on one thread, `vector` on all cores, `tornado` as task graphs on a GPU.
public interface Device extends AutoCloseable {
    /// The name by which users ask for it.
    String name();

    /// What runs, in one line, for provenance: processor, threads, vector width, driver.
    String description();

    /// What runs, as names and values for provenance; empty where the description says it all.
    default Map<String, Object> details() {
        return Map.of();
    }

    /// Gives memory to a state and to the programs over it, uploads constants and the first values of buffers.
    Session bind(State state, List<Program> programs);

    /// This device, or the same one set up so that [HostSession#timed] tells the times of what it runs.
    default Device forTiming() {
        return this;
    }

    /// Binds one or several programs.
    default Session bind(State state, Program... programs) {
        return bind(state, List.of(programs));
    }

    @Override
    void close();
}
