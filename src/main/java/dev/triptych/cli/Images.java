package dev.triptych.cli;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.JpegDecoder;
import dev.triptych.data.file.LeftOut;
import dev.triptych.data.set.BadImages;
import dev.triptych.data.set.CacheFolder;
import dev.triptych.data.set.DataSource;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.set.MemorySet;
import dev.triptych.data.set.PackSettings;
import dev.triptych.data.set.PackedSet;
import dev.triptych.data.set.Unread;
import dev.triptych.data.source.FileNames;
import dev.triptych.data.source.Source;
import dev.triptych.data.source.SourceOptions;
import dev.triptych.data.source.Split;
import dev.triptych.method.InputException;
import dev.triptych.method.Judging;
import dev.triptych.recipe.DataSection;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The image sets that a recipe means, opened for one command. Says what was found, what is used and what is not, once
/// for each part.
final class Images {
    private static final int LISTED = 20;
    private static final int NAMED = 5;

    private final Terminal terminal;
    private final Set<String> told = new HashSet<>();

    Images(Terminal terminal) {
        this.terminal = terminal;
    }

    /// One part of a recipe's images, in memory where it fits easily.
    ///
    /// @throws dev.triptych.recipe.RecipeException if the recipe names no images, or more than there are
    ImageSet open(Recipe recipe, Split split) throws IOException {
        recipe.data().requireImages();
        requireRoom(recipe.data(), split);
        ImageSet set = streamed(recipe.data(), recipe.seed(), split);
        if (recipe.data().pack() == DataSection.Pack.NONE && !recipe.data().generated()) {
            return set; // whose pictures are larger than squares
        }
        long bytes = 3L * set.side() * set.side() * set.size();
        return set instanceof MemorySet || bytes > Runtime.getRuntime().maxMemory() / 4 && !recipe.data().generated()
                ? set
                : MemorySet.of(set);
    }

    /// Refuses more scenes than half of this Java's memory holds.
    private static void requireRoom(DataSection data, Split split) {
        int wanted = split == Split.TRAIN ? data.trainImages() : data.testImages();
        long bytes = 3L * data.side() * data.side() * wanted;
        long half = Runtime.getRuntime().maxMemory() / 2;
        if (data.generated() && bytes > half) {
            throw new InputException(String.format(Locale.ROOT,
                    "data.%s-images is %d: scenes of %d px take %s; expected at most %s, half of this Java's memory. "
                            + "Lower it, or give Java more: TRIPTYCH_HEAP.",
                    split.title(), wanted, data.side(), CacheFolder.size(bytes), CacheFolder.size(half)));
        }
    }

    /// One part of a section's images, read from the packed file or drawn as they are asked for: memory does not grow
    /// with their number.
    ///
    /// @throws dev.triptych.recipe.RecipeException if the section names no images, or more than there are
    ImageSet streamed(DataSection data, long seed, Split split) throws IOException {
        data.requireImages();
        boolean train = split == Split.TRAIN;
        int wanted = train ? data.trainImages() : data.testImages();
        DataSource source = data.generated()
                ? new DataSource.Generated(seed, data.trainImages(), data.testImages())
                : new DataSource.Stored(place(data.dir()), SourceOptions.of(data));
        var how = new PackSettings(data.side(), wanted, CacheFolder.of(data.cache()),
                ImageSets.limited(new ImageDecoder(data.maxPixels(), JpegDecoder.raster())),
                BadImages.of(data.skipBad()), data.pack() == DataSection.Pack.SQUARES, PackSettings.LONGEST);
        ImageSet set;
        try (var packing = new Packing(split, how.squares())) {
            set = ImageSets.streamed(source, split, how, packing);
            if (packing.leftOut != null) {
                describe(set, split, packing.leftOut);
            }
        }
        return Judging.limited(set, wanted, train ? "data.train-images" : "data.test-images");
    }

    private static Path place(String dir) {
        try {
            return Path.of(dir);
        } catch (InvalidPathException e) {
            throw new InputException("data.dir is '" + dir + "', which can be no name in " + FileNames.encoding()
                    + ", in which Java takes the names of files here; expected one in UTF-8. Start with ./triptych, or "
                    + "set LC_ALL=C.UTF-8.", e);
        }
    }

    /// How far the packing is, where there is something to be packed.
    private final class Packing implements PackedSet.Observer, AutoCloseable {
        private final Split split;
        private final boolean squares;
        private Working working;
        private String leftOut;

        Packing(Split split, boolean squares) {
            this.squares = squares;
            this.split = split;
        }

        @Override
        public void opened(Source source, Split part) throws IOException {
            tell("pictures:   " + source.kind() + ", " + source.origin()
                    + (source.classes().isEmpty() ? "" : ", " + source.classes().size() + " classes"));
            source.remarks().forEach(remark -> tell("            " + remark));
            leftOut = LeftOut.text(source.survey(part).leftOut());
        }

        @Override
        public void outdated(int version) {
            terminal.remark("The packed " + split.title() + " images were made by version " + version
                    + " of the image decoder, this is version " + ImageDecoder.VERSION + ": they are packed anew.");
        }

        @Override
        public void begins(Path file, long pictures, long bytes) {
            terminal.remark(String.format(Locale.ROOT, "packing:    %,d %s images, %s, into %s", pictures,
                    split.title(), CacheFolder.size(bytes), file.getParent()));
        }

        @Override
        public synchronized void packed(long all) {
            if (working == null) {
                working = terminal.working((squares ? "packing" : "checking") + " the " + split.title() + " images",
                        all);
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

    private void tell(String line) {
        if (told.add(line)) {
            terminal.remark(line);
        }
    }

    /// Says how many pictures of a part are used, and what is not.
    private void describe(ImageSet set, Split split, String leftOut) {
        var skipped = set.skipped();
        tell(String.format(Locale.ROOT, "%-11s %,d pictures used%s%s", split.title() + ":", set.size(),
                skipped.isEmpty()
                        ? ""
                        : ", " + skipped.size() + " left out because they cannot be read: " + kinds(skipped),
                leftOut.isEmpty() ? "" : "; not looked at: " + leftOut));
        skipped.stream().limit(LISTED).forEach(text -> tell("  " + text.text()));
        if (skipped.size() > LISTED) {
            tell("  and " + (skipped.size() - LISTED) + " more");
        }
        var empty = empty(set);
        if (!empty.isEmpty()) {
            tell("            no " + split.title() + " pictures of " + empty.size() + " of " + set.classes().size()
                    + " classes: " + empty.stream().limit(NAMED).collect(Collectors.joining(", "))
                    + (empty.size() > NAMED ? " and " + (empty.size() - NAMED) + " more" : ""));
        }
    }

    /// How many of each kind: `2 not-an-image, 1 empty`.
    private static String kinds(List<Unread> skipped) {
        var counts = new TreeMap<String, Long>();
        skipped.forEach(unread -> counts.merge(unread.kind(), 1L, Long::sum));
        return LeftOut.text(counts);
    }

    /// Classes without pictures.
    private static List<String> empty(ImageSet set) {
        var seen = new boolean[set.classes().size()];
        for (int i = 0; seen.length > 0 && i < set.size(); i++) {
            seen[set.label(i)] = true;
        }
        return IntStream.range(0, seen.length).filter(c -> !seen[c]).mapToObj(set.classes()::get).toList();
    }
}
