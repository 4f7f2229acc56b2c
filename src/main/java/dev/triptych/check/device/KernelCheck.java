package dev.triptych.check.device;

import dev.triptych.device.Device;
import dev.triptych.device.DeviceException;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.program.Kernel;
import java.util.List;

/// What came of comparing one kernel on a device with the plain device.
///
/// @param kernel that was compared
/// @param cases how many shapes
/// @param error largest difference relative to the largest number that the plain device wrote in that case; NaN where
///     one device gave a number and the other none
/// @param tolerance what it may be
/// @param worst the case with the largest error, and where in it
/// @param failure why the device did not run the kernel; null if it did
public record KernelCheck(Kernel kernel, int cases, double error, double tolerance, String worst, String failure) {
    /// Whether the kernel ran and agreed.
    public boolean passed() {
        return failure == null && error <= tolerance;
    }

    /// Runs all cases of a kernel on a device and on the plain one.
    public static KernelCheck of(List<KernelCase> cases, Device device) {
        Kernel kernel = cases.getFirst().call().kernel();
        double tolerance = KernelTable.tolerance(cases.getFirst().call());
        List<List<Object>> expected;
        List<List<Object>> found;
        try (var plain = new PlainDevice()) {
            expected = KernelCase.run(plain, cases);
        }
        try {
            found = KernelCase.run(device, cases);
        } catch (DeviceException | IllegalStateException e) {
            return new KernelCheck(kernel, cases.size(), Double.NaN, tolerance, "", e.getMessage());
        }
        double error = 0;
        String worst = "";
        for (int i = 0; i < expected.size(); i++) {
            for (int j = 0; j < expected.get(i).size(); j++) {
                Difference d = Difference.of(expected.get(i).get(j), found.get(i).get(j));
                if (!(d.error() <= error)) {
                    error = d.error();
                    worst = cases.get(i).shape() + ": " + d.text();
                    if (Double.isNaN(error)) {
                        return new KernelCheck(kernel, cases.size(), error, tolerance, worst, null);
                    }
                }
            }
        }
        return new KernelCheck(kernel, cases.size(), error, tolerance, worst, null);
    }
}
