package dev.triptych.measure.segment;

import java.util.List;
import java.util.Map;

/// What is known of each patch of a picture's windows: dense features, the product L S, or colours and places.
interface PatchSource {
    /// Features by name.
    ///
    /// @param windows of a picture
    /// @return for each name of [#names], (windows, grid x grid, width)
    Map<String, float[]> of(PictureWindows windows);

    /// The names, in order.
    List<String> names();

    /// Numbers of a patch.
    int width(String name);
}
