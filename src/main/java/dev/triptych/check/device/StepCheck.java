package dev.triptych.check.device;

import dev.triptych.device.Device;
import dev.triptych.device.Figures;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.method.Task;
import dev.triptych.program.Arena;
import dev.triptych.recipe.Recipe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What came of training the stage of a recipe on a device and on the plain one, from the same weights on the same
/// batches.
///
/// @param recipe its name
/// @param stage its stage
/// @param launches of one step
/// @param work what the device did in the first step, and what it compiled for all stages
/// @param decisions discrete decisions of the first step
/// @param loss largest error of an output of the first step, relative to the larger of 1 and the expected number
/// @param worst the output with that error
/// @param gradient error of the whole gradient of the first step, relative to its norm
/// @param later largest error of the total loss over all further steps, likewise relative
/// @param apart largest error of any single output over all further steps, likewise relative
/// @param turned the number of the first step in which a decision falls otherwise; 0 if there is none
/// @param turning its decisions
/// @param weights error of all parameters and teachers after the last step, relative to their norm
/// @param steps that were compared
/// @param first seconds of the first step on the device
/// @param steady seconds of the fastest later step on the device
/// @param transfers what crossed in the last step, the reading of its outputs included
public record StepCheck(String recipe, String stage, int launches, Figures work, Decisions decisions, double loss,
        String worst, double gradient, double later, double apart, int turned, Decisions turning, double weights,
        int steps, double first, double steady, List<Figures.Transfer> transfers) {
    private static final String TOTAL = "total";
    /// What the losses of the first step may differ by.
    public static final double LOSS = 1e-5;
    /// What the gradient of the first step may differ by.
    public static final double GRADIENT = 1e-4;
    /// What later total losses, and the weights in the end, may differ by: AdamW divides by the size of a gradient,
    /// however small it is.
    public static final double LATER = 1e-3;

    /// Whether everything is within its tolerance.
    public boolean passed() {
        return work.launched() == launches && decisions.passed() && loss <= LOSS && gradient <= GRADIENT
                && later <= LATER && turning.within(LATER) && (turned > 0 || weights <= LATER);
    }

    /// Trains all stages of a recipe, some steps each.
    ///
    /// @param name of the recipe
    /// @param tasks makes the recipe's task anew, for each device one
    /// @param steps of each stage, at least 1
    /// @param found receives what was found of each stage, as soon as it is known
    public static List<StepCheck> of(String name, Recipe recipe, Supplier<Task> tasks, Device device, int steps,
            Consumer<StepCheck> found) {
        var checks = new ArrayList<StepCheck>();
        try (var plainDevice = new PlainDevice(false);
                var plain = new MethodSide(recipe, tasks.get(), plainDevice);
                var other = new MethodSide(recipe, tasks.get(), device)) {
            for (int stage = 0; stage < recipe.training().stages().size(); stage++) {
                other.copy(plain);
                plain.begin(stage, steps);
                other.begin(stage, steps);
                checks.add(stage(name, recipe.training().stages().get(stage).name(), plain, other, steps));
                found.accept(checks.getLast());
            }
        }
        return List.copyOf(checks);
    }

    private static StepCheck stage(String recipe, String stage, MethodSide plain, MethodSide other, int steps) {
        plain.step();
        double first = timed(other);
        Figures work = other.work();
        var decisions = Decisions.compare(plain.launches(), plain.session(), other.launches(), other.session());
        Map.Entry<String, Double> loss = worst(errors(plain, other));
        double gradient = error(plain.mirrors(Arena.GRADIENTS), other.mirrors(Arena.GRADIENTS));
        double later = 0;
        double apart = 0;
        int turned = 0;
        var turning = decisions;
        double steady = Double.POSITIVE_INFINITY;
        List<Figures.Transfer> transfers = work.transfers();
        for (int i = 1; i < steps; i++) {
            plain.step();
            Figures before = other.session().figures();
            steady = Math.min(steady, timed(other));
            Map<String, Double> errors = errors(plain, other);
            later = worse(later, errors.get(TOTAL));
            apart = worse(apart, worst(errors).getValue());
            transfers = other.session().figures().since(before).transfers();
            if (turned == 0) {
                turning = Decisions.compare(plain.launches(), plain.session(), other.launches(), other.session());
                turned = turning.flips() > 0 ? i + 1 : 0;
            }
        }
        return new StepCheck(recipe, stage, plain.launches().size(), work, decisions, loss.getValue(),
                loss.getKey(), gradient, later, apart, turned, turning, error(plain.weights(), other.weights()), steps,
                first, steps > 1 ? steady : first, transfers);
    }

    private static double timed(MethodSide side) {
        long begun = System.nanoTime();
        side.step();
        return (System.nanoTime() - begun) * 1e-9;
    }

    /// The error of each output. Norms of gradients, which are not losses, count a tenth, as their tolerance is ten
    /// times as large.
    private static Map<String, Double> errors(MethodSide plain, MethodSide other) {
        Map<String, float[]> found = other.outputs();
        var errors = new LinkedHashMap<String, Double>();
        plain.outputs().forEach((name, one) -> {
            float[] two = found.get(name);
            double share = name.contains("norm") ? LOSS / GRADIENT : 1;
            double error = 0;
            for (int i = 0; i < one.length; i++) {
                error = worse(error, share * Math.abs((double) one[i] - two[i]) / Math.max(1, Math.abs(one[i])));
            }
            errors.put(name, error);
        });
        return errors;
    }

    /// The output that is furthest off.
    private static Map.Entry<String, Double> worst(Map<String, Double> errors) {
        return errors.entrySet().stream().reduce(Map.entry("", 0.0),
                (a, b) -> worse(a.getValue(), b.getValue()) == a.getValue() ? a : b);
    }

    private static double worse(double a, double b) {
        return Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : Math.max(a, b);
    }

    private static double error(List<float[]> expected, List<float[]> found) {
        double difference = 0;
        double norm = 0;
        for (int t = 0; t < expected.size(); t++) {
            for (int i = 0; i < expected.get(t).length; i++) {
                double e = expected.get(t)[i];
                difference += (e - found.get(t)[i]) * (e - found.get(t)[i]);
                norm += e * e;
            }
        }
        return Math.sqrt(difference) / Math.max(Math.sqrt(norm), Double.MIN_NORMAL);
    }
}
