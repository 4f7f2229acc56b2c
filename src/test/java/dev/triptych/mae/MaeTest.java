package dev.triptych.mae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.set.DataSource;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.source.Split;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.encoder.VisionTransformer;
import dev.triptych.methods.Methods;
import dev.triptych.nn.SinePositions;
import dev.triptych.program.Program;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The parts of MAE that golden values do not hold.
class MaeTest {
    private static final int BATCH = 4;

    private static Recipe recipe(String... overrides) {
        return Methods.RECIPES.load("mae-micro", List.of(overrides)).recipe();
    }

    private ImageSet images(int count) {
        return ImageSets.scenes(new DataSource.Generated(1, count, 1), Split.TRAIN, 16);
    }

    /// Parameters before and after a step of a recipe on given pixels.
    private record Stepped(Map<String, float[]> before, Map<String, float[]> after) {
    }

    private static Stepped step(Recipe recipe, float[] pixels, int[] kept) {
        var programs = new MaePrograms(recipe);
        var step = programs.train(recipe.training().stages().getFirst());
        var in = step.objective().inputs();
        try (var session = new PlainDevice(false).bind(programs.state(), step.program())) {
            session.initialize(programs.state(), 3);
            Map<String, float[]> before = values(programs, session::download);
            session.upload(in.image(), pixels);
            in.give(kept, session::upload, session::upload);
            session.upload(step.descent().rates(), new dev.triptych.nn.AdamWRates(step.descent().parameters(),
                    t -> true, 0.9, 0.95).next(1e-2, 0.05));
            session.run(step.program());
            return new Stepped(before, values(programs, session::download));
        }
    }

    private static Map<String, float[]> values(MaePrograms programs,
            java.util.function.Function<dev.triptych.program.Tensor, float[]> download) {
        var values = new java.util.LinkedHashMap<String, float[]>();
        programs.state().parameters().forEach((name, t) -> values.put(name, download.apply(t)));
        return values;
    }

    private static int[] firstCells() {
        int[] kept = new int[BATCH * 4];
        Arrays.setAll(kept, i -> i % 4);
        return kept;
    }

    /// The loss of one picture on plain pixels, cells 0 to 3 kept, by a decoder that predicts 0 everywhere.
    private static double lossOfZeros(float[] pixels) {
        var programs = new MaePrograms(recipe("training.batch=1", "mae.norm-pixels=false"));
        var p = new Program("loss", programs.state());
        var objective = programs.model().objective(p, 1, 4);
        p.keep(objective.loss().total());
        try (var session = new PlainDevice(false).bind(programs.state(), p)) {
            session.initialize(programs.state(), 3);
            programs.state().parameters().forEach((name, t) -> {
                if (name.startsWith("decoder.pred")) {
                    session.upload(t, new float[t.count()]);
                }
            });
            session.upload(objective.inputs().image(), pixels);
            objective.inputs().give(new int[]{0, 1, 2, 3}, session::upload, session::upload);
            session.run(p);
            return session.value(objective.loss().total());
        }
    }

    @Test
    void droppedPatchesAloneCount() {
        float[] grey = new float[3 * 16 * 16];
        Arrays.fill(grey, 0.5f);
        double loss = lossOfZeros(grey);
        float[] kept = grey.clone();
        kept[3 * 16 + 15] = 0.9f; // cell 3, the last of the first row
        assertEquals(loss, lossOfZeros(kept), 0);
        float[] dropped = grey.clone();
        dropped[256 + 4 * 16] = 0.9f; // cell 4, the first of the second row, in green
        assertEquals(change(1, 0.9f) / (12 * 48), lossOfZeros(dropped) - loss, 1e-6);
    }

    /// How much the square of a channel's normalised pixel grows from 0.5 to another.
    private static double change(int channel, float pixel) {
        double before = VisionTransformer.normalised(channel, 0.5f);
        double after = VisionTransformer.normalised(channel, pixel);
        return after * after - before * before;
    }

