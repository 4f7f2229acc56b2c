package dev.triptych.stellar;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.data.set.BatchLoader;
import dev.triptych.data.set.EpochOrder;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.view.ColourAugmentation;
import dev.triptych.data.view.ColourSettings;
import dev.triptych.data.view.PatchMask;
import dev.triptych.data.view.RandomResizedCrop;
import dev.triptych.data.view.Resampling;
import dev.triptych.data.view.ViewMaker;
import dev.triptych.random.Stream;
import dev.triptych.recipe.AugmentSection;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;

/// Makes STELLAR's training batches (STELLAR section 6; masking, colour and crops as in the authors' code,
/// but colours drawn per view). A batch is a pure function of (set, recipe, stage, step); [#make] may run on several
/// threads at once.
public final class StellarViews implements BatchLoader.Maker<StellarBatch> {
    private final ImageSet set;
    private final Recipe recipe;
    private final Stellar.Views views;
    private final CodeTargets targets;
    private final EpochOrder order;

    /// The views of a stage.
    ///
    /// @param targets what the decoder predicts; null for pixels
    /// @throws IllegalArgumentException where the set is smaller than a batch
    public StellarViews(ImageSet set, Recipe recipe, Stage stage, CodeTargets targets) {
        this.set = set;
        this.recipe = recipe;
        this.views = StellarPrograms.views(recipe, stage);
        this.targets = targets;
        this.order = new EpochOrder(set.size(), views.batch(), recipe.seed());
    }

    /// Order of the images, and with it the number of steps per epoch.
    public EpochOrder order() {
        return order;
    }

    /// The batch of a step, in the arrays of `used` where one is given.
    @Override
    public StellarBatch make(long step, StellarBatch used) {
        int images = views.batch();
        int length = 3 * side() * side();
        int local = 3 * localSide() * localSide();
        var batch = used == null
                ? new StellarBatch(step, new float[images * length], new float[images * views.globalViews() * length],
                        new float[images * views.localCrops() * local],
                        new int[images * views.maskedViews() * views.kept()],
                        new int[targets == null ? 0 : images * targets.positions()], new int[images])
                : new StellarBatch(step, used.image(), used.globalViews(), used.localViews(), used.idsKeep(),
                        used.codes(), used.labels());
        new Work(batch).run();
        return batch;
    }

    private int side() {
        return recipe.data().side();
    }

    private int localSide() {
        return StellarSection.of(recipe).localSide();
    }

    /// The making of one batch, with its scratch memory.
    private final class Work {
        private final AugmentSection augment = recipe.augment();
        private final StellarBatch batch;
        private final ViewMaker maker;
        private final int[] indices = new int[views.batch()];
        private final RandomResizedCrop globalCrop = new RandomResizedCrop(side(), Resampling.ALIGN_CORNERS);
        private final RandomResizedCrop localCrop = new RandomResizedCrop(localSide(),
                Resampling.ALIGN_CORNERS);
        private final ColourAugmentation colour = new ColourAugmentation(ColourSettings.of(augment));

        Work(StellarBatch batch) {
            this.batch = batch;
            this.maker = new ViewMaker(set, (float) augment.flip(), recipe.seed(), batch.step());
        }

        void run() {
            order.indices(batch.step(), indices);
            for (int b = 0; b < indices.length; b++) {
                batch.labels()[b] = set.label(indices[b]);
                maker.take(indices[b]);
                globalViews(b);
                localViews(b);
                masks(b);
            }
            if (targets != null) {
                targets.encode(batch.image(), indices.length, batch.codes());
            }
        }

        private void globalViews(int b) {
            int length = 3 * side() * side();
            int count = views.globalViews();
            globalCrop(b * Math.max(1, count), batch.image(), b * length);
            for (int v = 0; v < count; v++) {
                int sample = b * count + v;
                int at = sample * length;
                if (v == 0) {
                    System.arraycopy(batch.image(), b * length, batch.globalViews(), at, length);
                } else {
                    globalCrop(sample, batch.globalViews(), at);
                }
                maker.colour(colour, Stream.COLOUR, key(sample), batch.globalViews(), at, side());
            }
        }

        private void globalCrop(int sample, float[] out, int at) {
            maker.crop(globalCrop, Stream.CROP, sample, augment.globalScale(), out, at);
        }

        private void localViews(int b) {
            int side = localSide();
            for (int m = 0; m < views.localCrops(); m++) {
                int sample = b * views.localCrops() + m;
                int at = sample * 3 * side * side;
                maker.crop(localCrop, Stream.LOCAL_CROP, sample, augment.localScale(), batch.localViews(), at);
                maker.colour(colour, Stream.LOCAL_COLOUR, key(sample), batch.localViews(), at, side);
            }
        }

        private int key(int sample) {
            return augment.sharedColour() ? 0 : sample;
        }

        private void masks(int b) {
            int grid = side() / recipe.encoder().patch();
            for (int v = 0; v < views.maskedViews(); v++) {
                int sample = b * views.maskedViews() + v;
                PatchMask.draw(maker.random(Stream.MASK, sample), StellarSection.of(recipe).maskKind(), grid, grid,
                        views.kept(), batch.idsKeep(), sample * views.kept());
            }
        }
    }
}
