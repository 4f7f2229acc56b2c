package dev.triptych.bits;

import dev.triptych.channel.Messages;
import dev.triptych.data.set.BatchLoader;
import dev.triptych.data.set.EpochOrder;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.view.ColourAugmentation;
import dev.triptych.data.view.ColourSettings;
import dev.triptych.data.view.RandomResizedCrop;
import dev.triptych.data.view.ViewMaker;
import dev.triptych.random.Stream;

/// Makes BITS's training batches: the multi-crop augmentation of DINO and SimDINO (BITS, section 2 of the
/// specification). A batch is a pure function of (set, settings, seed, step); [#make] may run on several threads at
/// once.
public final class BitsViews implements BatchLoader.Maker<BitsBatch> {
    private final ImageSet set;
    private final BitsViewSettings settings;
    private final long seed;
    private final EpochOrder order;

    /// @throws IllegalArgumentException where the set is smaller than a batch
    public BitsViews(ImageSet set, BitsViewSettings settings, long seed) {
        this.set = set;
        this.settings = settings;
        this.seed = seed;
        this.order = new EpochOrder(set.size(), settings.batch(), seed);
    }

    /// Order of the images, and with it the number of steps per epoch.
    public EpochOrder order() {
        return order;
    }

    /// The batch of a step, in the arrays of `used` where one is given.
    @Override
    public BitsBatch make(long step, BitsBatch used) {
        int images = settings.batch();
        var batch = used == null
                ? new BitsBatch(step, new float[images * Messages.VIEWS * settings.globalLength()],
                        new float[images * settings.localCrops() * settings.localLength()], new int[images])
                : new BitsBatch(step, used.global(), used.local(), used.labels());
        var maker = new ViewMaker(set, settings.flip(), seed, step);
        int[] indices = new int[images];
        order.indices(step, indices);
        var globals = new Crops(maker, Stream.CROP, Stream.COLOUR, settings.side(), settings.globalLo(),
                settings.globalHi(), settings.first(), settings.second());
        var locals = new Crops(maker, Stream.LOCAL_CROP, Stream.LOCAL_COLOUR, settings.localSide(), settings.localLo(),
                settings.localHi(), settings.local());
        for (int i = 0; i < images; i++) {
            batch.labels()[i] = set.label(indices[i]);
            maker.take(indices[i]);
            globals.make(i, Messages.VIEWS, batch.global());
            locals.make(i, settings.localCrops(), batch.local());
        }
        return batch;
    }

    /// Crops of one size. View v has the colours of kind v, or of the last kind.
    private static final class Crops {
        private final ViewMaker maker;
        private final Stream places;
        private final Stream colours;
        private final int side;
        private final float lo;
        private final float hi;
        private final RandomResizedCrop crop;
        private final ColourAugmentation[] kinds;

        Crops(ViewMaker maker, Stream places, Stream colours, int side, float lo, float hi, ColourSettings... kinds) {
            this.maker = maker;
            this.places = places;
            this.colours = colours;
            this.side = side;
            this.lo = lo;
            this.hi = hi;
            this.crop = new RandomResizedCrop(side);
            this.kinds = new ColourAugmentation[kinds.length];
            for (int k = 0; k < kinds.length; k++) {
                this.kinds[k] = new ColourAugmentation(kinds[k]);
            }
        }

        void make(int image, int views, float[] out) {
            for (int v = 0; v < views; v++) {
                int sample = image * views + v;
                int at = sample * 3 * side * side;
                maker.crop(crop, places, sample, lo, hi, out, at);
                maker.colour(kinds[Math.min(v, kinds.length - 1)], colours, sample, out, at, side);
            }
        }
    }
}
