package dev.triptych.stellar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.device.HostSession;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.method.TrainingStep;
import dev.triptych.methods.Methods;
import dev.triptych.nn.AdamWRates;
import dev.triptych.program.Arena;
import dev.triptych.program.Tensor;
import dev.triptych.program.TotalLoss;
import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole training steps of recipe `stellar-micro` on the plain device.
class StellarStepTest {
    private static final Recipe RECIPE = Methods.RECIPES.load("stellar-micro",
            List.of("training.batch=4", "data.train-images=8")).recipe();

    private static TrainingStep<Stellar.Objective> step(StellarPrograms programs, boolean teacher) {
        Stage stage = RECIPE.training().stages().stream().filter(s -> s.teacher() == teacher).findFirst().orElseThrow();
        return programs.train(stage);
    }

    /// A session with parameters drawn and moved, and one batch of noise.
    private static HostSession session(StellarPrograms programs, TrainingStep<Stellar.Objective> step, double noise) {
        HostSession session = new PlainDevice(false).bind(programs.state(), step.program());
        session.initialize(programs.state(), 3);
        var random = CounterRandom.of(3, Stream.CHECK, 3, 0);
        for (Tensor parameter : programs.state().parameters().values()) {
            float[] values = session.download(parameter);
            for (int i = 0; i < values.length; i++) {
                values[i] += (float) (noise * random.gaussian());
            }
            session.upload(parameter, values);
        }
        if (step.objective().views().teacher()) {
            session.copyToTeacher(programs.state());
        }
        var in = step.objective().inputs();
        for (Tensor tensor : List.of(in.image(), in.global(), in.local())) {
            float[] pixels = new float[tensor.count()];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = random.uniform();
            }
            session.upload(tensor, pixels);
        }
        var views = step.objective().views();
        int[] kept = new int[views.batch() * views.maskedViews() * views.kept()];
        for (int row = 0; row < kept.length / views.kept(); row++) {
            System.arraycopy(random.permutation(RECIPE.patches()), 0, kept, row * views.kept(), views.kept());
        }
        in.masked().give(kept, views.maskedViews(), views.globalViews(), session::upload);
        if (views.teacher()) {
            session.upload(step.momentum(), new float[]{0.99f});
        }
        return session;
    }

    private static AdamWRates rates(TrainingStep<Stellar.Objective> step) {
        var o = RECIPE.optimizer();
        return new AdamWRates(step.descent().parameters(), tensor -> true, o.beta1(), o.beta2());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFewStepsOnOneBatchReduceTheLoss(boolean teacher) {
        var programs = new StellarPrograms(RECIPE);
        var step = step(programs, teacher);
        var losses = new ArrayList<Float>();
        try (HostSession session = session(programs, step, 0)) {
            AdamWRates rates = rates(step);
            for (int i = 0; i < 10; i++) {
                session.upload(step.descent().rates(), rates.next(2e-3, 0.04));
                session.run(step.program());
                losses.add(session.value(step.program().outputs().get("total")));
            }
            assertTrue(Float.isFinite(session.value(step.program().outputs().get("gradient norm"))));
        }
        assertTrue(losses.getLast() < 0.8 * losses.getFirst(), losses::toString);
    }

    @Test
    void theTotalIsTheWeightedSumOfItsTerms() {
        var programs = new StellarPrograms(RECIPE);
        var step = step(programs, false);
        try (HostSession session = session(programs, step, 0.1)) {
            session.upload(step.descent().rates(), rates(step).next(0, 0));
            session.run(step.program());
            // section 5: reconstruction 10, KoLeo 0.1 and 0.1, everything else 1
            Map<String, Double> weights = Map.of("reconstruction", 10.0, "koleo", 0.1, "masked koleo", 0.1,
                    "clustering", 1.0, "cls clustering", 1.0, "mask", 1.0, "cls masked", 1.0, "cls local", 1.0);
            assertEquals(weights, step.objective().loss().terms().stream()
                    .collect(Collectors.toMap(TotalLoss.Term::name, term -> Math.round(term.weight() * 1e6) / 1e6)));
            double sum = 0;
            for (String term : weights.keySet()) {
                sum += weights.get(term) * session.value(step.program().outputs().get(term));
            }
            assertEquals(sum, session.value(step.program().outputs().get("total")), 1e-5 * Math.abs(sum));
        }
    }

    @Test
    void adamWDecaysEveryParameterTowardsZero() {
        var programs = new StellarPrograms(RECIPE);
        var step = step(programs, false);
        assertEquals(List.copyOf(programs.state().parameters().values()), step.descent().parameters());
        Map<String, float[]> start = new TreeMap<>();
        Map<String, float[]> without = after(programs, step, 0, start);
        Map<String, float[]> with = after(programs, step, 0.5, start);
        double lr = 0.1;
        for (String name : start.keySet()) {
            for (int i = 0; i < start.get(name).length; i++) {
                double decay = lr * 0.5 * start.get(name)[i];
                assertEquals(decay, without.get(name)[i] - with.get(name)[i], 1e-6, name);
            }
        }
    }

    private static Map<String, float[]> after(StellarPrograms programs, TrainingStep<Stellar.Objective> step,
            double decay,
            Map<String, float[]> start) {
        Map<String, float[]> after = new TreeMap<>();
        try (HostSession session = session(programs, step, 0.3)) {
            programs.state().parameters().forEach((name, p) -> start.put(name, session.download(p)));
            session.upload(step.descent().rates(), rates(step).next(0.1, decay));
            session.run(step.program());
            programs.state().parameters().forEach((name, p) -> after.put(name, session.download(p)));
        }
        return after;
    }

    @Test
    void aStepChangesTheTeacherByItsAverageAlone() {
        var programs = new StellarPrograms(RECIPE);
        var step = step(programs, true);
        Map<String, Tensor> teachers = programs.state().teachers();
        assertTrue(teachers.keySet().stream().noneMatch(n -> n.startsWith("decoder.") || n.contains("_proj")));
        try (HostSession session = session(programs, step, 0.1)) {
            Map<String, float[]> expected = new TreeMap<>();
            teachers.forEach((name, tensor) -> {
                float[] values = session.download(programs.state().parameter(name));
                for (int i = 0; i < values.length; i++) {
                    values[i] += 1f;
                }
                session.upload(tensor, values);
                expected.put(name, values);
            });
            session.upload(step.momentum(), new float[]{1f});
            session.upload(step.descent().rates(), rates(step).next(0.1, 0.1));
            session.run(step.program());
            teachers.forEach((name, tensor) -> assertEquals(0, distance(expected.get(name), session.download(tensor)),
                    name));
        }
        assertTrue(step.program().launches().stream().filter(l -> l.output().arena() == Arena.TEACHER)
                .allMatch(l -> l.operation().equals("ema")));
    }

    private static double distance(float[] a, float[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    /// int(N (1 - rho)) patches are kept, wherever they are counted.
    @Test
    void maskedViewsKeepAsManyPatchesAsTheFormulaSays() {
        // patches, rho, kept: counted by hand, but for the last two, where n (1 - rho) in double falls below the number
        double[][] table = {{16, 0, 16}, {16, 0.6, 6}, {16, 0.75, 4}, {64, 0.7, 19}, {64, 0.75, 16}, {196, 0.75, 49},
                {196, 0.6, 78}, {256, 0.5, 128}, {100, 0.9, 9}, {10, 0.9, 0}};
        for (double[] row : table) {
            var stage = new Stage("main", 1, false, 0.996, 0.996, row[1], 1);
            assertEquals((int) row[2], stage.kept((int) row[0]), "rho " + row[1] + " of " + row[0]);
        }
    }

    @Test
    void theProgramKeepsAsManyPatchesAsTheRecipeSays() {
        var programs = new StellarPrograms(RECIPE);
        // 16 patches, rho 0.6 and 0.75; 4 images, 2 masked views
        assertEquals(4 * 2 * 6, step(programs, true).objective().inputs().masked().source().count());
        assertEquals(4 * 2 * 4, step(programs, false).objective().inputs().masked().source().count());
    }
}
