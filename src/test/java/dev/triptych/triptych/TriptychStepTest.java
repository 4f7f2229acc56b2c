package dev.triptych.triptych;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.codes.CodeTargets;
import dev.triptych.data.set.ImageSet;
import dev.triptych.data.set.Scenes;
import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.echo.SquareWindow;
import dev.triptych.methods.Methods;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Arena;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeException;
import dev.triptych.tokens.DecoderTargets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Batches, whole training steps and resets of recipe `triptych-micro` on the plain device.
class TriptychStepTest {
    private static Recipe recipe(String... overrides) {
        var all = new ArrayList<>(List.of("training.batch=4", "data.train-images=16"));
        all.addAll(List.of(overrides));
        return Methods.RECIPES.load("triptych-micro", all).recipe();
    }

    private static CodeTargets targets(Recipe recipe) {
        return DecoderTargets.of(recipe, DecoderTargets.codebook(recipe), true);
    }

    private static ImageSet images() {
        return new Scenes(1, 0, 16, 16);
    }

    private static TriptychBatch batch(Recipe recipe, long step) {
        return new TriptychViews(images(), recipe, targets(recipe)).make(step, null);
    }

    @Test
    void aBatchIsAFunctionOfItsStep() {
        TriptychBatch batch = batch(recipe(), 3);
        var views = new TriptychViews(images(), recipe(), targets(recipe()));
        TriptychBatch again = views.make(3, views.make(1, null));
        assertArrayEquals(batch.global(), again.global());
        assertArrayEquals(batch.local(), again.local());
        assertArrayEquals(batch.kept(), again.kept());
        assertArrayEquals(batch.keptGlobal(), again.keptGlobal());
        assertArrayEquals(batch.codes(), again.codes());
        assertArrayEquals(batch.echoDraws(), again.echoDraws());
        assertEquals(batch.windows(), again.windows());
        assertNotEquals(batch.windows(), views.make(4, null).windows());
        assertFalse(java.util.Arrays.equals(java.util.Arrays.copyOf(batch.global(), batch.image().length),
                batch.image()), "g_1 is a crop of its own");
    }

    /// A batch's windows have one side, between half the grid's and all of it, and corners of their own.
    @Test
    void theWindowsOfABatchHaveOneSide() {
        var sides = new java.util.TreeSet<Integer>();
        for (long step = 0; step < 30; step++) {
            List<SquareWindow> windows = batch(recipe(), step).windows();
            assertEquals(1, windows.stream().map(SquareWindow::side).distinct().count());
            sides.add(windows.getFirst().side());
        }
        assertEquals(java.util.Set.of(2, 3, 4), sides);
    }

    /// What weights leave out is not made, and changes nothing of the rest.
    @Test
    void whatIsLeftOutChangesNothingElse() {
        TriptychBatch all = batch(recipe(), 2);
        TriptychBatch some = batch(recipe("triptych.weights.alignment=0", "triptych.weights.rate=0",
                "triptych.weights.contrast=0"), 2);
        assertEquals(0, some.global().length + some.local().length + some.keptGlobal().length
                + some.echoDraws().length + some.windows().size());
        assertArrayEquals(all.image(), some.image());
        assertArrayEquals(all.kept(), some.kept());
        TriptychBatch other = batch(recipe("triptych.weights.masked=0", "triptych.weights.contrast=0",
                "triptych.weights.uniformity=0"), 2);
        assertEquals(0, other.kept().length);
        assertArrayEquals(all.keptGlobal(), other.keptGlobal());
        assertArrayEquals(all.global(), other.global());
    }

    @ParameterizedTest
    @CsvSource({"triptych.masked-share=0.75, 4, 8", "triptych.masked-share=0.5, 8, 8",
            "triptych.global-share=0.7, 4, 4", "triptych.masked-share=0.9, 1, 8"})
    void keptPatchesAreTheWholeNumberBelow(String override, int kept, int global) {
        Triptych.Views views = TriptychPrograms.views(recipe(override));
        assertEquals(kept, views.kept());
        assertEquals(global, views.keptGlobal());
    }

