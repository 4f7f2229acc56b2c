package dev.triptych.cli;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.JpegDecoder;
import dev.triptych.data.set.DataSource;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.set.MemorySet;
import dev.triptych.data.set.PackedSet;
import dev.triptych.data.source.SourceOptions;
import dev.triptych.data.source.Split;
import dev.triptych.method.Judging;
import dev.triptych.recipe.DataSection;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;

/// The image sets that a recipe means.
final class Images {
    private static final int LISTED = 20;

    private Images() {
    }

    /// One part of a recipe's images, in memory where it fits easily; images that were left out are listed.
    ///
    /// @throws dev.triptych.recipe.RecipeException if the recipe names no images, or more than there are
    static ImageSet open(Recipe recipe, Split split, Terminal terminal) throws IOException {
        ImageSet set = streamed(recipe.data(), recipe.seed(), split, terminal);
        long bytes = 3L * set.side() * set.side() * set.size();
        return set instanceof MemorySet || bytes > Runtime.getRuntime().maxMemory() / 4 && !recipe.data().generated()
                ? set
                : MemorySet.of(set);
    }

    /// One part of a section's images, read from the packed file or drawn as they are asked for: memory does not grow
    /// with their number. Images that were left out are listed.
    ///
    /// @throws dev.triptych.recipe.RecipeException if the section names no images, or more than there are
    static ImageSet streamed(DataSection data, long seed, Split split, Terminal terminal) throws IOException {
        data.requireImages();
        DataSource source = data.generated()
                ? new DataSource.Generated(seed, data.trainImages(), data.testImages())
                : new DataSource.Stored(Path.of(data.dir()), SourceOptions.of(data));
        ImageSet all;
        try (var packing = new Packing(terminal, split)) {
            all = ImageSets.streamed(source, split, data.side(), Path.of(data.cache()),
                    new ImageDecoder(data.maxPixels(), JpegDecoder.raster()), data.skipBad(), packing);
        }
        list(all, terminal);
        boolean train = split == Split.TRAIN;
        return Judging.limited(all, train ? data.trainImages() : data.testImages(),
                train ? "data.train-images" : "data.test-images");
    }

    /// How far the packing is, where there is something to be packed.
    private static final class Packing implements PackedSet.Observer, AutoCloseable {
        private final Terminal terminal;
        private final Split split;
        private Working working;

        Packing(Terminal terminal, Split split) {
            this.terminal = terminal;
            this.split = split;
        }

        @Override
        public void outdated(int version) {
            terminal.remark("The packed " + split.title() + " images were made by version " + version
                    + " of the image decoder, this is version " + ImageDecoder.VERSION + ": they are packed anew.");
        }

        @Override
        public synchronized void packed(long all) {
            if (working == null) {
                working = terminal.working("packing the " + split.title() + " images", all);
            }
            working.did(1);
        }

        @Override
        public synchronized void close() {
            if (working != null) {
                working.close();
            }
        }
    }

    private static void list(ImageSet set, Terminal terminal) {
        var skipped = set.skipped();
        if (!skipped.isEmpty()) {
            terminal.remark(skipped.size() + " images were left out, because data.skip-bad is true:");
            skipped.stream().limit(LISTED).forEach(text -> terminal.remark("  " + text));
            if (skipped.size() > LISTED) {
                terminal.remark("  and " + (skipped.size() - LISTED) + " more");
            }
        }
    }
}
