package dev.triptych.method;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.set.Subset;
import java.util.Map;

/// How a run is to be judged.
///
/// @param limitTrain training images that are learnt from; 0 for all
/// @param images whether sheets show the pictures themselves
/// @param given values of the judge's own options, of those that were given
public record Judging(int limitTrain, boolean images, Map<Option<?>, Object> given) {
    /// The value of an option.
    ///
    /// @param otherwise where it was not given
    public <T> T value(Option<T> option, T otherwise) {
        Object value = given.get(option);
        return value == null ? otherwise : option.type().cast(value);
    }

    /// The images that are learnt from, drawn all over a set.
    ///
    /// @throws InputException if there are fewer
    public ImageSet limited(ImageSet set) {
        return limited(set, limitTrain, "--limit-train");
    }

    /// That many images of a set, drawn all over it; 0 means all.
    ///
    /// @param key what asked for them, for the message
    /// @throws InputException if there are fewer
    public static ImageSet limited(ImageSet set, int count, String key) {
        if (count > set.size()) {
            throw new InputException(key + " is " + count + ", but there are " + set.size()
                    + " images; expected at most as many. Lower it, or give 0 for all.");
        }
        if (count == 0 || count == set.size()) {
            return set;
        }
        return ImageSets.subset(set, Subset.drawn(set.size(), count));
    }
}
