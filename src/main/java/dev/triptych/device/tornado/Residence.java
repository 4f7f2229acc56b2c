package dev.triptych.device.tornado;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// The tasks of the graphs that give arenas their memory on the device: they could write, so TornadoVM keeps the arena
/// as read and written; they never do, since `go` holds 0. And the tasks that begin a program and test the device.
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

    /// a[0] = go, where go is not 0: it reads nothing of the array, so that nothing of it is sent.
    public static void makeRoom(int[] go, float[] a) {
        for (@Parallel int i = 0; i < 1; i++) {
            if (go[0] != 0) {
                a[0] = go[0];
            }
        }
    }

    /// A program begins: its first row in [Tables] is the next, and no run was made yet.
    public static void begin(int[] row, int[] integers) {
        for (@Parallel int i = 0; i < 2; i++) {
            // the second number sent is 0
            integers[i] = row[i];
        }
    }

    /// `y[i]` = whether `x[i]` is not a number, 1 or 0.
    public static void foundNotANumber(float[] x, int[] y) {
        for (@Parallel int i = 0; i < 2; i++) {
            y[i] = x[i] != x[i] ? 1 : 0;
        }
    }
}
