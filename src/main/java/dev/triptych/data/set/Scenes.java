package dev.triptych.data.set;

import dev.triptych.data.scene.Scene;
import dev.triptych.data.scene.SceneGround;
import dev.triptych.data.scene.SceneShape;
import dev.triptych.data.scene.SceneTexture;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Generated scenes with class labels and per-pixel object masks: what the demo and the tests learn from, without any
/// download.
///
/// The class is the kind of the place with the kind of its things, as in photographs: the pattern and hue of the
/// background with objects of one shape and texture. Brightness and saturation, the objects' colours, places, sizes,
/// rotations and number (1 to 3) say nothing about it and make up most of the difference between two pictures. So raw
/// pixels are a poor guide to the class, and, as grounds and most objects show two contrasting colours, clusters of
/// colour are a poor guide to the objects.
///
/// Scene i is a pure function of (seed, i, side); its label is i mod the number of classes. Scenes are drawn when asked
/// for (about a millisecond at 32 pixels): pack them, or wrap them in a [MemorySet], to train.
public final class Scenes implements ImageSet {
    private static final int SMALLEST_SIDE = 8;
    private static final int LARGEST_SIDE = 1024;

    /// A class: the pattern of its ground and what its objects look like.
    private record Kind(SceneGround ground, SceneTexture texture, SceneShape shape) {
        String title() {
            return texture.word() + " " + shape.word() + ", " + ground.word() + " ground";
        }
    }

    private static final List<Kind> KINDS = List.of(
            new Kind(SceneGround.BLOTCHES, SceneTexture.STRIPES, SceneShape.DISC),
            new Kind(SceneGround.BANDS, SceneTexture.SOLID, SceneShape.CROSS),
            new Kind(SceneGround.RIPPLES, SceneTexture.DOTS, SceneShape.SQUARE),
            new Kind(SceneGround.WEAVE, SceneTexture.GRADIENT, SceneShape.RING),
            new Kind(SceneGround.SPECKLES, SceneTexture.CHECKS, SceneShape.TRIANGLE),
            new Kind(SceneGround.SLOPE, SceneTexture.STRIPES, SceneShape.STAR));

    private final long seed;
    private final int first;
    private final int size;
    private final int side;

    /// Scenes `first` .. `first + size - 1` of a seed: sets of different ranges share no scene.
    public Scenes(long seed, int first, int size, int side) {
        if (first < 0 || size < 0 || (long) first + size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("scenes " + first + " to " + ((long) first + size - 1)
                    + ": numbers must lie in 0 to " + (Integer.MAX_VALUE - 1));
        }
        if (side < SMALLEST_SIDE || side > LARGEST_SIDE) {
            throw new IllegalArgumentException("side of a scene is " + side + ", expected " + SMALLEST_SIDE + " to "
                    + LARGEST_SIDE + " pixels");
        }
        this.seed = seed;
        this.first = first;
        this.size = size;
        this.side = side;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int side() {
        return side;
    }

    @Override
    public List<String> classes() {
        List<String> names = new ArrayList<>();
        for (Kind kind : KINDS) {
            names.add(kind.title());
        }
        return names;
    }

    @Override
    public int label(int i) {
        return (first + check(i)) % KINDS.size();
    }

    @Override
    public void pixels(int i, byte[] rgbPlanar, int at) {
        scene(i).draw(side, rgbPlanar, at, null, 0);
    }

    @Override
    public boolean hasMasks() {
        return true;
    }

    @Override
    public void mask(int i, byte[] mask, int at) {
        scene(i).draw(side, null, 0, mask, at);
    }

    /// Pixels and mask in one go, which takes half the time of two calls.
    void draw(int i, byte[] rgbPlanar, byte[] mask) {
        scene(i).draw(side, rgbPlanar, 0, mask, 0);
    }

    private Scene scene(int i) {
        Kind kind = KINDS.get(label(i));
        return new Scene(seed, first + i, kind.ground, (float) label(i) / KINDS.size(), kind.shape, kind.texture);
    }

    private int check(int i) {
        return Objects.checkIndex(i, size);
    }
}
