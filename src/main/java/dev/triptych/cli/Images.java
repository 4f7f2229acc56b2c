package dev.triptych.cli;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.LeftOut;
import dev.triptych.data.set.CacheFolder;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.PackedSet;
import dev.triptych.data.set.Unread;
import dev.triptych.data.source.Source;
import dev.triptych.data.source.Split;
import dev.triptych.method.RecipeImages;
import dev.triptych.recipe.DataSection;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
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
        RecipeImages.requireRoom(recipe.data(), split);
        return RecipeImages.inMemory(streamed(recipe.data(), recipe.seed(), split), recipe);
    }

    /// One part of a section's images: memory does not grow with their number.
    ///
    /// @throws dev.triptych.recipe.RecipeException if the section names no images, or more than there are
    ImageSet streamed(DataSection data, long seed, Split split) throws IOException {
        ImageSet set;
        try (var packing = new Packing(split, data.pack() == DataSection.Pack.SQUARES)) {
            set = RecipeImages.streamed(data, seed, split, packing);
            if (packing.leftOut != null) {
                describe(set, split, packing.leftOut);
            }
        }
        return RecipeImages.chosen(set, data, split);
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
