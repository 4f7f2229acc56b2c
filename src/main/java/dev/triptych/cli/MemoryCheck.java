package dev.triptych.cli;

import dev.triptych.device.MemoryPlan;
import dev.triptych.method.InputException;
import dev.triptych.method.Method;
import dev.triptych.program.Arena;
import dev.triptych.program.Program;
import dev.triptych.recipe.Recipe;
import java.util.List;
import java.util.Locale;

/// Whether the programs of a recipe's training fit into this Java, before any memory is taken.
final class MemoryCheck {
    private static final long LONGEST_ARRAY = Integer.MAX_VALUE - 64;

    private MemoryCheck() {
    }

    /// Checks all stages of a recipe.
    ///
    /// @throws InputException if they do not fit: names the need, what is there, the remedy
    static void require(Recipe recipe, Method method) {
        try {
            var programs = method.programs(recipe);
            List<Program> all = recipe.training().stages().stream().map(stage -> programs.train(stage).program())
                    .toList();
            var plan = new MemoryPlan(all, true);
            long bytes = 0;
            long longest = 0;
            for (Arena arena : Arena.values()) {
                long length = Math.max(plan.length(arena), programs.state().length(arena));
                longest = Math.max(longest, length);
                bytes += 4 * length;
            }
            require(recipe, bytes, longest);
        } catch (ArithmeticException e) {
            throw new InputException("training.batch is " + recipe.training().batch() + ": a tensor has more elements "
                    + "than a Java array holds, " + LONGEST_ARRAY + ". Lower training.batch.", e);
        }
    }

    private static void require(Recipe recipe, long bytes, long longest) {
        long heap = Runtime.getRuntime().maxMemory();
        if (longest > LONGEST_ARRAY || bytes > heap) {
            throw new InputException(String.format(Locale.ROOT, "training.batch is %d: a step needs %,d MB of memory"
                    + "%s; this Java has %,d MB. Lower training.batch, or start Java with a larger -Xmx.",
                    recipe.training().batch(), bytes / 1_000_000, longest > LONGEST_ARRAY
                            ? String.format(Locale.ROOT, " and an array of %,d numbers, where %,d are possible",
                                    longest, LONGEST_ARRAY)
                            : "",
                    heap / 1_000_000));
        }
    }
}
