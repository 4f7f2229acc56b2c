package dev.triptych.measure.feature;

import dev.triptych.data.set.ImageSet;
import dev.triptych.method.Option;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/// The pixels themselves as features of both sets: the baseline that needs no encoder. It is the same for every run on
/// the same images, and costs more than all other figures together, so an evaluation may leave it out.
public record RawPixels(Features train, Features test) {
    /// Leaves this baseline out.
    public static final Option<Boolean> LEFT_OUT = new Option<>("--no-pixels", Boolean.class, "",
            List.of("Leave out the baseline of raw pixels: the same for every run, and slower than all the rest."),
            ", which has no baseline of raw pixels");

    private static final RawPixels NONE = new RawPixels(null, null);

    /// The pixels of two sets.
    ///
    /// @param wanted whether the baseline is measured at all
    public static RawPixels of(ImageSet train, ImageSet test, boolean wanted) {
        return wanted ? new RawPixels(Features.pixels(train), Features.pixels(test)) : NONE;
    }

    /// A figure of the pixels; NaN where the baseline is left out.
    public double figure(ToDoubleBiFunction<Features, Features> measure) {
        return train == null ? Double.NaN : measure.applyAsDouble(train, test);
    }
}