    @Test
    void fixedPositionsStayAndLearntOnesMove() {
        float[] pixels = new float[BATCH * 3 * 16 * 16];
        var random = CounterRandom.of(4, Stream.CHECK, 0, 0);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.uniform(0f, 1f);
        }
        for (String table : List.of("encoder.positions", "decoder.positions")) {
            Stepped fixed = step(recipe("training.batch=4"), pixels, firstCells());
            assertArrayEquals(fixed.before().get(table), fixed.after().get(table), table);
            assertArrayEquals(SinePositions.table(4, table.startsWith("enc") ? 32 : 16), fixed.after().get(table));
            Stepped learnt = step(recipe("training.batch=4", "mae.sine-positions=false"), pixels, firstCells());
            assertFalse(Arrays.equals(learnt.before().get(table), learnt.after().get(table)), table);
        }
    }

    @Test
    void theTableOfPositionsIsTheAuthors() {
        float[] table = SinePositions.table(3, 8);
        assertArrayEquals(new float[8], Arrays.copyOf(table, 8), "CLS");
        int cell = 1 + 1 * 3 + 2; // row 1, column 2: x comes first
        double w = 0.01; // 10000^(-4/8)
        double[] expected = {Math.sin(2), Math.sin(2 * w), Math.cos(2), Math.cos(2 * w), Math.sin(1), Math.sin(w),
                Math.cos(1), Math.cos(w)};
        for (int i = 0; i < 8; i++) {
            assertEquals(expected[i], table[cell * 8 + i], 1e-6, "number " + i);
        }
    }

    @Test
    void targetsHaveMeanZeroAndTheUnbiasedVarianceOne() {
        var programs = new MaePrograms(recipe("training.batch=1"));
        var p = new Program("targets", programs.state());
        var objective = programs.model().objective(p, 1, 4);
        p.keep(objective.target());
        try (var session = new PlainDevice(false).bind(programs.state(), p)) {
            session.initialize(programs.state(), 1);
            float[] pixels = new float[3 * 16 * 16];
            var random = CounterRandom.of(4, Stream.CHECK, 0, 0);
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = random.uniform(0f, 1f);
            }
            session.upload(objective.inputs().image(), pixels);
            objective.inputs().give(new int[]{0, 1, 2, 3}, session::upload, session::upload);
            session.run(p);
            float[] target = session.download(objective.target());
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < 48; i++) {
                sum += target[i];
                squares += target[i] * target[i];
            }
            assertEquals(0, sum / 48, 1e-6);
            assertEquals(1, squares / 47, 1e-4);
        }
    }

    @Test
    void everyCellIsKeptEquallyOften() {
        int[] count = new int[16];
        int[] kept = new int[4];
        for (int i = 0; i < 8000; i++) {
            MaeViews.mask(CounterRandom.of(1, Stream.MASK, i, 0), 16, 4, kept, 0);
            assertEquals(4, Arrays.stream(kept).distinct().count());
            Arrays.stream(kept).forEach(cell -> count[cell]++);
        }
        for (int c : count) {
            assertEquals(2000, c, 180);
        }
    }

    @Test
    void paintingPutsPatchesInTheirPlaces() throws IOException {
        var programs = new MaePrograms(recipe("mae.norm-pixels=false"));
        try (var painter = new MaePainter(programs, BATCH, new PlainDevice(false))) {
            painter.session().initialize(programs.state(), 1);
            // a prediction that is its bias alone: a ramp over channel, row and column
            float[] bias = new float[48];
            for (int i = 0; i < bias.length; i++) {
                bias[i] = i / 48f;
            }
            programs.state().parameters().forEach((name, t) -> {
                if (name.startsWith("decoder.pred")) {
                    painter.session().upload(t, name.endsWith("bias") ? bias : new float[t.count()]);
                }
            });
            painter.paint(images(3), p -> {
                assertEquals(0, p.first());
                assertEquals(3, p.count());
                for (int i = 0; i < 3 * 3 * 256; i++) {
                    int image = i / 768;
                    int c = i / 256 % 3;
                    int y = i / 16 % 16;
                    int x = i % 16;
                    boolean dropped = p.dropped()[image * 16 + y / 4 * 4 + x / 4] == 1f;
                    float expected = dropped
                            ? VisionTransformer.pixel(c, (c * 16 + y % 4 * 4 + x % 4) / 48f)
                            : p.images()[i];
                    assertEquals(expected, p.painted()[i], 1e-5f);
                }
            });
        }
    }

    @Test
    void collapseIsSeen() {
        assertTrue(MaeTask.collapse(Map.of(MaeHealth.RANK, 1.2)).isPresent());
        assertTrue(MaeTask.collapse(Map.of(MaeHealth.RANK, 5.0)).isEmpty());
        assertTrue(MaeTask.collapse(Map.of()).isEmpty());
        assertEquals(0.5, MaeHealth.explained(new float[]{1, 9, 3, 3}, new float[]{1, 0, 3, 2},
                new float[]{1, 0, 1, 1}), 1e-12);
    }

    @Test
    void recipesThatCannotBeAreRefused() {
        for (String[] overrides : new String[][]{{"training.stages.0.mask-ratio=0"},
                {"training.stages.0.mask-ratio=0.99"}, {"training.stages.0.teacher=true"}, {"mae.decoder-width=18"},
                {"encoder.width=34"}, {"mae.decoder-heads=3"}, {"encoder.patch=16"}}) {
            assertThrows(RecipeException.class, () -> recipe(overrides), () -> String.join(" ", overrides));
        }
    }
}
