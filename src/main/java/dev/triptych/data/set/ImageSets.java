package dev.triptych.data.set;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.LimitedDecoder;
import dev.triptych.data.file.RgbImage;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.Sources;
import dev.triptych.data.source.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Opens image sets.
public final class ImageSets {
    /// Number of the first test scene: far behind every training scene.
    private static final int FIRST_TEST_SCENE = 1_000_000_000;

    /// Of a processor, for one file.
    private static final Duration TIME = Duration.ofSeconds(10);

    private ImageSets() {
    }

    /// One part of a source, ready to be read: generated scenes in memory, files packed into the folder `cache`.
    ///
    /// @param side width and height to which images are brought
    /// @param skipBad leave out images that cannot be read; [ImageSet#skipped()] lists them
    /// @throws ImageException where the source is not as it should be
    public static ImageSet open(DataSource source, Split split, int side, Path cache, boolean skipBad)
            throws IOException {
        ImageSet set = streamed(source, split, side, cache, ImageDecoder.standard(), skipBad);
        return source instanceof DataSource.Generated ? MemorySet.of(set) : set;
    }

    /// As `open`, but generated scenes are drawn each time that they are asked for, and kept nowhere.
    ///
    /// @param decoder reads the image files
    public static ImageSet streamed(DataSource source, Split split, int side, Path cache, ImageDecoder decoder,
            boolean skipBad) throws IOException {
        return streamed(source, split,
                new PackSettings(side, 0, new CacheFolder(cache), limited(decoder), BadImages.of(skipBad)), _ -> {
                });
    }

    /// As above.
    ///
    /// @param how files are packed; of generated scenes the side alone counts
    /// @param observer sees images being packed
    public static ImageSet streamed(DataSource source, Split split, PackSettings how, PackedSet.Observer observer)
            throws IOException {
        return switch (source) {
            case DataSource.Generated scenes -> drawn(scenes, split, how.side());
            case DataSource.Stored stored -> {
                var pictures = Sources.open(stored.place(), stored.options());
                boolean reads = false;
                try {
                    observer.opened(pictures, split);
                    var set = how.squares()
                            ? PackedSet.open(pictures, split, how, observer)
                            : UnpackedSet.open(pictures, split, how, observer);
                    reads = !how.squares();
                    yield set;
                } finally {
                    if (!reads) {
                        pictures.close();
                    }
                }
            }
        };
    }

    /// Generated scenes in memory.
    public static ImageSet scenes(DataSource.Generated scenes, Split split, int side) {
        return MemorySet.of(drawn(scenes, split, side));
    }

    private static ImageSet drawn(DataSource.Generated scenes, Split split, int side) {
        return split == Split.TRAIN
                ? new Scenes(scenes.seed(), 0, scenes.train(), side)
                : new Scenes(scenes.seed(), FIRST_TEST_SCENE, scenes.test(), side);
    }

    /// A decoder with the limit of time that training has for one file.
    public static EntryDecoder limited(ImageDecoder decoder) {
        return new EntryDecoder(new LimitedDecoder(decoder, TIME));
    }

    /// The images `indices` of a set, in that order.
    public static ImageSet subset(ImageSet set, int[] indices) {
        return new Subset(set, indices.clone());
    }

    /// Some images of a set.
    static class Subset implements ImageSet {
        private final ImageSet set;
        private final int[] indices;

        Subset(ImageSet set, int[] indices) {
            this.set = set;
            this.indices = indices;
        }

        @Override
        public List<Unread> skipped() {
            return set.skipped();
        }

        @Override
        public int size() {
            return indices.length;
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
            return set.label(indices[i]);
        }

        @Override
        public void pixels(int i, byte[] rgbPlanar, int at) {
            set.pixels(indices[i], rgbPlanar, at);
        }

        @Override
        public RgbImage original(int i) {
            return set.original(indices[i]);
        }

        @Override
        public boolean hasMasks() {
            return set.hasMasks();
        }

        @Override
        public void mask(int i, byte[] mask, int at) {
            set.mask(indices[i], mask, at);
        }
    }
}
