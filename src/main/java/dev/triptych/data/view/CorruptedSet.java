package dev.triptych.data.view;

import dev.triptych.data.file.RgbImage;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.Unread;
import dev.triptych.data.source.Split;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.util.List;

/// The squares of a set, made worse as they are read: the same ones every time, in every run, as if they lay on a disk.
///
/// @param set the clean ones
/// @param split the part, of which each draws noise of its own
public record CorruptedSet(ImageSet set, PictureCorruption corruption, Split split) implements ImageSet {
    @Override
    public int size() {
        return set.size();
    }

    @Override
    public int side() {
        return set.side();
    }

    @Override
    public List<String> classes() {
        return set.classes();
    }

    @Override
    public int label(int i) {
        return set.label(i);
    }

    @Override
    public void pixels(int i, byte[] rgbPlanar, int at) {
        byte[] planes = original(i).planes();
        System.arraycopy(planes, 0, rgbPlanar, at, planes.length);
    }

    /// The worse square, not the better picture behind it.
    @Override
    public RgbImage original(int i) {
        byte[] planes = new byte[3 * side() * side()];
        set.pixels(i, planes, 0);
        return corruption.of(new RgbImage(side(), side(), planes),
                CounterRandom.of(0, Stream.CORRUPTION, split.ordinal(), i));
    }

    @Override
    public boolean hasMasks() {
        return set.hasMasks();
    }

    @Override
    public void mask(int i, byte[] mask, int at) {
        set.mask(i, mask, at);
    }

    @Override
    public List<Unread> skipped() {
        return set.skipped();
    }
}
