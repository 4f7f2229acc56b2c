package dev.triptych.recipe;

import java.util.Locale;

/// Where images come from, and their size.
// @formatter:off
public record DataSection(
        @Doc("pictures: a folder, flat, nested or one for each class, CIFAR-10's binary files, or a list; null: "
                + "generated scenes")
        @Nullable @Default("null") String dir,
        @Doc("side of an image fed to the network, pixels") @Range(min = 4, max = 4096) int side,
        @Doc("number of training images; 0: all of the folder") @Range(min = 0) @Default("0") int trainImages,
        @Doc("number of test images; 0: all of the folder") @Range(min = 0) @Default("0") int testImages,
        @Doc("where classes come from; auto: of the folders in which the pictures lie, where no pictures lie beside "
                + "them; folders: the outermost; nested: the innermost") @Default("auto") Labels labels,
        @Doc("whether folders train and test (val, valid, validation; any case) are the two parts; auto: where it is "
                + "clear; none: they are classes like others") @Default("auto") Parts parts,
        @Doc("follow links that lead out of the folder") @Default("false") boolean followLinks,
        @Doc("images that cannot be read are counted, listed and left out; false: the first stops; null: left out "
                + "while they are few, five or a tenth, and not more than half")
        @Nullable @Default("null") Boolean skipBad,
        @Doc("largest image that is decoded, pixels (width times height)")
        @Range(min = 1) @Default("67108864") long maxPixels,
        @Doc("squares: pictures are brought to squares once and kept in the cache; none: each is decoded whenever it "
                + "is used, and crops are cut from the whole of it") @Default("squares") Pack pack,
        @Doc("classes that are used: names with commas between them, or semicolons where names have commas; first:N, "
                + "or after:N for all but those N; null: all")
        @Nullable @Default("null") String classes,
        @Doc("what makes the squares worse, train and test, after ImageNet-C; each the same in every epoch and run")
        @Default("none") Corruption corruption,
        @Doc("how much worse") @Range(min = 1, max = 5) @Default("3") int strength,
        @Doc("folder for packed images; null: TRIPTYCH_CACHE, else triptych below XDG_CACHE_HOME or ~/.cache")
        @Nullable @Default("null") String cache) {
    // @formatter:on

    public DataSection {
        if (corruption != Corruption.NONE && pack == Pack.NONE) {
            throw RecipeException.value("corruption", corruption.name().toLowerCase(Locale.ROOT),
                    "none, because data.pack=none cuts crops from whole pictures, and squares are what is made worse",
                    "Set data.pack=squares, or leave data.corruption out.");
        }
    }

    /// What is done to pictures: `data.view.PictureCorruption` says how.
    public enum Corruption {
        NONE, NOISE, BLUR, CONTRAST, JPEG
    }

    /// Where the classes of pictures come from.
    public enum Labels {
        AUTO, NONE, FOLDERS, NESTED
    }

    /// What is kept of pictures in the cache.
    public enum Pack {
        SQUARES, NONE
    }

    /// What folders called train and test are.
    public enum Parts {
        AUTO, NONE, FOLDERS
    }

    /// The same images, wherever they lie and are packed.
    public DataSection lying(String otherDir, String otherCache) {
        return new DataSection(otherDir, side, trainImages, testImages, labels, parts, followLinks, skipBad, maxPixels,
                pack, classes, corruption, strength, otherCache);
    }

    /// True if images are generated scenes rather than read from [#dir].
    public boolean generated() {
        return dir == null;
    }

    /// To be called before training: a recipe made for a folder of images does not fall back on generated scenes.
    ///
    /// @throws RecipeException if there is neither a folder nor a number of scenes to generate
    public void requireImages() {
        if (generated() && (trainImages == 0 || testImages == 0)) {
            throw new RecipeException("", "data.dir",
                    "is null, with data.train-images " + trainImages + " and data.test-images " + testImages
                            + "; expected a folder of images, or the number of scenes to generate",
                    "Give data=DIR, or for generated scenes data.train-images=2000 data.test-images=500.");
        }
        if (generated() && (side < 8 || side > 1024)) {
            throw RecipeException.value("data.side", side, "8 to 1024 for generated scenes", "Set data.side=32.");
        }
    }
}
