package dev.triptych.cli;

import dev.triptych.bench.RecipeStep;
import dev.triptych.bench.StepBench;
import dev.triptych.bench.VitStep;
import dev.triptych.bench.Workload;
import dev.triptych.device.Device;
import dev.triptych.device.MemoryPlan;
import dev.triptych.method.InputException;
import dev.triptych.method.Registry;
import dev.triptych.method.Task;
import dev.triptych.program.Arena;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options that say what is measured: a vision transformer by its sizes, or a recipe's training.
final class WorkloadOptions {
    private static final int MOST = 1 << 16;
    private static final int SCENES = 256;

    @Option(names = "--dim", paramLabel = "N", description = {"Width of the vision transformer (192)."})
    private Integer dim;

    @Option(names = "--depth", paramLabel = "N", description = {"Its blocks (12)."})
    private Integer depth;

    @Option(names = "--heads", paramLabel = "N", description = {"Its heads, which divide the width (3)."})
    private Integer heads;

    @Option(names = "--batch", paramLabel = "N", description = {"Images of a step (128)."})
    private Integer batch;

    @Option(names = "--recipe", paramLabel = "NAME|FILE", description = {
            "Measure a recipe's training step instead, fed as training feeds it."})
    private String recipe;

    @Parameters(paramLabel = "key=value", arity = "0..*", description = {"Overrides of the recipe."})
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--stage", paramLabel = "NAME", description = {"Stage of the recipe; the last by default."})
    private String stage;

    @Option(names = "--fixed-batch", description = {"Every step of the recipe takes the same batch."})
    private boolean fixed;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "20", description = {"Steps that are measured (20)."})
    private int steps;

    @Option(names = "--warmup", paramLabel = "N", defaultValue = "5", description = {"Steps before these (5)."})
    private int warmup;

    /// How many steps are run.
    StepBench.Length length() {
        require("--steps", steps, 1);
        require("--warmup", warmup, 0);
        return new StepBench.Length(warmup, steps);
    }

    /// What is measured, on a device; it fits into the memory of this Java.
    Workload open(Terminal terminal, Registry methods, Device device) throws IOException {
        Workload workload = recipe == null ? transformer() : recipe(terminal, methods, device);
        requireMemory(workload, recipe == null ? "--batch" : "training.batch");
        return workload;
    }

    /// A recipe's step.
    ///
    /// @param reason what asks for it
    /// @throws InputException if no recipe was named
    RecipeStep recipeStep(Terminal terminal, Registry methods, Device device, String reason) throws IOException {
        if (recipe == null) {
            throw new InputException(reason + " goes with --recipe; found none. Give --recipe NAME.");
        }
        var step = recipe(terminal, methods, device);
        requireMemory(step, "training.batch");
        return step;
    }

    /// The transformer, to be exported.
    ///
    /// @throws InputException if a recipe was asked for
    VitStep transformer() {
        if (recipe != null) {
            throw new InputException("--export goes with --recipe " + recipe + "; expected it with --dim, --depth, "
                    + "--heads and --batch, whose step other frameworks can repeat. Leave one out.");
        }
        String beside = !overrides.isEmpty()
                ? overrides.getFirst()
                : stage != null ? "--stage " + stage : fixed ? "--fixed-batch" : null;
        if (beside != null) {
            throw new InputException(beside + " belongs to a recipe, and --recipe is missing; expected --recipe NAME "
                    + "beside it. Give one, or leave " + beside + " out.");
        }
        var settings = new VitStep.Settings(value("--dim", dim, 192), value("--depth", depth, 12),
                value("--heads", heads, 3), value("--batch", batch, 128));
        if (settings.dim() % settings.heads() != 0) {
            throw new InputException("--heads is " + settings.heads() + ", which does not divide --dim "
                    + settings.dim() + "; expected a divisor. Change one of them.");
        }
        try {
            return new VitStep(settings);
        } catch (ArithmeticException e) {
            throw new InputException("--batch is " + settings.batch() + ": a tensor of this step has more elements "
                    + "than a Java array holds (" + e.getMessage() + "). Lower --batch.", e);
        }
    }

    private static int value(String name, Integer given, int otherwise) {
        int value = given == null ? otherwise : given;
        require(name, value, 1);
        return value;
    }

    private static void require(String name, int value, int least) {
        if (value < least || value > MOST) {
            throw new InputException(
                    name + " is " + value + "; expected " + least + " to " + MOST + ". Give another number.");
        }
    }

    private RecipeStep recipe(Terminal terminal, Registry methods, Device device) throws IOException {
        if (dim != null || depth != null || heads != null || batch != null) {
            throw new InputException("--dim, --depth, --heads or --batch goes with --recipe " + recipe
                    + "; expected the recipe alone, which has sizes of its own. Give key=value to change them, such as "
                    + "training.batch=64.");
        }
        var loaded = methods.recipes().load(recipe, overrides).recipe();
        var stages = loaded.training().stages();
        var chosen = Stages.named(loaded, stage);
        var place = CommandPlace.forSteps(terminal, methods, device, terminal::remark);
        try {
            Task task = methods.of(loaded).supply(loaded, place).task();
            terminal.remark("recipe: " + recipe + ", stage " + chosen.name() + " of " + stages.size());
            return new RecipeStep(loaded, chosen, task, length().total(), fixed, place::close);
        } catch (IOException | RuntimeException e) {
            place.close();
            throw e;
        }
    }

    private static void requireMemory(Workload workload, String key) {
        var plan = new MemoryPlan(workload.programs(), true);
        long bytes = 0;
        for (Arena arena : Arena.values()) {
            bytes += 4 * Math.max(plan.length(arena), workload.state().length(arena));
        }
        long heap = Runtime.getRuntime().maxMemory();
        if (bytes > heap) {
            workload.close();
            throw new InputException(String.format(Locale.ROOT, "%s is %d: a step needs %,d MB of memory; this Java "
                    + "has %,d MB. Lower %s, or give it more: TRIPTYCH_HEAP.", key, workload.images(),
                    bytes / 1_000_000, heap / 1_000_000, key));
        }
    }
}
