package dev.triptych.cli;

import dev.triptych.device.MemoryPlan;
import dev.triptych.method.InputException;
import dev.triptych.method.Method;
import dev.triptych.method.Registry;
import dev.triptych.program.Arena;
import dev.triptych.program.Program;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Whether the programs of a recipe's training fit into this Java, before any memory is taken; and which key is to be
/// named where they do not.
final class MemoryCheck {
    private static final long LONGEST_ARRAY = Integer.MAX_VALUE - 64;
    /// Where a step has a tensor that no array holds.
    private static final long BEYOND = Long.MAX_VALUE;
    private static final String ONE = "training.batch=1";

    private MemoryCheck() {
    }

    /// Where a recipe comes from, to be read again with other overrides.
    ///
    /// @param recipe a built-in name, or a file
    record Origin(Registry methods, String recipe, List<String> overrides) {
        /// The recipe with other overrides; null where it does not allow them.
        Recipe with(List<String> others) {
            try {
                return methods.recipes().load(recipe, others).recipe();
            } catch (RecipeException e) {
                return null;
            }
        }

        private List<String> without(int index) {
            var rest = new ArrayList<>(overrides);
            rest.remove(index);
            return rest;
        }
    }

    /// Bytes of a training, and the longest array of it.
    private record Need(long bytes, long longest) {
        boolean fits() {
            return longest <= LONGEST_ARRAY && bytes <= heap();
        }

        /// The rest of `a step needs ..`.
        String text() {
            if (longest == BEYOND) {
                return "a tensor of a step has more elements than a Java array holds, " + LONGEST_ARRAY;
            }
            return String.format(Locale.ROOT, "a step needs %,d MB of memory%s; this Java has %,d MB",
                    bytes / 1_000_000, longest > LONGEST_ARRAY
                            ? String.format(Locale.ROOT, " and an array of %,d numbers, where %,d are possible",
                                    longest, LONGEST_ARRAY)
                            : "",
                    heap() / 1_000_000);
        }
    }

    private static long heap() {
        return Runtime.getRuntime().maxMemory();
    }

    /// Bytes of memory that the steps of a recipe's training take; [Long#MAX_VALUE] where they do not fit at all.
    static long bytes(Recipe recipe, Method method) {
        var need = need(recipe, method);
        return need.longest > LONGEST_ARRAY ? BEYOND : need.bytes;
    }

    private static Need need(Recipe recipe, Method method) {
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
            return new Need(bytes, longest);
        } catch (ArithmeticException e) {
            return new Need(BEYOND, BEYOND);
        }
    }

    /// Checks all stages of a recipe.
    ///
    /// @param origin of the recipe; null where it is a run's own
    /// @throws InputException if they do not fit: names the key, the need, what is there, the remedy
    static void require(Recipe recipe, Method method, Origin origin) {
        var need = need(recipe, method);
        if (need.fits()) {
            return;
        }
        String culprit = origin == null ? null : culprit(origin);
        String more = need.longest > LONGEST_ARRAY
                ? "."
                : ", or give it more: TRIPTYCH_HEAP=" + (need.bytes / 900_000_000 + 1) + "g.";
        if (culprit != null) {
            throw new InputException("override '" + culprit + "': with it " + need.text() + ". " + (culprit
                    .startsWith("data.side=")
                            ? "Give a larger encoder.patch (and local-side) with it, or a smaller side"
                            : "Give a smaller value")
                    + more);
        }
        boolean sizes = origin != null && !fits(origin.with(one(origin.overrides)), method);
        throw new InputException((sizes
                ? "encoder.width, encoder.depth, data.side / encoder.patch: even of one picture "
                        + need(origin.with(one(origin.overrides)), method).text() + ". Lower one of them"
                : "training.batch is " + recipe.training().batch() + ": " + need.text() + ". Lower training.batch")
                + more);
    }

    private static boolean fits(Recipe recipe, Method method) {
        return recipe == null || need(recipe, method).fits();
    }

    private static List<String> one(List<String> overrides) {
        var words = new ArrayList<>(overrides);
        words.removeIf(word -> word.startsWith("training.batch="));
        words.add(ONE);
        return words;
    }

    /// The override without which the training would fit; null where there is none.
    private static String culprit(Origin origin) {
        for (int i = 0; i < origin.overrides.size(); i++) {
            var other = origin.with(origin.without(i));
            if (other != null && need(other, origin.methods.of(other)).fits()) {
                return origin.overrides.get(i);
            }
        }
        return null;
    }
}
