package dev.triptych.measure.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.bits.Bits;
import dev.triptych.bits.BitsPrograms;
import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.method.InputException;
import dev.triptych.method.Judging;
import dev.triptych.method.TestPlace;
import dev.triptych.method.Trained;
import dev.triptych.methods.Methods;
import dev.triptych.program.State;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Encoders that are judged: the one with the weights of a run, the other with those that it began with.
class EncoderPairTest {
    private static final Recipe RECIPE = Methods.RECIPES.load("bits-micro",
            List.of("seed=5", "data.train-images=40", "data.test-images=6")).recipe();

    /// A run whose weights are those of another seed.
    private record OtherSeed(boolean broken) implements Trained {
        @Override
        public void load(State state, Session into) throws IOException {
            if (broken) {
                throw new IOException("broken");
            }
            into.initialize(state, 99);
        }

        @Override
        public Path folder() {
            return Path.of("runs", "a", "..", "one");
        }

        @Override
        public Recipe own() {
            return RECIPE;
        }

        @Override
        public Recipe recipe() {
            return RECIPE;
        }

        @Override
        public Path checkpoint() {
            return Path.of("c");
        }

        @Override
        public long step() {
            return 12;
        }

        @Override
        public Map<String, String> sources() {
            return Map.of();
        }

        @Override
        public void requireSources(Map<String, String> found, String remedy) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, String> facts(Map<String, String> judged, Device device) {
            return judged;
        }
    }

    private static float[] weights(Session session, State state) {
        return session.download(state.parameter("encoder.patch.weight"));
    }

    private static float[] drawn(long seed) {
        return new BitsPrograms(RECIPE).state().draw("encoder.patch.weight", seed);
    }

    @Test
    void theTrainedOneHasTheWeightsOfTheRun() throws IOException {
        var programs = new BitsPrograms(RECIPE);
        try (var pair = EncoderPair.open(new OtherSeed(false), programs, programs.evaluate(2), new PlainDevice())) {
            assertArrayEquals(drawn(99), weights(pair.trained().session(), programs.state()));
            assertArrayEquals(drawn(5), weights(pair.untrained().session(), programs.state()));
        }
    }

    @Test
    void weightsThatCannotBeReadLeaveNothingOpen() {
        var programs = new BitsPrograms(RECIPE);
        assertThrows(IOException.class, () -> EncoderPair.open(new OtherSeed(true), programs, programs.evaluate(2),
                new PlainDevice()));
    }

    /// Six images in batches of four: the padding of the last batch is no image.
    @Test
    void allImagesAreEncodedWhateverTheBatch() throws IOException {
        var sets = JudgedImages.open(RECIPE, new Judging(0, true, Map.of()), new TestPlace());
        float[][] found = new float[2][];
        for (int i = 0; i < 2; i++) {
            var programs = new BitsPrograms(RECIPE);
            var evaluation = programs.evaluate(i == 0 ? 4 : 6);
            Bits.Features values = evaluation.values();
            int[] seen = new int[1];
            try (var pair = EncoderPair.open(new OtherSeed(false), programs, evaluation, new PlainDevice())) {
                var features = pair.trained().encode(sets.test(), List.of(values.cls(), values.dense()), batch -> {
                    assertEquals(seen[0], batch.first());
                    seen[0] += batch.count();
                });
                assertEquals(6, features.get(values.dense()).count());
                found[i] = features.get(values.dense()).rows();
            }
            assertEquals(6, seen[0]);
        }
        assertArrayEquals(found[0], found[1]);
        assertFalse(Arrays.equals(found[0], new float[found[0].length]));
    }

    @Test
    void judgedImagesAreTheRecipes() throws IOException {
        var sets = JudgedImages.open(RECIPE, new Judging(30, true, Map.of()), new TestPlace());
        assertEquals(30, sets.train().size());
        assertEquals(6, sets.test().size());
        assertEquals(6, sets.batch());
        assertEquals("30 to learn from, 6 to judge, generated scenes", sets.facts(RECIPE).get("images"));
        String few = assertThrows(InputException.class,
                () -> JudgedImages.open(RECIPE, new Judging(3, true, Map.of()), new TestPlace())).getMessage();
        assertTrue(few.endsWith("Raise --limit-train or data.train-images."), few);
    }

    @Test
    void aRunIsNamedByItsFolder() {
        var run = new OtherSeed(false);
        assertEquals("one", run.name());
        assertEquals("BITS, one, step 12", run.title("BITS"));
    }
}
