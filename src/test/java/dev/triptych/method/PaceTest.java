package dev.triptych.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.triptych.device.plain.PlainDevice;
import dev.triptych.methods.Methods;
import dev.triptych.nn.AdamWRates;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the steps of a stage are given, by the recipe's schedules.
class PaceTest {
    @Test
    void ratesAndMomentumFollowTheSchedules() throws IOException {
        Recipe recipe = Methods.RECIPES.load("bits-micro", List.of("data.train-images=32",
                "training.stages.0.momentum-final=1", "optimizer.warmup=0.2")).recipe();
        var stage = recipe.training().stages().getFirst();
        Task task = Methods.ALL.of(recipe).supply(recipe, new TestPlace()).task();
        var part = task.part(stage);
        var step = part.step();
        long length = 20;
        var pace = new Pace(recipe, stage, part, length);
        var o = recipe.optimizer();
        var expected = new AdamWRates(step.descent().parameters(), t -> t.rank() > 1, o.beta1(), o.beta2());
        try (var session = new PlainDevice().bind(task.programs().state(), step.program())) {
            for (long t : new long[]{0, 1, 10, 19}) {
                double lr = o.learningRate(t, length, stage.lrScale());
                assertEquals(lr, pace.learningRate(t));
                pace.upload(session, t);
                assertArrayEquals(expected.next(lr, o.weightDecayAt(t, length)),
                        session.download(step.descent().rates()));
                assertEquals((float) stage.momentumAt(t, length), session.value(step.momentum()));
            }
        }
        assertArrayEquals(expected.steps(), pace.rates().steps());
    }
}
