package dev.triptych.device.plain;

import dev.triptych.device.Device;
import dev.triptych.device.HostSession;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import java.util.List;

/// Runs every kernel as it is written, one after another, on the calling thread: the reference that other devices are
/// compared with.
public final class PlainDevice implements Device {
    private final boolean reuse;

    /// Values in between may share memory.
    public PlainDevice() {
        this(true);
    }

    /// @param reuse without it every value in between stays readable after a run, as checks need
    public PlainDevice(boolean reuse) {
        this.reuse = reuse;
    }

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public String description() {
        return "kernels as written, one thread";
    }

    @Override
    public HostSession bind(State state, List<Program> programs) {
        return new PlainSession(state, programs, reuse);
    }

    @Override
    public HostSession bind(State state, Program... programs) {
        return bind(state, List.of(programs));
    }

    @Override
    public void close() {
        // holds nothing
    }

    private static final class PlainSession extends HostSession {
        PlainSession(State state, List<Program> programs, boolean reuse) {
            super(state, programs, reuse);
            bindAll(programs);
        }

        @Override
        protected Runnable bind(List<Launch> group) {
            return group.getFirst().call().bind(memory());
        }
    }
}
