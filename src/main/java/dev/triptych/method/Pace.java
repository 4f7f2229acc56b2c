package dev.triptych.method;

import dev.triptych.device.Session;
import dev.triptych.nn.AdamWRates;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;

/// What the steps of a stage are given besides their batches: learning rate and weight decay of every tensor, and the
/// teacher's momentum.
public final class Pace {
    private final Recipe recipe;
    private final Stage stage;
    private final Task.Part part;
    private final long length;
    private final AdamWRates rates;

    /// At the beginning of a stage.
    ///
    /// @param length steps of the stage
    public Pace(Recipe recipe, Stage stage, Task.Part part, long length) {
        this.recipe = recipe;
        this.stage = stage;
        this.part = part;
        this.length = length;
        var o = recipe.optimizer();
        rates = new AdamWRates(part.step().descent().parameters(), t -> o.decayVectors() || t.rank() > 1, o.beta1(),
                o.beta2());
    }

    /// The learning rate of step t of the stage (0 first).
    public double learningRate(long t) {
        return recipe.optimizer().learningRate(t, length, stage.lrScale());
    }

    /// Uploads what step t of the stage (0 first) is given.
    public void upload(Session session, long t) {
        session.upload(part.step().descent().rates(),
                rates.next(learningRate(t), recipe.optimizer().weightDecayAt(t, length)));
        if (part.step().momentum() != null) {
            session.upload(part.step().momentum(), new float[]{(float) part.momentum(stage, t, length)});
        }
    }

    /// The counters of the optimizer.
    public AdamWRates rates() {
        return rates;
    }
}
