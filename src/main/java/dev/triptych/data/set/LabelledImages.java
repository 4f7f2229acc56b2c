package dev.triptych.data.set;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.RgbImage;
import java.util.List;

/// A source of labelled images that are not yet square or of one size: what [PackedSet] packs. Reading image i is safe
/// from several threads.
public interface LabelledImages {
    /// Number of images, bad ones included.
    int size();

    /// Class names; labels index this list.
    List<String> classes();

    /// Class of image i.
    int label(int i);

    /// Decodes image i.
    ///
    /// @throws ImageException where it cannot be read
    RgbImage image(int i);

    /// A text that changes whenever the content may have changed: paths, sizes and times of all files.
    String fingerprint();

    /// Version of the decoder that makes the pixels, [ImageDecoder#VERSION]; 0 where they are stored as they are. A set
    /// packed by another version is packed anew.
    default int decoder() {
        return ImageDecoder.VERSION;
    }

    /// Where the images come from, for messages.
    String origin();
}
