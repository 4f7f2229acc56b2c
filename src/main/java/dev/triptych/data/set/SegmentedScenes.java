package dev.triptych.data.set;

import dev.triptych.data.file.RgbImage;
import java.util.ArrayList;
import java.util.List;

/// Generated scenes as a task of segmentation: a pixel's class is `ground`, or what kind of object covers it.
///
/// @param scenes with masks
public record SegmentedScenes(ImageSet scenes) implements SegmentationSet {
    /// Checks that masks are known.
    public SegmentedScenes {
        if (!scenes.hasMasks()) {
            throw new IllegalArgumentException("a set without masks has no classes of pixels: use generated scenes");
        }
    }

    @Override
    public int size() {
        return scenes.size();
    }

    @Override
    public List<String> classes() {
        var names = new ArrayList<String>(List.of("ground"));
        scenes.classes().forEach(name -> names.add(name.replaceFirst(",.*", "")));
        return names;
    }

    @Override
    public Sample sample(int i) {
        int side = scenes.side();
        byte[] planes = new byte[3 * side * side];
        byte[] mask = new byte[side * side];
        scenes.pixels(i, planes, 0);
        scenes.mask(i, mask, 0);
        int[] labels = new int[mask.length];
        for (int p = 0; p < mask.length; p++) {
            labels[p] = mask[p] == 0 ? 0 : 1 + scenes.label(i);
        }
        return new Sample("scene " + i, new RgbImage(side, side, planes), labels);
    }
}
