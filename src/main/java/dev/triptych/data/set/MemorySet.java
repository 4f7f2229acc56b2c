package dev.triptych.data.set;

import dev.triptych.data.file.RgbImage;
import java.util.List;
import java.util.stream.IntStream;

/// An image set held in byte arrays, one per image.
public final class MemorySet implements ImageSet {
    private final int side;
    private final List<String> classes;
    private final int[] labels;
    private final byte[][] pixels;
    private final byte[][] masks;
    private final List<Unread> skipped;

    private MemorySet(ImageSet source) {
        side = source.side();
        classes = List.copyOf(source.classes());
        skipped = List.copyOf(source.skipped());
        int n = source.size();
        labels = new int[n];
        pixels = new byte[n][3 * side * side];
        masks = source.hasMasks() ? new byte[n][side * side] : null;
        IntStream.range(0, n).parallel().forEach(i -> {
            labels[i] = source.label(i);
            if (source instanceof Scenes scenes) {
                scenes.draw(i, pixels[i], masks[i]);
                return;
            }
            source.pixels(i, pixels[i], 0);
            if (masks != null) {
                source.mask(i, masks[i], 0);
            }
        });
    }

    /// Copies a whole set, on all cores.
    public static MemorySet of(ImageSet source) {
        return new MemorySet(source);
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public int side() {
        return side;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public int label(int i) {
        return labels[i];
    }

    @Override
    public void pixels(int i, byte[] rgbPlanar, int at) {
        System.arraycopy(pixels[i], 0, rgbPlanar, at, pixels[i].length);
    }

    @Override
    public List<Unread> skipped() {
        return skipped;
    }

    @Override
    public RgbImage original(int i) {
        return new RgbImage(side, side, pixels[i]);
    }

    @Override
    public boolean hasMasks() {
        return masks != null;
    }

    @Override
    public void mask(int i, byte[] mask, int at) {
        if (masks == null) {
            throw new UnsupportedOperationException("this image set has no object masks: use generated scenes");
        }
        System.arraycopy(masks[i], 0, mask, at, masks[i].length);
    }
}
