package dev.triptych.triptych;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.triptych.data.set.Scenes;
import dev.triptych.data.view.MaskKind;
import dev.triptych.data.view.PatchMask;
import dev.triptych.device.Session;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.measure.feature.ArgMax;
import dev.triptych.method.EvaluationProgress;
import dev.triptych.method.Trained;
import dev.triptych.methods.Methods;
import dev.triptych.program.State;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.tokens.DecoderTargets;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Accuracy on dropped cells counts every test image, those of a last batch that is not full too.
class PredictionEvaluationTest {
    private static final int IMAGES = 70;
    private static final int CELLS = 16;
    private static final int KEPT = 4;
    private static final int CODES = 32;

    @Test
    void everyImageCounts() throws IOException {
        var recipe = Methods.RECIPES.load("triptych-micro", List.of()).recipe();
        var targets = DecoderTargets.of(recipe, DecoderTargets.codebook(recipe), true);
        var test = new Scenes(1, 0, IMAGES, 16);
        var programs = new TriptychPrograms(recipe);
        var run = (Trained) Proxy.newProxyInstance(Trained.class.getClassLoader(), new Class<?>[]{Trained.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "load" -> {
                        ((Session) arguments[1]).initialize((State) arguments[0], 2);
                        yield null;
                    }
                    case "recipe" -> recipe;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        var figure = new PredictionEvaluation(run, programs, targets, new PlainDevice(), EvaluationProgress.NONE)
                .dropped(test);

        int[] right = new int[IMAGES];
        int[] use = new int[CODES];
        var alone = programs.predict(1, KEPT);
        var in = alone.prediction();
        float[] image = new float[3 * 16 * 16];
        int[] codes = new int[CELLS];
        int[] chosen = new int[KEPT];
        try (var session = new PlainDevice().bind(programs.state(), alone.program())) {
            session.initialize(programs.state(), 2);
            for (int i = 0; i < IMAGES; i++) {
                test.images(new int[]{i}, image, 0);
                targets.encode(image, 1, codes);
                PatchMask.draw(CounterRandom.of(1, Stream.PROBE, 1, i), MaskKind.UNIFORM, 4, 4, KEPT, chosen, 0);
                session.upload(in.image(), image);
                in.kept().give(chosen, 1, 1, session::upload);
                in.places().give(chosen, session::upload);
                session.run(alone.program());
                int[] best = ArgMax.ofRows(session.download(in.masked().logits()), 0, CELLS, CODES);
                for (int c = 0; c < CELLS; c++) {
                    int cell = c;
                    right[i] += IntStream.of(chosen).noneMatch(k -> k == cell) && best[c] == codes[c] ? 1 : 0;
                    use[codes[c]]++;
                }
            }
        }
        double expected = 100.0 * IntStream.of(right).sum() / (IMAGES * (CELLS - KEPT));
        assertEquals(expected, figure.value(), 1e-9);
        assertEquals(100.0 * Arrays.stream(use).max().orElseThrow() / (IMAGES * CELLS),
                figure.baselines().get("commonest code"), 1e-9);
        assertNotEquals(100.0 * IntStream.of(right).limit(64).sum() / (64 * (CELLS - KEPT)), expected, 1e-9);
    }
}
