package dev.triptych.data.set;

import dev.triptych.data.file.Planar;
import java.util.List;

/// Labelled square RGB images of one size, addressed by index. Reading is safe from several threads.
public interface ImageSet {
    /// Number of images.
    int size();

    /// Width and height in pixels.
    int side();

    /// Class names; labels index this list.
    List<String> classes();

    /// Class of image i.
    int label(int i);

    /// Writes image i as unsigned bytes, planes R, G, B of side x side, to `rgbPlanar[at ..]` (3 * side * side bytes).
    void pixels(int i, byte[] rgbPlanar, int at);

    /// Whether object masks are known.
    boolean hasMasks();

    /// Writes the object number of every pixel (0 = background), side * side bytes.
    ///
    /// @throws UnsupportedOperationException where [#hasMasks()] is false
    void mask(int i, byte[] mask, int at);

    /// Files that were left out because they could not be read, each with its reason; empty unless skipping was asked.
    default List<String> skipped() {
        return List.of();
    }

    /// Writes images `indices` as floats in [0,1], one after the other (n, 3, side, side), without augmentation: what
    /// evaluation reads.
    default void images(int[] indices, float[] out, int at) {
        int length = 3 * side() * side();
        byte[] bytes = new byte[length];
        for (int n = 0; n < indices.length; n++) {
            pixels(indices[n], bytes, 0);
            Planar.toFloats(bytes, 0, out, at + n * length, length);
        }
    }
}
