package dev.triptych.device.tornado;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// The two tasks of the graph that gives arenas their memory on the device: they could write, so TornadoVM keeps the
/// arena as read and written; they never do, since `go` holds 0.
public final class Residence {
    private Residence() {
    }

    /// a[0] += go, where go is not 0.
    public static void residentFloats(int[] go, float[] a) {
        for (@Parallel int i = 0; i < 1; i++) {
            if (go[0] != 0) {
                a[0] = a[0] + go[0];
            }
        }
    }

    /// a[0] += go, where go is not 0.
    public static void residentIntegers(int[] go, int[] a) {
        for (@Parallel int i = 0; i < 1; i++) {
            if (go[0] != 0) {
                a[0] = a[0] + go[0];
            }
        }
    }
}
