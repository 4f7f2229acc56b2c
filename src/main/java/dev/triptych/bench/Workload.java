package dev.triptych.bench;

import dev.triptych.device.Session;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import java.util.List;
import java.util.Map;

/// A training step that can be measured: a program with the inputs that it takes.
public interface Workload extends AutoCloseable {
    /// What it is, as names and values of the report.
    Map<String, Object> description();

    /// Parameters and buffers.
    State state();

    /// One step: inputs to updated parameters.
    Program program();

    /// Its loss.
    Tensor loss();

    /// All programs that it runs: its step, and what it runs between steps.
    default List<Program> programs() {
        return List.of(program());
    }

    /// Images of a step.
    int images();

    /// First values of parameters, and inputs that stay the same in every step.
    void begin(Session session);

    /// Inputs of a step, counted from 0.
    void feed(Session session, long step);

    /// Seconds that `feed` has spent waiting for images so far.
    double waitedSeconds();

    @Override
    void close();
}
