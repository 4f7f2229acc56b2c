package dev.triptych.read;

import dev.triptych.bench.RecipeStep;
import dev.triptych.device.Session;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.method.Supply;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Locale;

/// The first step of a stage of a recipe, run on the plain device with every value in between readable.
final class StepValues implements AutoCloseable {
    private static final double ROUNDING = 1e-6;
    private static final double SMALL = 1e-4;
    private static final MathContext DIGITS = new MathContext(4);

    private final PlainDevice device = new PlainDevice(false);
    private final RecipeStep step;
    private final Session session;

    StepValues(Recipe recipe, Stage stage, Supply supply) {
        step = new RecipeStep(recipe, stage, supply.task(), 1, false, () -> {
        });
        session = device.bind(step.state(), step.programs());
        step.begin(session);
        step.feed(session, 0);
        session.run(step.program());
    }

    Program program() {
        return step.program();
    }

    /// One number, or the smallest, the mean and the largest of several.
    String of(Tensor tensor) {
        double[] numbers = numbers(tensor);
        double smallest = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        double sum = 0;
        for (double number : numbers) {
            smallest = Math.min(smallest, number);
            largest = Math.max(largest, number);
            sum += number;
        }
        boolean whole = tensor.arena().isInteger();
        return numbers.length == 1
                ? text(numbers[0], whole)
                : text(smallest, whole) + " to " + text(largest, whole) + (whole
                        ? ""
                        : ", mean " + mean(sum / numbers.length, Math.max(Math.abs(smallest), Math.abs(largest))));
    }

    /// What is nothing but rounding, beside the largest of them, is 0.
    private static String mean(double mean, double largest) {
        return Math.abs(mean) < ROUNDING * largest ? "0" : text(mean, false);
    }

    private double[] numbers(Tensor tensor) {
        if (tensor.arena().isInteger()) {
            return Arrays.stream(session.downloadIntegers(tensor)).asDoubleStream().toArray();
        }
        float[] values = session.download(tensor);
        double[] numbers = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            numbers[i] = values[i];
        }
        return numbers;
    }

    /// Four digits that count.
    private static String text(double number, boolean whole) {
        if (whole) {
            return String.format(Locale.ROOT, "%.0f", number);
        }
        if (number != 0 && Math.abs(number) < SMALL) {
            return String.format(Locale.ROOT, "%.3e", number);
        }
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return String.valueOf(number);
        }
        return new BigDecimal(number).round(DIGITS).stripTrailingZeros()
                .toPlainString();
    }

    @Override
    public void close() {
        step.close();
        session.close();
        device.close();
    }
}
