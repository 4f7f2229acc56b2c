package dev.triptych.measure.feature;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.source.Split;
import dev.triptych.method.Judging;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// The images by which features are judged.
///
/// @param train labelled images that kNN and probe learn from
/// @param test images that are judged
public record JudgedImages(ImageSet train, ImageSet test) {
    private static final int LARGEST_BATCH = 64;

    /// Opens those of a recipe.
    ///
    /// @throws dev.triptych.method.InputException if there are too few
    public static JudgedImages open(Recipe recipe, Judging how, Workplace place) throws IOException {
        ImageSet train = how.limited(place.images(recipe, Split.TRAIN));
        ImageSet test = place.images(recipe, Split.TEST);
        Knn.require(train.size(), "Raise --limit-train or data.train-images.");
        return new JudgedImages(train, test);
    }

    /// Images of a batch.
    public int batch() {
        return Math.min(LARGEST_BATCH, Math.min(train.size(), test.size()));
    }

    /// What a report says of them.
    public Map<String, String> facts(Recipe recipe) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("images", train.size() + " to learn from, " + test.size() + " to judge, "
                + (recipe.data().generated() ? "generated scenes" : recipe.data().dir()));
        facts.put("classes", Integer.toString(train.classes().size()));
        return facts;
    }
}
