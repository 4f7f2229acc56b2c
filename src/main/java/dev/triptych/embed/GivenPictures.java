package dev.triptych.embed;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.JpegDecoder;
import dev.triptych.data.file.LimitedDecoder;
import dev.triptych.data.set.PictureSet;
import dev.triptych.method.InputException;
import dev.triptych.recipe.Recipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Pictures that are named one by one.
public final class GivenPictures {
    private static final Duration TIME = Duration.ofSeconds(20);
    private static final long LARGEST = 1L << 28;

    private GivenPictures() {
    }

    /// What decodes pictures that are not the training's, within the recipe's limit of pixels and limits of bytes and
    /// time.
    public static LimitedDecoder decoder(Recipe recipe) {
        return new LimitedDecoder(new ImageDecoder(recipe.data().maxPixels(), LARGEST, JpegDecoder.raster()), TIME);
    }

    /// Decodes all of them within the limits of size, bytes and time.
    ///
    /// @param side of the squares that they become
    /// @throws InputException listing all that are refused, each with its reason
    public static PictureSet read(List<Path> files, int side, LimitedDecoder decoder) {
        var pictures = new PictureSet(side);
        var refused = new ArrayList<String>();
        for (Path file : files) {
            var outcome = decoder.decode(file);
            if (outcome.image() == null) {
                refused.add(file + ": " + outcome.refusal().refusal().text() + ": " + outcome.refusal().reason());
            } else {
                pictures.add(file.getFileName().toString(), outcome.image());
            }
        }
        if (!refused.isEmpty()) {
            throw new InputException(refused.size() + " of " + files.size() + " pictures cannot be read; expected PNG, "
                    + "JPEG, GIF, BMP, PNM, TIFF or WebP files:\n  " + String.join("\n  ", refused)
                    + "\nLeave them out, or convert them.");
        }
        return pictures;
    }
}
