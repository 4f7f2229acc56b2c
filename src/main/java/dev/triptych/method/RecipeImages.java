package dev.triptych.method;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.JpegDecoder;
import dev.triptych.data.set.BadImages;
import dev.triptych.data.set.CacheFolder;
import dev.triptych.data.set.ChosenClasses;
import dev.triptych.data.set.DataSource;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.set.MemorySet;
import dev.triptych.data.set.PackSettings;
import dev.triptych.data.set.PackedSet;
import dev.triptych.data.source.FileNames;
import dev.triptych.data.source.SourceOptions;
import dev.triptych.data.source.Split;
import dev.triptych.data.view.CorruptedSet;
import dev.triptych.data.view.PictureCorruption;
import dev.triptych.recipe.DataSection;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/// The image sets that a recipe means.
public final class RecipeImages {
    private RecipeImages() {
    }

    /// One part of a section's images, all that there are, read from the packed file or drawn as they are asked for:
    /// memory does not grow with their number.
    ///
    /// @param observer sees images being packed
    /// @throws dev.triptych.recipe.RecipeException if the section names no images
    public static ImageSet streamed(DataSection data, long seed, Split split, PackedSet.Observer observer)
            throws IOException {
        data.requireImages();
        DataSource source = data.generated()
                ? new DataSource.Generated(seed, data.trainImages(), data.testImages())
                : new DataSource.Stored(place(data.dir()), SourceOptions.of(data));
        int opened = data.classes() == null ? wanted(data, split) : 0; // classes are chosen first
        var how = new PackSettings(data.side(), opened, CacheFolder.of(data.cache()),
                ImageSets.limited(new ImageDecoder(data.maxPixels(), JpegDecoder.raster())),
                BadImages.of(data.skipBad()), data.pack() == DataSection.Pack.SQUARES, PackSettings.LONGEST);
        return ImageSets.streamed(source, split, how, observer);
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

    private static int wanted(DataSection data, Split split) {
        return split == Split.TRAIN ? data.trainImages() : data.testImages();
    }

    /// What the section takes of the images that there are, and as it sees them: made worse by `data.corruption`, of
    /// `data.classes`, as many as it asks for. Of generated scenes, those of the classes among so many.
    ///
    /// @param all the images of the part
    /// @throws InputException if there are fewer, or no such class
    public static ImageSet chosen(ImageSet all, DataSection data, Split split) {
        ImageSet seen = data.corruption() == DataSection.Corruption.NONE
                ? all
                : new CorruptedSet(all, new PictureCorruption(data.corruption(), data.strength()), split);
        ImageSet some = data.classes() == null ? seen : ofClasses(seen, data.classes());
        return data.generated()
                ? some
                : Judging.limited(some, wanted(data, split), "data." + split.title() + "-images");
    }

    private static ImageSet ofClasses(ImageSet set, String classes) {
        try {
            return ChosenClasses.of(set, classes);
        } catch (IllegalArgumentException e) {
            throw new InputException("data.classes is " + e.getMessage() + ". Leave it out for all.", e);
        }
    }

    /// Refuses more scenes than half of this Java's memory holds.
    ///
    /// @throws InputException if there are more
    public static void requireRoom(DataSection data, Split split) {
        data.requireImages();
        int wanted = wanted(data, split);
        long bytes = 3L * data.side() * data.side() * wanted;
        long half = Runtime.getRuntime().maxMemory() / 2;
        if (data.generated() && bytes > half) {
            throw new InputException(String.format(Locale.ROOT,
                    "data.%s-images is %d: scenes of %d px take %s; expected at most %s, half of this Java's memory. "
                            + "Lower it, or give Java more: TRIPTYCH_HEAP.",
                    split.title(), wanted, data.side(), CacheFolder.size(bytes), CacheFolder.size(half)));
        }
    }

    /// The same set in memory where it fits easily, and is not of pictures larger than squares.
    public static ImageSet inMemory(ImageSet set, Recipe recipe) {
        boolean generated = recipe.data().generated();
        boolean squares = generated || recipe.data().pack() != DataSection.Pack.NONE;
        long bytes = 3L * set.side() * set.side() * set.size();
        boolean fits = generated || bytes <= Runtime.getRuntime().maxMemory() / 4;
        return squares && fits && !(set instanceof MemorySet) ? MemorySet.of(set) : set;
    }
}
