package dev.triptych.mae;

import dev.triptych.data.set.BatchLoader;
import dev.triptych.data.set.EpochOrder;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.view.RandomResizedCrop;
import dev.triptych.data.view.Resampling;
import dev.triptych.data.view.ViewMaker;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;

/// Makes MAE's training batches (MAE section 1): a random resized crop of each image, mirrored half the time, without
/// any change of colour, and a uniform mask. A batch is a pure function of (set, recipe, stage, step); [#make] may run
/// on several threads at once.
public final class MaeViews implements BatchLoader.Maker<MaeBatch> {
    private final ImageSet set;
    private final Recipe recipe;
    private final int kept;
    private final EpochOrder order;

    /// The views of a stage.
    ///
    /// @throws IllegalArgumentException where the set is smaller than a batch
    public MaeViews(ImageSet set, Recipe recipe, Stage stage) {
        this.set = set;
        this.recipe = recipe;
        this.kept = stage.kept(recipe.patches());
        this.order = new EpochOrder(set.size(), recipe.training().batch(), recipe.seed());
    }

    /// Draws the cells that a mask keeps: those of the lowest noise where every cell has its own, in that order, which
    /// is a uniform permutation's beginning.
    static void mask(CounterRandom random, int patches, int kept, int[] to, int at) {
        System.arraycopy(random.permutation(patches), 0, to, at, kept);
    }

    /// The batch of a step, in the arrays of `used` where one is given.
    @Override
    public MaeBatch make(long step, MaeBatch used) {
        int images = recipe.training().batch();
        int side = recipe.data().side();
        int length = 3 * side * side;
        var batch = used == null
                ? new MaeBatch(step, new float[images * length], new int[images * kept])
                : new MaeBatch(step, used.image(), used.kept());
        var maker = new ViewMaker(set, (float) recipe.augment().flip(), recipe.seed(), step);
        var crop = new RandomResizedCrop(side, Resampling.PILLOW);
        int[] indices = new int[images];
        order.indices(step, indices);
        for (int b = 0; b < images; b++) {
            maker.take(indices[b]);
            maker.crop(crop, Stream.CROP, b, recipe.augment().globalScale(), batch.image(), b * length);
            mask(maker.random(Stream.MASK, b), recipe.patches(), kept, batch.kept(), b * kept);
        }
        return batch;
    }
}
