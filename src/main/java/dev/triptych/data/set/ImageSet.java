package dev.triptych.data.set;

import dev.triptych.data.file.Planar;
import dev.triptych.data.file.RgbImage;
import java.util.List;

/// Square RGB images of one size, addressed by index. Reading is safe from several threads.
public interface ImageSet {
    /// Number of images.
    int size();

    /// Width and height in pixels.
    int side();

    /// Class names; labels index this list. Empty where there are no labels.
    List<String> classes();

    /// Class of image i; 0 where there are none.
    int label(int i);

    /// Name of the class of image i; empty where there are none.
    default String className(int i) {
        return ClassNames.of(classes(), label(i));
    }

    /// Writes image i as unsigned bytes, planes R, G, B of side x side, to `rgbPlanar[at ..]` (3 * side * side bytes).
    void pixels(int i, byte[] rgbPlanar, int at);

    /// The picture that crops of image i are cut from: the square itself where nothing larger is at hand.
    default RgbImage original(int i) {
        byte[] planes = new byte[3 * side() * side()];
        pixels(i, planes, 0);
        return new RgbImage(side(), side(), planes);
    }

    /// Whether object masks are known.
    boolean hasMasks();

    /// Writes the object number of every pixel (0 = background), side * side bytes.
    ///
    /// @throws UnsupportedOperationException where [#hasMasks()] is false
    void mask(int i, byte[] mask, int at);

    /// Pictures that were left out because they could not be read, in the order of their files.
    default List<Unread> skipped() {
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
