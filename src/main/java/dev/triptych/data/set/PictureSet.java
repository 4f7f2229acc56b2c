package dev.triptych.data.set;

import dev.triptych.data.file.RgbImage;
import dev.triptych.data.file.SquareResize;
import java.util.ArrayList;
import java.util.List;

/// Single pictures brought to squares (short side scaled, then the centre), each a class of its own with a name. Not
/// for several threads while pictures are added.
public final class PictureSet implements ImageSet {
    private final int side;
    private final List<String> names = new ArrayList<>();
    private final List<byte[]> squares = new ArrayList<>();

    /// An empty set.
    ///
    /// @param side of the squares
    public PictureSet(int side) {
        this.side = side;
    }

    /// Adds a picture of any size.
    public void add(String name, RgbImage picture) {
        byte[] square = new byte[3 * side * side];
        SquareResize.apply(picture, side, square, 0);
        names.add(name);
        squares.add(square);
    }

    @Override
    public int size() {
        return names.size();
    }

    @Override
    public int side() {
        return side;
    }

    @Override
    public List<String> classes() {
        return List.copyOf(names);
    }

    @Override
    public int label(int i) {
        return i;
    }

    @Override
    public void pixels(int i, byte[] rgbPlanar, int at) {
        System.arraycopy(squares.get(i), 0, rgbPlanar, at, squares.get(i).length);
    }

    @Override
    public boolean hasMasks() {
        return false;
    }

    @Override
    public void mask(int i, byte[] mask, int at) {
        throw new UnsupportedOperationException("single pictures have no object masks: use generated scenes");
    }
}
