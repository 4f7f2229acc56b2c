package dev.triptych.stellar;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.data.set.BatchLoader;
import dev.triptych.data.set.EpochOrder;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.view.ColourAugmentation;
import dev.triptych.data.view.RandomResizedCrop;
import dev.triptych.data.view.ViewMaker;
import dev.triptych.random.Stream;

/// Makes STELLAR's training batches (training recipe of the paper; masking, colour and crops as in the authors' code,
/// but colours drawn per view). A batch is a pure function of (set, settings, seed, step); [#make] may run on several
/// threads at once.
public final class StellarViews implements BatchLoader.Maker<StellarBatch> {
    private final ImageSet set;
    private final StellarViewSettings settings;
    private final long seed;
    private final CodeTargets targets;
    private final EpochOrder order;

    /// Views alone, for a decoder that predicts pixels.
    ///
    /// @throws IllegalArgumentException where the set is smaller than a batch
    public StellarViews(ImageSet set, StellarViewSettings settings, long seed) {
        this(set, settings, seed, null);
    }

    /// Views with the codes of the reconstructed crop.
    ///
    /// @param targets what the decoder predicts; null for pixels
    /// @throws IllegalArgumentException where the set is smaller than a batch
    public StellarViews(ImageSet set, StellarViewSettings settings, long seed, CodeTargets targets) {
        this.set = set;
        this.settings = settings;
        this.seed = seed;
        this.targets = targets;
        this.order = new EpochOrder(set.size(), settings.batch(), seed);
    }

    /// Order of the images, and with it the number of steps per epoch.
    public EpochOrder order() {
        return order;
    }

    /// The batch of a step, in the arrays of `used` where one is given.
    @Override
    public StellarBatch make(long step, StellarBatch used) {
        int images = settings.batch();
        int length = 3 * settings.side() * settings.side();
        int localLength = 3 * settings.localSide() * settings.localSide();
        int views = settings.madeViews();
        int locals = settings.localCrops();
        var batch = used == null
                ? new StellarBatch(step, new float[images * length], new float[images * views * length],
                        new float[images * locals * localLength],
                        new int[images * settings.globalViews() * settings.keep()],
                        new int[targets == null ? 0 : images * targets.positions()], new int[images])
                : new StellarBatch(step, used.image(), used.globalViews(), used.localViews(), used.idsKeep(),
                        used.codes(), used.labels());
        new Work(batch).run();
        return batch;
    }

    /// The making of one batch, with its scratch memory.
    private final class Work {
        private final StellarBatch batch;
        private final ViewMaker maker;
        private final int[] indices = new int[settings.batch()];
        private final RandomResizedCrop globalCrop = new RandomResizedCrop(settings.side());
        private final RandomResizedCrop localCrop = new RandomResizedCrop(settings.localSide());
        private final ColourAugmentation colour = new ColourAugmentation(settings.colour());

        Work(StellarBatch batch) {
            this.batch = batch;
            this.maker = new ViewMaker(set, settings.flip(), seed, batch.step());
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
            int side = settings.side();
            int length = 3 * side * side;
            int views = settings.madeViews();
            globalCrop(b * Math.max(1, views), batch.image(), b * length);
            for (int v = 0; v < views; v++) {
                int sample = b * views + v;
                int at = sample * length;
                if (v == 0) {
                    System.arraycopy(batch.image(), b * length, batch.globalViews(), at, length);
                } else {
                    globalCrop(sample, batch.globalViews(), at);
                }
                maker.colour(colour, Stream.COLOUR, key(sample), batch.globalViews(), at, side);
            }
        }

        private void globalCrop(int sample, float[] out, int at) {
            maker.crop(globalCrop, Stream.CROP, sample, settings.globalLo(), settings.globalHi(), out, at);
        }

        private void localViews(int b) {
            int side = settings.localSide();
            for (int m = 0; m < settings.localCrops(); m++) {
                int sample = b * settings.localCrops() + m;
                int at = sample * 3 * side * side;
                maker.crop(localCrop, Stream.LOCAL_CROP, sample, settings.localLo(), settings.localHi(),
                        batch.localViews(), at);
                maker.colour(colour, Stream.LOCAL_COLOUR, key(sample), batch.localViews(), at, side);
            }
        }

        private int key(int sample) {
            return settings.sharedColour() ? 0 : sample;
        }

        private void masks(int b) {
            int keep = settings.keep();
            for (int v = 0; v < settings.globalViews(); v++) {
                int sample = b * settings.globalViews() + v;
                PatchMask.draw(maker.random(Stream.MASK, sample), settings.maskKind(), settings.grid(),
                        settings.grid(), keep, batch.idsKeep(), sample * keep);
            }
        }
    }
}
