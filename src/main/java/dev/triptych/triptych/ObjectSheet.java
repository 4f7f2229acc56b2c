package dev.triptych.triptych;

import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.measure.code.BitCodes;
import dev.triptych.measure.feature.ArgMax;
import dev.triptych.measure.feature.ImageEncoder;
import dev.triptych.measure.retrieval.RetrievalExamples;
import dev.triptych.measure.retrieval.TokenRetrieval;
import dev.triptych.sheet.Cell;
import dev.triptych.sheet.Places;
import dev.triptych.sheet.Sheet;
import dev.triptych.tokens.LowRankFeatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Retrieval by one object (section 7): a token of a query, shown with its place, and the pictures that have a token of
/// nearly the same message, shown with theirs.
///
/// @param encoder with the trained weights
/// @param values that it computes
/// @param found messages of the tokens of both sets
/// @param test the queries
/// @param images whether pictures are shown; without, a plain ground
record ObjectSheet(ImageEncoder encoder, LowRankFeatures values, MessageEvaluation.Found found, ImageSet test,
        boolean images) {
    private static final int NEAREST = 5;
    private static final int CELL = 96;
    private static final int GROUND = 0x404040;

    /// A token of a picture of a set.
    private record Place(int picture, int token) {
    }

    /// The sheet.
    Sheet sheet(String title) {
        int[] shown = RetrievalExamples.shown(test.size());
        float[][] own = localizations(test, shown);
        var rows = new ArrayList<Sheet.Row>();
        for (int q = 0; q < shown.length; q++) {
            int token = second(own[q]);
            List<Place> nearest = nearest(shown[q], token);
            float[][] others = localizations(found.database(), nearest.stream().mapToInt(Place::picture).toArray());
            var cells = new ArrayList<Cell>(List.of(picture(test, shown[q]), heat(test, shown[q], own[q], token)));
            var notes = new ArrayList<>(List.of("query", "token " + (token + 1)));
            for (int i = 0; i < nearest.size(); i++) {
                Place place = nearest.get(i);
                cells.add(heat(found.database(), place.picture, others[i], place.token));
                notes.add(distance(shown[q], token, place) + " bits");
            }
            rows.add(new Sheet.Row(test.className(shown[q]), cells, notes));
        }
        var captions = new ArrayList<>(List.of("picture", "its token"));
        IntStream.rangeClosed(1, NEAREST).forEach(i -> captions.add(Integer.toString(i)));
        return new Sheet(title, captions, rows,
                "The token that is the largest of L at the second most patches, and the "
                        + "training pictures with the nearest messages of a token, below each the bits that differ of "
                        + found.test().bits() + "; each over the place of that token.",
                CELL);
    }

    /// The token with the second largest share of arg-max L: the largest is mostly the ground.
    private int second(float[] localization) {
        int k = values.tokens();
        int[] share = new int[k];
        for (int token : ArgMax.ofRows(localization, 0, localization.length / k, k)) {
            share[token]++;
        }
        return IntStream.range(0, k).boxed().sorted(Comparator.comparingInt(i -> -share[i])).skip(k > 1 ? 1 : 0)
                .findFirst().orElseThrow();
    }

    private int distance(int query, int token, Place place) {
        int k = values.tokens();
        return TokenRetrieval.hamming(found.test(), query * k + token, found.train(), place.picture * k + place.token);
    }

    /// The nearest tokens of as many pictures; of equal distances the first.
    private List<Place> nearest(int query, int token) {
        int k = values.tokens();
        BitCodes train = found.train();
        var best = new Place[train.count() / k];
        for (int i = 0; i < best.length; i++) {
            for (int j = 0; j < k; j++) {
                var place = new Place(i, j);
                best[i] = best[i] == null || distance(query, token, place) < distance(query, token, best[i])
                        ? place
                        : best[i];
            }
        }
        return Arrays.stream(best).sorted(Comparator.comparingInt(place -> distance(query, token, place)))
                .limit(NEAREST).toList();
    }

    /// L (N, K) of some pictures.
    private float[][] localizations(ImageSet set, int[] pictures) {
        float[][] all = new float[pictures.length][];
        encoder.encode(ImageSets.subset(set, pictures), List.of(), batch -> {
            float[] l = encoder.value(values.localization());
            int each = values.localization().count() / encoder.batch();
            for (int i = 0; i < batch.count(); i++) {
                all[batch.first() + i] = Arrays.copyOfRange(l, i * each, (i + 1) * each);
            }
        });
        return all;
    }

    private Cell picture(ImageSet set, int i) {
        int side = set.side();
        if (!images) {
            return Cell.plain(side, side, GROUND);
        }
        float[] pixels = new float[3 * side * side];
        set.images(new int[]{i}, pixels, 0);
        return Cell.image(pixels, 0, side, side);
    }

    private Cell heat(ImageSet set, int i, float[] localization, int token) {
        return new Places(localization, 0, values.grid(), values.tokens()).over(picture(set, i), token);
    }
}
