package dev.triptych.device.tornado;

import dev.triptych.device.DeviceException;
import java.util.List;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;

/// The smallest graph: it must run on the device, and what is not a number must remain so there.
final class SelfTest {
    private SelfTest() {
    }

    /// Runs it.
    ///
    /// @param device its number, or -1
    /// @throws DeviceException if it fails
    static void run(int device) {
        float[] x = {Float.NaN, 1f};
        int[] found = {-1, -1};
        var graph = new TaskGraph("selftest").transferToDevice(DataTransferMode.EVERY_EXECUTION, x, found);
        graph.task("foundNotANumber", Residence::foundNotANumber, x, found)
                .transferToHost(DataTransferMode.EVERY_EXECUTION, found);
        long nanoseconds;
        try (var plan = new TornadoExecutionPlan(graph.snapshot())) {
            if (device >= 0) {
                plan.withDevice(Hardware.find(device));
            }
            plan.withProfiler(ProfilerMode.SILENT);
            nanoseconds = plan.execute().getProfilerResult().getDeviceKernelTime();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Exception | Error e) {
            throw Failures.explain(e, List.of(), 0, false, l -> true);
        }
        if (nanoseconds <= 0) {
            throw new DeviceException("The self-test took no time on " + Hardware.describe(device)
                    + ", so it did not run there: check the driver with `tornado --devices`");
        }
        if (found[0] != 1 || found[1] != 0) {
            throw new DeviceException("On " + Hardware.describe(device) + " NaN is found to be a number (" + found[0]
                    + ", expected 1; for the number 1 " + found[1] + ", expected 0), so a training that has gone wrong "
                    + "would not be noticed: start Java with -Dtornado.opencl.compiler.flags=-cl-mad-enable, which "
                    + "leaves relaxed maths out, as the launcher does");
        }
    }
}
