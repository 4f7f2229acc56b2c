package dev.triptych.triptych;

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
import dev.triptych.echo.SquareWindow;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Recipe;
import dev.triptych.tokens.DecoderSection;
import java.util.ArrayList;
import java.util.List;

/// Makes training batches (Triptych section 1): x0, a crop without change of colour; g_1 and g_2, crops of their own
/// with colour and blur; local crops; what is kept of masked views; draws and windows of echoes. A batch is a pure
/// function of (set, recipe, step), each draw under a key of its own: what the recipe's weights leave out changes
/// nothing of the rest. [#make] may run on several threads at once.
public final class TriptychViews implements BatchLoader.Maker<TriptychBatch> {
    /// Keys of an image's views in the streams of crops, colours and masks: x0 (and x0m), g_1, g_2.
    private static final int KEYS = 3;

    private final ImageSet set;
    private final Recipe recipe;
    private final TriptychSection section;
    private final Triptych.Weights weights;
    private final Triptych.Views views;
    private final CodeTargets targets;
    private final EpochOrder order;

    /// The views of a recipe.
    ///
    /// @param targets what the decoder predicts; null for pixels
    /// @throws IllegalArgumentException where the set is smaller than a batch
    public TriptychViews(ImageSet set, Recipe recipe, CodeTargets targets) {
        this.set = set;
        this.recipe = recipe;
        this.section = TriptychSection.of(recipe);
        this.weights = section.weights().of(DecoderSection.of(recipe));
        this.views = TriptychPrograms.views(recipe);
        this.targets = targets;
        this.order = new EpochOrder(set.size(), views.batch(), recipe.seed());
    }

    /// Order of the images, and with it the number of steps per epoch.
    public EpochOrder order() {
        return order;
    }

    /// The batch of a step, in the arrays of `used` where one is given.
    @Override
    public TriptychBatch make(long step, TriptychBatch used) {
        int n = views.batch();
        int side = recipe.data().side();
        int length = 3 * side * side;
        int local = 3 * section.localSide() * section.localSide();
        int cells = recipe.patches();
        boolean echoes = weights.contrast() != 0;
        TriptychBatch batch = used == null
                ? new TriptychBatch(step, new float[n * length],
                        new float[weights.aligns() ? Triptych.GLOBAL * n * length : 0],
                        new float[weights.alignment() != 0 ? n * views.localCrops() * local : 0],
                        new int[weights.masks() ? n * views.kept() : 0],
                        new int[weights.aligns() ? Triptych.GLOBAL * n * views.keptGlobal() : 0],
                        new int[targets == null ? 0 : n * cells], new float[echoes ? n * cells : 0],
                        new ArrayList<>())
                : new TriptychBatch(step, used.image(), used.global(), used.local(), used.kept(), used.keptGlobal(),
                        used.codes(), used.echoDraws(), used.windows());
        var maker = new ViewMaker(set, (float) recipe.augment().flip(), recipe.seed(), step);
        var crop = new RandomResizedCrop(side, Resampling.PILLOW);
        var localCrop = new RandomResizedCrop(section.localSide(), Resampling.PILLOW);
        var colour = new ColourAugmentation(ColourSettings.of(recipe.augment()));
        int[] indices = new int[n];
        order.indices(step, indices);
        for (int i = 0; i < n; i++) {
            maker.take(indices[i]);
            maker.crop(crop, Stream.CROP, KEYS * i, recipe.augment().globalScale(), batch.image(), i * length);
            for (int v = 0; v < batch.global().length / (n * length); v++) {
                int at = (v * n + i) * length;
                int key = KEYS * i + 1 + v;
                maker.crop(crop, Stream.CROP, key, recipe.augment().globalScale(), batch.global(), at);
                maker.colour(colour, Stream.COLOUR, key, batch.global(), at, side);
            }
            for (int m = 0; m < batch.local().length / (n * local); m++) {
                int at = (m * n + i) * local;
                int key = i * views.localCrops() + m;
                maker.crop(localCrop, Stream.LOCAL_CROP, key, recipe.augment().localScale(), batch.local(), at);
                maker.colour(colour, Stream.LOCAL_COLOUR, key, batch.local(), at, section.localSide());
            }
            masks(maker, batch, i);
        }
        if (targets != null) {
            targets.encode(batch.image(), n, batch.codes());
        }
        if (echoes) {
            echoes(maker, batch);
        }
        return batch;
    }

    private void masks(ViewMaker maker, TriptychBatch batch, int i) {
        int n = views.batch();
        int grid = recipe.data().side() / recipe.encoder().patch();
        if (weights.masks()) {
            PatchMask.draw(maker.random(Stream.MASK, KEYS * i), section.maskKind(), grid, grid, views.kept(),
                    batch.kept(), i * views.kept());
        }
        for (int v = 0; weights.aligns() && v < Triptych.GLOBAL; v++) {
            PatchMask.draw(maker.random(Stream.MASK, KEYS * i + 1 + v), section.maskKind(), grid, grid,
                    views.keptGlobal(), batch.keptGlobal(), (v * n + i) * views.keptGlobal());
        }
    }

    /// The uniform numbers that draw echoes, and the windows, of which a batch has one side.
    private void echoes(ViewMaker maker, TriptychBatch batch) {
        int cells = recipe.patches();
        int grid = recipe.data().side() / recipe.encoder().patch();
        int side = SquareWindow.shared(grid, maker.random(Stream.WINDOW_SIDE, 0).uniformDouble());
        List<SquareWindow> windows = batch.windows();
        windows.clear();
        for (int i = 0; i < views.batch(); i++) {
            CounterRandom echo = maker.random(Stream.ECHO, i);
            for (int cell = 0; cell < cells; cell++) {
                batch.echoDraws()[i * cells + cell] = echo.uniform();
            }
            CounterRandom corner = maker.random(Stream.WINDOW, i);
            windows.add(SquareWindow.placed(grid, side, corner.uniformDouble(), corner.uniformDouble()));
        }
    }
}
