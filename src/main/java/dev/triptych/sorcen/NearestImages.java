package dev.triptych.sorcen;

import dev.triptych.measure.code.CodeGrids;
import dev.triptych.measure.feature.CosinePanels;
import dev.triptych.measure.feature.Features;
import dev.triptych.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/// How far images are from the nearest training image: whether a generator copies. Both sides are what their codes
/// decode to, so that a copy of a training grid has distance 0 and the tokenizer's own error is nowhere in it.
public final class NearestImages {
    private static final int CHUNK = 1024;
    private static final int BLOCK = 32;

    private NearestImages() {
    }

    /// Root of the mean squared difference of pixels between each image and the nearest training image.
    ///
    /// @param train codes of the training images, decoded a few at a time
    /// @param images of the queries
    /// @param did told how many more training images are done
    public static double[] distances(Tokenizer tokenizer, CodeGrids train, CodeGrids images, LongConsumer did) {
        int length = 3 * tokenizer.side() * tokenizer.side();
        var queries = decoded(tokenizer, images, length);
        double[] norms = squares(queries);
        double[] nearest = new double[images.count()];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        for (int first = 0; first < train.count(); first += CHUNK) {
            int count = Math.min(CHUNK, train.count() - first);
            int from = first;
            var keys = decoded(tokenizer, train.select(IntStream.range(from, from + count).toArray()), length);
            double[] keyNorms = squares(keys);
            var panels = CosinePanels.pack(keys);
            IntStream.range(0, (images.count() + BLOCK - 1) / BLOCK).parallel().forEach(block -> {
                int begin = block * BLOCK;
                int end = Math.min(images.count(), begin + BLOCK);
                float[] cosines = panels.similarities(queries, begin, end);
                for (int q = begin; q < end; q++) {
                    for (int k = 0; k < count; k++) {
                        double distance = norms[q] + keyNorms[k]
                                - 2 * cosines[(q - begin) * count + k] * Math.sqrt(norms[q] * keyNorms[k]);
                        nearest[q] = Math.min(nearest[q], distance);
                    }
                }
            });
            did.accept(count);
        }
        return Arrays.stream(nearest).map(square -> Math.sqrt(Math.max(0, square) / length)).toArray();
    }

    private static Features decoded(Tokenizer tokenizer, CodeGrids grids, int length) {
        float[] images = new float[Math.multiplyExact(grids.count(), length)];
        tokenizer.decode(grids.ids(), grids.count(), images);
        return new Features(images, grids.count(), length, grids.labels());
    }

    private static double[] squares(Features features) {
        double[] squares = new double[features.count()];
        for (int i = 0; i < features.rows().length; i++) {
            squares[i / features.width()] += (double) features.rows()[i] * features.rows()[i];
        }
        return squares;
    }

    /// The protocol in words, for a report.
    ///
    /// @param images judged
    public static String protocol(int images) {
        return "mean over " + images + " images of the root mean squared difference of pixels to the nearest training "
                + "image, both decoded from codes; 0 for a copy";
    }
}
