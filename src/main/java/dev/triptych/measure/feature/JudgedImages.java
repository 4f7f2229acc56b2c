package dev.triptych.measure.feature;

import dev.triptych.data.set.ClassNames;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.source.Split;
import dev.triptych.method.Judging;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The images by which features are judged.
///
/// @param train images that kNN and probe learn from
/// @param test images that are judged
public record JudgedImages(ImageSet train, ImageSet test) {
    private static final int LARGEST_BATCH = 64;

    /// Opens those of a recipe.
    ///
    /// @throws dev.triptych.method.InputException if there are too few
    public static JudgedImages open(Recipe recipe, Judging how, Workplace place) throws IOException {
        ImageSet train = how.limited(place.images(recipe, Split.TRAIN));
        ImageSet test = place.images(recipe, Split.TEST);
        var sets = new JudgedImages(train, test);
        if (sets.labelled()) {
            Knn.require(train.size(), "Raise --limit-train or data.train-images.");
        } else {
            place.remark("Left out is what needs labels, since " + sets.absence() + ".");
        }
        return sets;
    }

    /// Whether labels tell anything.
    public boolean labelled() {
        return absence().isEmpty();
    }

    /// Why they do not, in words; empty where they do.
    public String absence() {
        return ClassNames.absence(train.classes());
    }

    /// Checks that the numbers that are kept of all images fit into arrays and memory.
    ///
    /// @param pixels whether raw pixels are judged too
    /// @param widths of the features that are kept of each image
    /// @throws dev.triptych.method.InputException if they do not
    public void requireRoom(boolean pixels, int... widths) {
        var room = new Room("Use fewer images: --limit-train N, data.train-images=N, data.test-images=N"
                + (pixels ? "; or leave raw pixels out: --no-pixels." : "."));
        for (ImageSet set : List.of(train, test)) {
            if (pixels) {
                room.add("raw pixels", set.size(), 3L * set.side() * set.side(), 1);
            }
            for (int width : widths) {
                room.add("features", set.size(), width, 2); // of the trained encoder and of the untrained one
            }
        }
    }

    /// Images of a batch.
    public int batch() {
        return Math.min(LARGEST_BATCH, Math.min(train.size(), test.size()));
    }

    /// What a report says of them.
    ///
    /// @param needLabels figures that are left out where labels tell nothing
    public Map<String, String> facts(Recipe recipe, String... needLabels) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("images", train.size() + " to learn from, " + test.size() + " to judge, "
                + (recipe.data().generated() ? "generated scenes" : recipe.data().dir()));
        int unread = train.skipped().size() + test.skipped().size();
        if (unread > 0) {
            facts.put("not read", unread + " pictures, which were left out");
        }
        facts.put("classes", train.classes().isEmpty() ? "none" : Integer.toString(train.classes().size()));
        if (!labelled() && needLabels.length > 0) {
            facts.put("left out", String.join(", ", needLabels) + ": " + absence());
        }
        return facts;
    }
}
