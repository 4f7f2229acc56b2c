package dev.triptych.measure.feature;

import dev.triptych.method.InputException;
import java.util.Locale;

/// What an evaluation keeps of all images: numbers by image, times images. Added up before anything runs, so that what
/// does not fit is refused at once and not after an hour.
public final class Room {
    private static final long LONGEST_ARRAY = Integer.MAX_VALUE - 64;

    private final String remedy;
    private final long heap;
    private long bytes;

    /// @param remedy what makes it smaller, a sentence
    public Room(String remedy) {
        this(remedy, Runtime.getRuntime().maxMemory());
    }

    Room(String remedy, long heap) {
        this.remedy = remedy;
        this.heap = heap;
    }

    /// Adds an array of numbers of four bytes.
    ///
    /// @param copies how often it is kept at the same time
    /// @throws InputException where it is longer than a Java array can be, or all together do not fit into this Java
    public Room add(String what, long images, long width, int copies) {
        if (images > LONGEST_ARRAY / width) {
            throw new InputException(String.format(Locale.ROOT, "%s: %,d images of %,d numbers each, more than the %,d "
                    + "of a Java array. %s", what, images, width, LONGEST_ARRAY, remedy));
        }
        bytes += copies * 4 * images * width;
        if (bytes > heap) {
            throw new InputException(String.format(Locale.ROOT, "%s: with %,d images of %,d numbers each the "
                    + "evaluation keeps %,d MB; this Java has %,d MB. %s Or give it more: TRIPTYCH_HEAP.", what, images,
                    width, bytes / 1_000_000, heap / 1_000_000, remedy));
        }
        return this;
    }
}
