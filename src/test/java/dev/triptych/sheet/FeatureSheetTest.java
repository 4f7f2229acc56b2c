package dev.triptych.sheet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.measure.feature.FeatureSpace;
import dev.triptych.measure.feature.Features;
import dev.triptych.measure.feature.Knn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The map of features and the confusion of classes.
class FeatureSheetTest {
    private static final int CLASSES = 3;

    /// Three classes in three directions of three; every fourth picture of class 2 looks like one of class 0.
    private static Features features(int count) {
        float[] rows = new float[3 * count];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % CLASSES;
            int looks = labels[i] == 2 && i / CLASSES % 4 == 0 ? 0 : labels[i];
            rows[3 * i + looks] = 1 + 0.01f * (i % 7);
        }
        return new Features(rows, count, 3, labels);
    }

    private static FeatureSpace space() {
        return new FeatureSpace("CLS", features(60), features(24), new Knn(5, Knn.Vote.MAJORITY, 1));
    }

    @Test
    void truthIsInRows() {
        int[][] counts = space().confusion(CLASSES);
        assertArrayEquals(new int[]{8, 0, 0}, counts[0]);
        assertArrayEquals(new int[]{0, 8, 0}, counts[1]);
        assertArrayEquals(new int[]{2, 0, 6}, counts[2]);
    }

    @Test
    void theMapSeparatesWhatTheFeaturesDo() {
        var plane = space().plane();
        assertEquals(24, plane.places().length);
        assertTrue(plane.share()[0] >= plane.share()[1] && plane.share()[0] + plane.share()[1] > 0.99
                && plane.share()[0] + plane.share()[1] < 1 + 1e-9, "three clusters span two directions");
        double[] first = plane.places()[0];
        for (int i = 0; i < 24; i++) {
            double distance = Math.hypot(plane.places()[i][0] - first[0], plane.places()[i][1] - first[1]);
            boolean alike = plane.labels()[i] == 0 || plane.labels()[i] == 2 && i / CLASSES % 4 == 0;
            assertEquals(alike, distance < 0.5, i + " is " + distance + " away");
        }
    }

    @Test
    void pointsHaveTheColoursOfTheirClasses(@TempDir Path folder) throws IOException {
        new FeatureSheet(space(), List.of("red", "green", "blue")).write("Features", folder.resolve("a.png"));
        var picture = ImageIO.read(folder.resolve("a.png").toFile());
        var unlabelled = new FeatureSheet(space(), List.of()).draw("Features").picture();
        assertTrue(picture.getWidth() > 900 && unlabelled.getWidth() < 500, "without labels nothing is confused");
        var parts = Png.parts(Files.readAllBytes(folder.resolve("a.png")));
        assertEquals(2 + CLASSES, parts.size(), "map, confusion, and a square for each class keep their colours");
        for (int c = 0; c < CLASSES; c++) {
            assertEquals(Cell.segmentColour(c) | 0xff000000, picture.getRGB(parts.get(2 + c).x() + 5,
                    parts.get(2 + c).y() + 5));
            int seen = 0;
            for (int y = 90; y < 490; y++) {
                for (int x = 24; x < 444; x++) {
                    int rgb = picture.getRGB(x, y);
                    int wanted = Cell.segmentColour(c);
                    seen += Math.abs((rgb >> 16 & 255) - (wanted >> 16 & 255)) < 60
                            && Math.abs((rgb >> 8 & 255) - (wanted >> 8 & 255)) < 60
                            && Math.abs((rgb & 255) - (wanted & 255)) < 60 ? 1 : 0;
                }
            }
            assertTrue(seen > 10, "class " + c + ": " + seen + " pixels");
        }
    }

    @Test
    void anyNumberOfClassesFits() {
        for (int classes : new int[]{2, 20, 21, 100}) {
            var names = java.util.stream.IntStream.range(0, Math.max(classes, CLASSES))
                    .mapToObj(i -> "a class of a rather long name " + i).toList();
            assertTrue(new FeatureSheet(space(), names).draw("Features").picture().getHeight() > 400);
        }
    }
}
