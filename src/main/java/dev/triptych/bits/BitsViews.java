package dev.triptych.bits;

import dev.triptych.channel.Messages;
import dev.triptych.data.set.BatchLoader;
import dev.triptych.data.set.EpochOrder;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.view.ColourAugmentation;
import dev.triptych.data.view.ColourSettings;
import dev.triptych.data.view.RandomResizedCrop;
import dev.triptych.data.view.Resampling;
import dev.triptych.data.view.ViewMaker;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Interval;
import dev.triptych.recipe.Recipe;
import java.util.List;

/// Makes BITS's training batches: the multi-crop augmentation of DINO and SimDINO (BITS, section 2 of the
/// specification). A batch is a pure function of (set, recipe, step); [#make] may run on several threads at
/// once.
public final class BitsViews implements BatchLoader.Maker<BitsBatch> {
    private final ImageSet set;
    private final Recipe recipe;
    private final BitsSection bits;
    private final int images;
    private final int localCrops;
    private final EpochOrder order;

    /// The views of a recipe.
    ///
    /// @throws IllegalArgumentException where the set is smaller than a batch
    public BitsViews(ImageSet set, Recipe recipe) {
        this(set, recipe, recipe.training().batch(), BitsSection.of(recipe).localCrops());
    }

    private BitsViews(ImageSet set, Recipe recipe, int images, int localCrops) {
        this.set = set;
        this.recipe = recipe;
        this.bits = BitsSection.of(recipe);
        this.images = images;
        this.localCrops = localCrops;
        this.order = new EpochOrder(set.size(), images, recipe.seed());
    }

    /// Global crops alone, in batches of another size.
    public static BitsViews globals(ImageSet set, Recipe recipe, int images) {
        return new BitsViews(set, recipe, images, 0);
    }

    /// Order of the images, and with it the number of steps per epoch.
    public EpochOrder order() {
        return order;
    }

    /// The batch of a step, in the arrays of `used` where one is given.
    @Override
    public BitsBatch make(long step, BitsBatch used) {
        var augment = recipe.augment();
        var colour = ColourSettings.of(augment);
        var globals = new Crops(recipe.data().side(), augment.globalScale(), Stream.CROP, Stream.COLOUR,
                colour.with((float) bits.blurFirst(), 0),
                colour.with((float) bits.blurSecond(), (float) bits.solarise()));
        var locals = new Crops(bits.localSide(), augment.localScale(), Stream.LOCAL_CROP, Stream.LOCAL_COLOUR,
                colour.with((float) bits.blurLocal(), 0));
        var batch = used == null
                ? new BitsBatch(step, new float[images * Messages.VIEWS * globals.length()],
                        new float[images * localCrops * locals.length()], new int[images])
                : new BitsBatch(step, used.global(), used.local(), used.labels());
        var maker = new ViewMaker(set, (float) augment.flip(), recipe.seed(), step);
        int[] indices = new int[images];
        order.indices(step, indices);
        for (int i = 0; i < images; i++) {
            batch.labels()[i] = set.label(indices[i]);
            maker.take(indices[i]);
            globals.make(maker, i, Messages.VIEWS, batch.global());
            locals.make(maker, i, localCrops, batch.local());
        }
        return batch;
    }

    /// Crops of one size. View v has the colours of kind v, or of the last kind.
    private static final class Crops {
        private final int side;
        private final Interval scale;
        private final Stream places;
        private final Stream colours;
        private final RandomResizedCrop crop;
        private final List<ColourAugmentation> kinds;

        Crops(int side, Interval scale, Stream places, Stream colours, ColourSettings... kinds) {
            this.side = side;
            this.scale = scale;
            this.places = places;
            this.colours = colours;
            this.crop = new RandomResizedCrop(side, Resampling.PILLOW);
            this.kinds = java.util.stream.Stream.of(kinds).map(ColourAugmentation::new).toList();
        }

        int length() {
            return 3 * side * side;
        }

        void make(ViewMaker maker, int image, int views, float[] out) {
            for (int v = 0; v < views; v++) {
                int sample = image * views + v;
                int at = sample * length();
                maker.crop(crop, places, sample, scale, out, at);
                maker.colour(kinds.get(Math.min(v, kinds.size() - 1)), colours, sample, out, at, side);
            }
        }
    }
}
