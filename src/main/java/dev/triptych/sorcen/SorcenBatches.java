package dev.triptych.sorcen;

import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.set.BatchLoader;
import dev.triptych.data.set.EpochOrder;
import dev.triptych.echo.SquareWindow;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Recipe;
import dev.triptych.sorcen.SorcenSection.EchoKind;
import dev.triptych.sorcen.SorcenSection.WindowKind;

/// Makes Sorcen's batches from stored codes (sections 2.4 and 4.2). A batch is a pure function of (set, recipe, seed,
/// step); [#make] may run on several threads at once. Images of several views contribute one of them, drawn anew each
/// epoch.
public final class SorcenBatches implements BatchLoader.Maker<SorcenBatch> {
    private final CodeSet set;
    private final SorcenSection sorcen;
    private final MaskRatio ratio;
    private final int images;
    private final long seed;
    private final EpochOrder order;

    /// The batches of a training.
    ///
    /// @throws IllegalArgumentException where the set is smaller than a batch
    public SorcenBatches(CodeSet set, Recipe recipe) {
        this(set, recipe, recipe.training().batch(), recipe.seed());
    }

    /// Batches of another size and other draws.
    ///
    /// @throws IllegalArgumentException where the set is smaller than a batch
    public SorcenBatches(CodeSet set, Recipe recipe, int images, long seed) {
        this.set = set;
        this.sorcen = SorcenSection.of(recipe);
        this.ratio = new MaskRatio(sorcen.maskMean(), sorcen.maskDeviation(), sorcen.maskRatio().low(),
                sorcen.maskRatio().high());
        this.images = images;
        this.seed = seed;
        this.order = new EpochOrder(set.size(), images, seed);
    }

    /// Order of the images, and with it the number of steps per epoch.
    public EpochOrder order() {
        return order;
    }

    /// The batch of a step. (Its arrays are small beside what a step computes; none is used again.)
    @Override
    public SorcenBatch make(long step, SorcenBatch used) {
        int n = set.positions();
        int keeps = n - sorcen.dropped(n);
        var batch = new SorcenBatch(step, new int[images * n], new boolean[images * n], new int[images * keeps],
                new float[images * n], new int[images * n], new float[images * n],
                CounterRandom.of(seed, Stream.DROPOUT, step, 0).nextInt());
        int[] indices = new int[images];
        order.indices(step, indices);
        int masked = 0;
        for (int b = 0; b < images; b++) {
            set.codes(indices[b], view(step, indices[b]), batch.codes(), b * n);
            CodeMask mask = mask(step, b);
            masked += mask.masks();
            System.arraycopy(mask.kept(), 0, batch.kept(), b * keeps, keeps);
            for (int cell = 0; cell < n; cell++) {
                batch.masked()[b * n + cell] = mask.masked(cell);
            }
            window(batch, b);
            CounterRandom echo = random(Stream.ECHO, step, b);
            for (int cell = 0; cell < n; cell++) {
                batch.echoDraws()[b * n + cell] = echo.uniform();
            }
        }
        for (int i = 0; i < images * n; i++) {
            batch.weights()[i] = batch.masked()[i] ? 1f / masked : 0f;
        }
        return batch;
    }

    private int view(long step, int image) {
        int views = set.header().views();
        return views == 1 ? 0 : random(Stream.VIEW, order.epoch(step), image).below(views);
    }

    private CodeMask mask(long step, int b) {
        double share = ratio.at(random(Stream.MASK_RATIO, step, b / sorcen.sharedDraws()).uniformDouble());
        double[] noise = new double[set.positions()];
        CounterRandom random = random(Stream.MASK, step, b);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.uniformDouble();
        }
        return CodeMask.of(noise, share, sorcen.dropped(noise.length));
    }

    /// What the teacher sees of image b.
    private void window(SorcenBatch batch, int b) {
        int n = set.positions();
        int grid = set.header().grid();
        double side = random(Stream.WINDOW_SIDE, batch.step(), b / sorcen.sharedDraws()).uniformDouble();
        CounterRandom random = random(Stream.WINDOW, batch.step(), b);
        var window = SquareWindow.of(grid, side, random.uniformDouble(), random.uniformDouble());
        int[] scattered = sorcen.window() == WindowKind.SCATTERED ? random.permutation(n) : null;
        for (int cell = 0; cell < n; cell++) {
            boolean visible = switch (sorcen.window()) {
                case SQUARE -> window.contains(cell, grid);
                case SCATTERED -> scattered[cell] < window.side() * window.side();
                case WHOLE -> true;
            };
            int at = b * n + cell;
            boolean own = sorcen.echo() == EchoKind.TRUTH || sorcen.echoKeepVisible() && !batch.masked()[at];
            batch.window()[at] = visible ? own ? 1 : 2 : 0;
        }
    }

    private CounterRandom random(Stream stream, long step, int sample) {
        return CounterRandom.of(seed, stream, step, sample);
    }
}
