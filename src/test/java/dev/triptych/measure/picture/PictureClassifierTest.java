package dev.triptych.measure.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.codes.SampleCodes;
import dev.triptych.data.set.ImageSet;
import dev.triptych.device.vector.VectorDevice;
import dev.triptych.io.FormatException;
import dev.triptych.measure.feature.Features;
import dev.triptych.method.EvaluationProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureClassifierTest {
    private static final String HASH = "ab".repeat(32);
    private static final PictureClassifier.Training TRAINING = new PictureClassifier.Training(12, 3);

    @TempDir
    private Path folder;

    /// Noise, reddish for class 0, greenish for class 1, bluish for class 2.
    private record Colours(int size) implements ImageSet {
        @Override
        public int side() {
            return 16;
        }

        @Override
        public List<String> classes() {
            return List.of("red", "green", "blue");
        }

        @Override
        public int label(int i) {
            return i % 3;
        }

        @Override
        public void pixels(int i, byte[] rgbPlanar, int at) {
            var random = new SplittableRandom(i);
            for (int p = 0; p < 3 * 256; p++) {
                rgbPlanar[at + p] = (byte) (random.nextInt(150) + (p / 256 == i % 3 ? 60 : 0));
            }
        }

        @Override
        public boolean hasMasks() {
            return false;
        }

        @Override
        public void mask(int i, byte[] mask, int at) {
            throw new UnsupportedOperationException("no masks");
        }
    }

    private static PictureClassifier.Seen look(PictureClassifier classifier, ImageSet set) {
        return classifier.look((first, count, out) -> set.images(IntStream.range(first, first + count).toArray(), out,
                0), IntStream.range(0, set.size()).map(set::label).toArray(), EvaluationProgress.NONE::did);
    }

    @Test
    void learnsIsKeptAndIsTheSameForAnyNumberOfThreads() throws IOException {
        var set = new Colours(96);
        var test = new Colours(70);
        Path file = folder.resolve("classifier.safetensors");
        try (var one = new VectorDevice(1);
                var two = new VectorDevice(2);
                var trained = PictureClassifier.train(set, HASH, TRAINING, one,
                        EvaluationProgress.NONE);
                var again = PictureClassifier.train(set, HASH, TRAINING, two,
                        EvaluationProgress.NONE)) {
            var seen = look(trained, test);
            assertTrue(seen.accuracy() > 95, () -> "accuracy " + seen.accuracy());
            assertEquals(Math.log(3), seen.labelEntropy(), 0.02);
            assertArrayEquals(seen.features().rows(), look(again, test).features().rows());
            trained.save(file);
            try (var loaded = PictureClassifier.load(file, set, HASH, TRAINING, one)) {
                assertArrayEquals(seen.features().rows(), look(loaded, test).features().rows());
                assertEquals(trained.description(), loaded.description());
            }
            refused(file, set, "cd".repeat(32), TRAINING, one, "images-sha256");
            refused(file, set, HASH, new PictureClassifier.Training(11, 3), one, "12 epochs, seed 3");
            SampleCodes.write(file, 2, 4, 1, 10);
            assertThrows(FormatException.class, () -> PictureClassifier.load(file, set, HASH, TRAINING, one));
        }
    }

    private static void refused(Path file, ImageSet set, String hash, PictureClassifier.Training training,
            VectorDevice device, String part) {
        var e = assertThrows(FormatException.class,
                () -> PictureClassifier.load(file, set, hash, training, device));
        assertTrue(e.getMessage().contains(part), e::getMessage);
    }

    @Test
    void entropyOfLabels() {
        var features = new Features(new float[4], 4, 1, new int[4]);
        assertEquals(0, new PictureClassifier.Seen(features, new int[]{2, 2, 2, 2}, 1).labelEntropy(), 1e-12);
        assertEquals(Math.log(2), new PictureClassifier.Seen(features, new int[]{0, 2, 2, 0}, 1).labelEntropy(), 1e-12);
    }

    /// Beside NumPy: exp of the mean of sum(p log(p / p.mean(0))).
    @Test
    void theScoreIsNumpys() {
        double[] likely = {0.7, 0.2, 0.1, 0.1, 0.1, 0.8, 0.3, 0.3, 0.4, 0, 1, 0};
        assertEquals(1.5751911455043603, PictureClassifier.score(likely, 3), 1e-12);
        assertEquals(1, PictureClassifier.score(new double[]{0.5, 0.5, 0.5, 0.5}, 2), 1e-12, "all alike");
        assertEquals(2, PictureClassifier.score(new double[]{1, 0, 0, 1}, 2), 1e-12, "each of a class of its own");
    }
}
