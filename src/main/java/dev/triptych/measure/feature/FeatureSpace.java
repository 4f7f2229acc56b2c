package dev.triptych.measure.feature;

import dev.triptych.data.set.Subset;

/// The features that an encoder gives of both sets, to be looked at.
///
/// @param by what they are, in words
/// @param train of the training images, among which neighbours are looked for
/// @param test of the test images
/// @param knn how neighbours vote
public record FeatureSpace(String by, Features train, Features test, Knn knn) {
    private static final int SHOWN = 2000;

    /// Test images on a map, of which there are as many as can be told apart.
    ///
    /// @param places two numbers an image, (count x 2): its first two principal components
    /// @param labels class of each, (count)
    /// @param share of the variance of the features that each of the two has
    public record Plane(double[][] places, int[] labels, double[] share) {
    }

    /// The test images by their first two principal components.
    public Plane plane() {
        Features shown = test.select(Subset.strided(test.count(), Math.min(SHOWN, test.count())));
        var colours = PrincipalColours.fit(shown.rows(), 0, shown.count(), shown.width());
        var places = new double[shown.count()][2];
        for (int i = 0; i < places.length; i++) {
            for (int c = 0; c < 2; c++) {
                places[i][c] = colours.component(c, shown.rows(), i * shown.width());
            }
        }
        return new Plane(places, shown.labels(), new double[]{colours.share(0), colours.share(1)});
    }

    /// How many test images of a class (rows) kNN takes for which (columns), (classes x classes).
    ///
    /// @param classes how many there are
    public int[][] confusion(int classes) {
        var counts = new int[classes][classes];
        int[] predicted = knn.predict(train, test);
        for (int i = 0; i < predicted.length; i++) {
            counts[test.labels()[i]][predicted[i]]++;
        }
        return counts;
    }
}
