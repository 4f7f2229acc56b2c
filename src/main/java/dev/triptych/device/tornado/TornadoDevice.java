package dev.triptych.device.tornado;

import dev.triptych.device.Device;
import dev.triptych.device.HostSession;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import java.util.List;

/// Runs programs as TornadoVM task graphs, on a GPU or whatever else its SDK drives.
///
/// This class names none of TornadoVM's: it looks whether the SDK runs beneath this Java before it loads any that does.
public final class TornadoDevice implements Device {
    private static final String RUNTIME = "tornado.runtime";
    private static final String BAILOUT = "tornado.recover.bailout";
    private static final String BYTECODES = "tornado.tvm.maxbytecodesize";
    private static final int LEAST_BYTECODES = 1 << 16;

    private final int index;
    private final int tasks;

    /// TornadoVM's default device.
    ///
    /// @throws IllegalStateException if `unavailable` gives a reason
    public TornadoDevice() {
        this(-1);
    }

    /// The device of that number, as `tornado --devices` lists them backend by backend; -1 is the default one.
    ///
    /// @throws IllegalStateException if `unavailable` gives a reason
    /// @throws IllegalArgumentException if there is no such device
    public TornadoDevice(int index) {
        this(index, TornadoSession.TASKS);
    }

    /// The same with another length of graphs.
    ///
    /// @param tasks most tasks in a graph, 1 to 100: longer programs become several graphs
    public TornadoDevice(int index, int tasks) {
        if (tasks < 1 || tasks > 100) {
            throw new IllegalArgumentException("Graphs of " + tasks + " tasks: 1 to 100 are possible");
        }
        String reason = unavailable();
        if (reason != null) {
            throw new IllegalStateException(reason);
        }
        Hardware.find(index);
        this.index = index;
        this.tasks = tasks;
    }

    /// Why this Java cannot run programs on TornadoVM, with the remedy; null if it can.
    public static String unavailable() {
        if (ModuleLayer.boot().findModule(RUNTIME).isEmpty()) {
            String home = System.getenv("TORNADOVM_HOME");
            return "Device 'tornado' needs TornadoVM's SDK beneath Java, and this Java was started without it: "
                    + (home == null
                            ? "TORNADOVM_HOME is not set; install the SDK (sdk install tornadovm), set it, and "
                            : "")
                    + "start Java with @" + (home == null ? "$TORNADOVM_HOME" : home) + "/tornado-argfile -D" + BAILOUT
                    + "=False -D" + BYTECODES + "=1048576";
        }
        String bailout = System.getProperty(BAILOUT, "True");
        if (Boolean.parseBoolean(bailout)) {
            return "Device 'tornado': " + BAILOUT + " is " + bailout
                    + ", so that a kernel which fails to compile would "
                    + "silently run as sequential Java: start Java with -D" + BAILOUT + "=False";
        }
        int bytecodes = Integer.getInteger(BYTECODES, 4096);
        if (bytecodes < LEAST_BYTECODES) {
            return "Device 'tornado': " + BYTECODES + " is " + bytecodes + ", too few for a graph of "
                    + TornadoSession.TASKS + " tasks, at least " + LEAST_BYTECODES + " is needed: start Java with -D"
                    + BYTECODES + "=1048576";
        }
        return null;
    }

    /// The devices that TornadoVM finds, in the order of their numbers.
    ///
    /// @throws IllegalStateException if `unavailable` gives a reason
    public static List<String> list() {
        String reason = unavailable();
        if (reason != null) {
            throw new IllegalStateException(reason);
        }
        return Hardware.list();
    }

    @Override
    public String name() {
        return index < 0 ? "tornado" : "tornado:" + index;
    }

    @Override
    public String description() {
        return Hardware.describe(index);
    }

    @Override
    public HostSession bind(State state, List<Program> programs) {
        return new TornadoSession(state, programs, index, tasks);
    }

    @Override
    public void close() {
        // sessions hold the device's memory
    }
}