    @Test
    void aFewStepsOnOneBatchReduceTheLoss() {
        Recipe recipe = recipe();
        var task = new TriptychTask(recipe, images(), targets(recipe));
        var programs = task.programs();
        var step = programs.train(recipe.training().stages().getFirst());
        var losses = new ArrayList<Float>();
        try (HostSession session = new PlainDevice(false).bind(programs.state(), step.program())) {
            session.initialize(programs.state(), 3);
            session.copyToTeacher(programs.state());
            TriptychTask.upload(session, step.objective().inputs(), batch(recipe, 0), false);
            session.upload(step.momentum(), new float[]{0.99f});
            var o = recipe.optimizer();
            var rates = new AdamWRates(step.descent().parameters(), tensor -> true, o.beta1(), o.beta2());
            for (int i = 0; i < 12; i++) {
                session.upload(step.descent().rates(), rates.next(2e-3, 0.04));
                session.run(step.program());
                losses.add(session.value(step.program().outputs().get("total")));
            }
            Map<String, Double> health = TriptychHealth.of(session, step.objective(), true);
            assertTrue(health.values().stream().noneMatch(v -> v.isNaN() || v.isInfinite()), health::toString);
            assertTrue(health.get("I(slot; message)") <= Math.log(3) / Math.log(2) + 1e-9);
            assertTrue(health.get("I(slot; bit)") <= health.get("token bit entropy") + 1e-9);
            // the teacher moved towards the student, after the optimizer
            Tensor query = programs.state().parameter("encoder.cls");
            assertFalse(java.util.Arrays.equals(session.download(query),
                    session.download(programs.state().teacher("encoder.cls"))));
        }
        assertTrue(losses.getLast() < 0.9 * losses.getFirst(), losses::toString);
    }

    /// The warm-up paints the image's own codes: then what is drawn does not matter.
    @Test
    void duringTheWarmUpTheTrueCodesArePainted() {
        Recipe recipe = recipe();
        var programs = new TriptychTask(recipe, images(), targets(recipe)).programs();
        var step = programs.train(recipe.training().stages().getFirst());
        try (HostSession session = new PlainDevice(false).bind(programs.state(), step.program())) {
            session.initialize(programs.state(), 3);
            session.copyToTeacher(programs.state());
            TriptychBatch batch = batch(recipe, 0);
            session.upload(step.momentum(), new float[]{1f});
            var in = step.objective().inputs();
            Tensor contrast = step.objective().loss().term("contrast");
            var rates = new AdamWRates(step.descent().parameters(), tensor -> true, 0.9, 0.999);
            session.upload(step.descent().rates(), rates.next(0, 0));
            TriptychTask.upload(session, in, batch, true);
            session.run(step.program());
            float warm = session.value(step.program().outputs().get("contrast"));
            session.upload(in.echo().draws(), new float[in.echo().draws().count()]);
            session.run(step.program());
            assertEquals(warm, session.value(step.program().outputs().get("contrast")), contrast.toString());
            TriptychTask.upload(session, in, batch, false);
            session.run(step.program());
            assertNotEquals(warm, session.value(step.program().outputs().get("contrast")));
        }
    }

    /// Both heads begin again, in student and teacher by one draw, with their moments; nothing else does.
    @Test
    void aResetIsOfBothHeadsByTheirScopes() {
        Recipe recipe = recipe();
        var programs = new TriptychTask(recipe, images(), targets(recipe)).programs();
        var state = programs.state();
        var drawn = Alignment.RESET.draw(state, 7, 1);
        assertEquals(state.parameters().keySet().stream()
                .filter(n -> n.startsWith("token_head.") || n.startsWith("cls_head.")).collect(Collectors.toSet()),
                drawn.keySet());
        assertEquals(12, drawn.size());
        var step = programs.train(recipe.training().stages().getFirst());
        try (HostSession session = new PlainDevice(false).bind(state, step.program())) {
            session.initialize(state, 3);
            session.copyToTeacher(state);
            Tensor head = state.parameter("token_head.fc1.weight");
            Tensor other = state.parameter("encoder.cls");
            float[] kept = session.download(other);
            session.upload(state.mirror(head, Arena.FIRST_MOMENTS), ones(head.count()));
            session.upload(state.mirror(other, Arena.FIRST_MOMENTS), ones(other.count()));
            var rates = new AdamWRates(step.descent().parameters(), t -> true, 0.9, 0.999);
            Alignment.RESET.apply(session, state, rates, 7, 1);
            assertArrayEquals(drawn.get("token_head.fc1.weight"), session.download(head));
            assertArrayEquals(drawn.get("token_head.fc1.weight"), session.download(state.teacher(head.name())));
            assertArrayEquals(new float[head.count()], session.download(state.mirror(head, Arena.FIRST_MOMENTS)));
            assertArrayEquals(ones(other.count()), session.download(state.mirror(other, Arena.FIRST_MOMENTS)));
            assertArrayEquals(kept, session.download(other));
        }
    }

