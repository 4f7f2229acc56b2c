package dev.triptych.data.set;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.RgbImage;
import java.util.List;

/// Pictures of any size with the class of every pixel.
public interface SegmentationSet {
    /// The label of pixels that do not count.
    int IGNORED = -1;

    /// A picture and its labels.
    ///
    /// @param name for people
    /// @param picture of any size
    /// @param labels class of each pixel (height x width), or [#IGNORED]
    record Sample(String name, RgbImage picture, int[] labels) {
        /// Checks that there is a label for each pixel.
        public Sample {
            if (labels.length != picture.width() * picture.height()) {
                throw new IllegalArgumentException(
                        name + ": " + labels.length + " labels for " + picture.width() + " x "
                                + picture.height() + " pixels: expected one each");
            }
        }
    }

    /// Number of pictures.
    int size();

    /// Class names; labels index this list.
    List<String> classes();

    /// Reads picture i and its labels.
    ///
    /// @throws ImageException where one of them cannot be read
    Sample sample(int i);
}
