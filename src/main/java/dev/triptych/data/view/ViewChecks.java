package dev.triptych.data.view;

/// What settings of views have to be; each check throws [IllegalArgumentException] with the value found.
public final class ViewChecks {
    private ViewChecks() {
    }

    /// A probability.
    public static void flip(float flip) {
        if (!(flip >= 0 && flip <= 1)) {
            throw new IllegalArgumentException("flip is " + flip + ", expected a probability, 0 to 1");
        }
    }

    /// A count or a side of pixels.
    public static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", expected at least " + least);
        }
    }

    /// A side that patches fill.
    public static void multiple(String name, int value, int patch) {
        if (value % patch != 0) {
            throw new IllegalArgumentException(name + " is " + value + ", not a multiple of the patch of " + patch
                    + " pixels: choose a multiple");
        }
    }

    /// The shares of the area that crops of one kind have.
    public static void scale(String name, float lo, float hi) {
        if (!(lo > 0 && lo <= hi && hi <= 1)) {
            throw new IllegalArgumentException("scale of " + name + " crops is " + lo + " to " + hi
                    + ", expected 0 < lo <= hi <= 1");
        }
    }
}