    private static float[] ones(int n) {
        float[] x = new float[n];
        java.util.Arrays.fill(x, 1f);
        return x;
    }

    /// With no patch visible the decoder still says something of every cell: section 3's generator.
    @Test
    void itPredictsFromNothing() {
        Recipe recipe = recipe();
        var programs = new TriptychPrograms(recipe);
        var nothing = programs.predict(2, 0);
        var some = programs.predict(2, 5);
        try (HostSession session = new PlainDevice(false).bind(programs.state(), nothing.program(), some.program())) {
            session.initialize(programs.state(), 3);
            nothing.prediction().places().give(new int[0], session::upload);
            session.run(nothing.program());
            Tensor logits = nothing.prediction().masked().logits();
            float[] a = session.download(logits);
            assertEquals(2 * 16 * 32, a.length);
            assertArrayEquals(java.util.Arrays.copyOf(a, 16 * 32), java.util.Arrays.copyOfRange(a, 16 * 32, a.length),
                    "nothing is seen of either picture");
            for (float x : a) {
                assertTrue(Float.isFinite(x));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "triptych.tokens=16 | triptych.tokens", "triptych.masked-share=0.99 | triptych.masked-share",
            "triptych.global-share=0.99 | triptych.global-share", "decoder.codes=0 | decoder.codes",
            "triptych.echo-k=32 | triptych.echo-k", "training.stages.0.teacher=false | training.stages.0.teacher",
            "triptych.alignment=prototypes | triptych.weights.rate", "triptych.tokens=1 | triptych.tokens",
            "triptych.local-side=6 | triptych.local-side", "triptych.masked-share=0 | triptych.masked-share",
            "decoder.reads=dense | decoder.reads"})
    void whatDoesNotGoTogetherIsRefusedByItsKey(String override, String key) {
        String message = assertThrows(RecipeException.class, () -> recipe(override)).getMessage();
        assertTrue(message.contains(key), message);
    }

    /// Without prediction nothing has to be dropped.
    @Test
    void nothingIsDroppedWhereNothingIsPredicted() {
        var error = assertThrows(RecipeException.class,
                () -> recipe("triptych.masked-share=0", "triptych.weights.masked=0"));
        assertTrue(error.getMessage().contains("triptych.weights.contrast=0"), error::getMessage);
        assertEquals(16, TriptychPrograms.views(recipe("triptych.masked-share=0", "triptych.weights.masked=0",
                "triptych.weights.contrast=0")).kept());
    }

    /// Pixels go with sections 2 and 4 alone, and then no tokenizer is asked for.
    @Test
    void pixelsGoWithoutATokenizer() {
        Recipe recipe = recipe("decoder.codes=0", "triptych.weights.masked=0", "triptych.weights.contrast=0",
                "triptych.weights.uniformity=0");
        var task = new TriptychTask(recipe, images(), null);
        var terms = task.programs().train(recipe.training().stages().getFirst()).objective().loss().terms();
        assertEquals(10f, terms.getFirst().weight());
        assertEquals(List.of("reconstruction", "koleo", "token messages", "cls messages", "token rate", "cls rate",
                "masked koleo"), terms.stream().map(t -> t.name()).toList());
    }
}
