package dev.triptych.bench;

import dev.triptych.device.Session;
import dev.triptych.method.Feed;
import dev.triptych.method.Pace;
import dev.triptych.method.Task;
import dev.triptych.program.Program;
import dev.triptych.program.State;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The training step of a stage of a recipe, fed as training feeds it: batches are made ahead on other threads. With
/// `fixed`, the first batch serves every step, so that the step alone is measured.
public final class RecipeStep implements Workload {
    private final Recipe recipe;
    private final Stage stage;
    private final boolean fixed;
    private final long steps;
    private final Task task;
    private final Task.Part part;
    private final Pace pace;
    private final long length;
    private final Runnable ending;
    private Feed<?> feed;

    /// Builds the program.
    ///
    /// @param task of the recipe, on at least as many images as a batch takes
    /// @param steps how many will be fed
    /// @param fixed whether the first batch serves them all
    /// @param ending run on closing: gives back what the task was opened with
    public RecipeStep(Recipe recipe, Stage stage, Task task, long steps, boolean fixed, Runnable ending) {
        this.recipe = recipe;
        this.stage = stage;
        this.steps = steps;
        this.fixed = fixed;
        this.task = task;
        this.ending = ending;
        part = task.part(stage);
        length = Math.max(steps, stage.steps(task.size(), recipe.training().batch()));
        pace = new Pace(recipe, stage, part, length);
    }

    @Override
    public Map<String, Object> description() {
        var values = new LinkedHashMap<String, Object>();
        values.put("model", recipe.method());
        values.put("stage", stage.name());
        values.put("batch", recipe.training().batch());
        values.put("fixed_batch", fixed);
        return values;
    }

    @Override
    public State state() {
        return task.programs().state();
    }

    @Override
    public Program program() {
        return part.step().program();
    }

    /// The recipe.
    Recipe recipe() {
        return recipe;
    }

    /// The parameters that are trained, in the order of the rates that a step is given.
    List<Tensor> parameters() {
        return part.step().descent().parameters();
    }

    @Override
    public Tensor loss() {
        return part.step().descent().total();
    }

    @Override
    public List<Program> programs() {
        return Stream.concat(Stream.of(program()), part.others().stream()).toList();
    }

    @Override
    public int images() {
        return recipe.training().batch();
    }

    @Override
    public void begin(Session session) {
        session.initialize(state(), recipe.seed());
        feed = part.feed(session, 0, fixed ? 1 : steps);
        if (fixed) {
            feed.next();
        }
    }

    @Override
    public void feed(Session session, long number) {
        part.before(session, pace.rates(), number, length);
        if (!fixed) {
            feed.next();
        }
        pace.upload(session, number);
    }

    @Override
    public double waitedSeconds() {
        return feed == null ? 0 : feed.waitedSeconds();
    }

    @Override
    public void close() {
        if (feed != null) {
            feed.close();
        }
        ending.run();
    }
}
