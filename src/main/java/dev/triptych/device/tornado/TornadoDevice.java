package dev.triptych.device.tornado;

import dev.triptych.device.Device;
import dev.triptych.device.DeviceException;
import dev.triptych.device.HostSession;
import dev.triptych.program.Call;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import java.util.List;
import java.util.Map;

/// Runs programs as TornadoVM task graphs, on a GPU or whatever else its SDK drives.
///
/// This class names none of TornadoVM's: it looks whether the SDK runs beneath this Java before it loads any that does.
public final class TornadoDevice implements Device {
    private static final String RUNTIME = "tornado.runtime";
    private static final String BAILOUT = "tornado.recover.bailout";
    private static final String BYTECODES = "tornado.tvm.maxbytecodesize";
    /// Says whether kernels take their versions for graphics cards, where the kind of the device shall not.
    static final String GROUPS = "triptych.tornado.groups";
    /// Says whether graphs are recorded and replayed, where the backend shall not.
    static final String REPLAY = "triptych.tornado.replay";
    private static final String CARDS = "kernels for graphics cards";
    private static final String PLAIN = "plain kernels";
    private static final String RECORDED = "graphs recorded and replayed, which CUDA alone does";
    private static final String EACH = "each task launched anew";
    private static final int LEAST_BYTECODES = 1 << 16;

    private final int index;
    private final int tasks;
    private final boolean groups;
    private final String chosenBy;
    private final Units units;
    private final boolean replayed;
    private boolean proven;

    /// TornadoVM's default device.
    ///
    /// @throws DeviceException if `unavailable` gives a reason
    public TornadoDevice() {
        this(-1);
    }

    /// The device of that number, as `tornado --devices` lists them backend by backend; -1 is the default one.
    ///
    /// @throws DeviceException if `unavailable` gives a reason, or if there is no such device
    public TornadoDevice(int index) {
        this(index, TornadoSession.TASKS, null);
    }

    /// The same with another length of graphs, or other versions of kernels.
    ///
    /// @param tasks most tasks in a graph, 1 to 100: longer programs become several graphs
    /// @param groups whether kernels take their versions for graphics cards; null: as `-Dtriptych.tornado.groups` says,
    ///     and where it says nothing, if the device is one
    /// @throws DeviceException if `unavailable` gives a reason, if there is no such device, if the property is neither
    ///     true nor false, or if the device's groups are too small for these versions
    public TornadoDevice(int index, int tasks, Boolean groups) {
        this(index, tasks, groups, null);
    }

    /// @param replayed whether graphs are recorded when they first run and replayed from then on; null: as
    ///     `-Dtriptych.tornado.replay` says, and where it says nothing, if the backend does so
    private TornadoDevice(int index, int tasks, Boolean groups, Boolean replayed) {
        if (tasks < 1 || tasks > 100) {
            throw new IllegalArgumentException("Graphs of " + tasks + " tasks: 1 to 100 are possible");
        }
        String reason = unavailable();
        if (reason != null) {
            throw new DeviceException(reason);
        }
        this.index = index;
        this.tasks = tasks;
        this.groups = groups == null ? Hardware.takesGroups(index) : groups;
        String said = System.getProperty(GROUPS);
        String option = said == null ? "type of the device" : "-D" + GROUPS + "=" + said;
        chosenBy = groups == null ? option : "the caller";
        if (this.groups) {
            Hardware.requireLanes(index);
        }
        this.units = new Units(this.groups);
        String replay = System.getProperty(REPLAY);
        this.replayed = replayed != null
                ? replayed
                : chosen(REPLAY, RECORDED, EACH, replay,
                        Hardware.replays(index));
    }

    /// What an option says, or what is so without it.
    private static boolean chosen(String option, String yes, String no, String said, boolean otherwise) {
        String wrong = wrongOption(option, yes, no, said);
        if (wrong != null) {
            throw new DeviceException(wrong);
        }
        return said == null ? otherwise : said.equals("true");
    }

    /// Whether kernels take their versions for graphics cards, where nobody says so for one device.
    ///
    /// @param said what `-Dtriptych.tornado.groups` says, which decides; null: nothing, so that cards take them
    /// @param graphicsCard whether the device is one
    /// @param lanes the most that a group of the device has
    /// @throws DeviceException if the property is neither true nor false
    static boolean takesGroups(String said, boolean graphicsCard, long lanes) {
        return chosen(GROUPS, CARDS, PLAIN, said, graphicsCard && lanes >= GroupKernels.TILE_LANES);
    }

    private static String wrongOption(String option, String yes, String no, String said) {
        return said == null || said.equals("true") || said.equals("false")
                ? null
                : "-D" + option + " is '" + said + "'; expected true (" + yes + "), false (" + no
                        + "), or no such option: the device then decides";
    }

    /// What is wrong with the options `-Dtriptych.tornado.groups` and `-Dtriptych.tornado.replay` of this Java, with
    /// the remedy; null if nothing is.
    public static String wrongOption() {
        String groups = wrongOption(GROUPS, CARDS, PLAIN, System.getProperty(GROUPS));
        return groups != null ? groups : wrongOption(REPLAY, RECORDED, EACH, System.getProperty(REPLAY));
    }

    /// The same device with those forms of kernels that it does not take: plain ones instead of those for graphics
    /// cards, or the reverse.
    ///
    /// @throws DeviceException if the device cannot run them
    public TornadoDevice withOtherForms() {
        return new TornadoDevice(index, tasks, !groups);
    }

    /// The same device, which launches each task by itself and so knows how long it takes.
    @Override
    public TornadoDevice forTiming() {
        return new TornadoDevice(index, tasks, groups, false);
    }

    /// Whether this device can run the versions of kernels for graphics cards.
    public boolean canTakeGroups() {
        return Hardware.lanes(index) >= GroupKernels.TILE_LANES;
    }

    /// Whether kernels take their versions for graphics cards.
    public boolean forGraphicsCards() {
        return groups;
    }

    /// Whether a kernel has two forms.
    public static boolean hasForms(Call call) {
        return Units.hasForms(call);
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
    /// @throws DeviceException if `unavailable` gives a reason
    public static List<String> list() {
        String reason = unavailable();
        if (reason != null) {
            throw new DeviceException(reason);
        }
        return Hardware.list();
    }

    @Override
    public String name() {
        return index < 0 ? "tornado" : "tornado:" + index;
    }

    @Override
    public String description() {
        return Hardware.describe(index) + ", " + Hardware.forms(groups);
    }

    @Override
    public Map<String, Object> details() {
        return Hardware.details(index, groups, chosenBy);
    }

    /// Before the first session, the device must show that it keeps what is not a number: relaxed maths does not, and a
    /// training that has gone wrong would not be seen to.
    ///
    /// @throws DeviceException if it does not, if memory is too small, or if a kernel does not compile
    @Override
    public HostSession bind(State state, List<Program> programs) {
        if (!proven) {
            SelfTest.run(index);
            proven = true;
        }
        return new TornadoSession(state, programs, index, tasks, units, replayed);
    }

    @Override
    public void close() {
        // sessions hold the device's memory
    }
}
