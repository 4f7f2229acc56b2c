package dev.triptych.trial;

import dev.triptych.device.HostSession;
import dev.triptych.program.Arena;
import dev.triptych.program.Gradients;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.random.CounterRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleConsumer;

/// Compares gradients with central differences of the loss.
///
/// The stencil is of fourth order, (f(x - 2h) - 8 f(x - h) + 8 f(x + h) - f(x + 2h)) / 12h, with h relative to the root
/// mean square of the tensor. Of a small tensor every entry is moved; of a large one a sample, and then all entries of
/// all tensors at once along random directions. The error is |analytic - numeric| relative to the norm of the whole
/// gradient; a direction has independent standard normal entries, so that its error estimates the norm of the error.
///
/// Only the launches that the loss depends on are repeated. What is held fixed: the copies of named stop-gradients, all
/// integers in between (matches, nearest neighbours: the points where a loss is not smooth), and the state.
public final class FiniteDifferences {
    /// How much is checked.
    ///
    /// @param small number of entries up to which every entry of a tensor is moved
    /// @param sampled entries moved of a larger tensor
    /// @param directions random directions, if any tensor is larger
    public record Effort(int small, int sampled, int directions) {
        /// What operations and components are checked with.
        public static final Effort FULL = new Effort(200, 24, 8);
    }

    /// What a check found.
    ///
    /// @param tensors number of tensors checked
    /// @param entries number of entries moved one by one
    /// @param directions number of random directions
    /// @param error largest error relative to the norm of the gradient; NaN if anything was not finite
    /// @param worst where it occurred
    public record Result(int tensors, long entries, int directions, double error, String worst) {
        /// Whether the error is within a tolerance; NaN never is.
        public boolean within(double tolerance) {
            return error <= tolerance;
        }
    }

    private final HostSession session;
    private final Program program;
    private final Gradients gradients;
    private final List<Tensor> tensors;
    private final List<float[]> analytic = new ArrayList<>();
    private final List<float[]> start = new ArrayList<>();
    private final double[] steps;
    private final Set<Launch> repeated;
    private double norm;
    private double error;
    private String worst = "";
    private long entries;

    private FiniteDifferences(HostSession session, Program program, Gradients gradients, List<Tensor> tensors) {
        this.session = session;
        this.program = program;
        this.gradients = gradients;
        this.tensors = tensors;
        this.steps = new double[tensors.size()];
        this.repeated = dependencies(program, gradients);
    }

    /// Checks the gradients of some tensors with full effort.
    ///
    /// @param session a session of the plain device without reuse of memory, all inputs and parameters uploaded
    /// @param program what was differentiated
    /// @param gradients what `program.gradient(loss)` returned
    /// @param tensors parameters and differentiable inputs
    /// @param random draws samples and directions
    public static Result check(HostSession session, Program program, Gradients gradients, List<Tensor> tensors,
            CounterRandom random) {
        return check(session, program, gradients, tensors, random, Effort.FULL);
    }

    /// Checks the gradients of some tensors. A tensor that no gradient reached must not change the loss.
    public static Result check(HostSession session, Program program, Gradients gradients, List<Tensor> tensors,
            CounterRandom random, Effort effort) {
        return new FiniteDifferences(session, program, gradients, tensors).run(random, effort);
    }

    /// Checks a trial.
    public static Result check(Trial trial, Effort effort) {
        try (HostSession session = trial.bind()) {
            return check(session, trial.program(), trial.gradients(), trial.subjects(), trial.random(), effort);
        }
    }

    private Result run(CounterRandom random, Effort effort) {
        Set<Launch> all = identities(program.launches().subList(0, gradients.end()));
        session.run(program, all::contains);
        for (int t = 0; t < tensors.size(); t++) {
            Tensor tensor = tensors.get(t);
            Tensor gradient = gradients.of(tensor);
            float[] g = gradient == null ? new float[tensor.count()] : session.download(gradient);
            float[] x = session.download(tensor);
            analytic.add(g);
            start.add(x);
            norm += dot(g, g);
            double rms = Math.sqrt(dot(x, x) / Math.max(1, x.length));
            steps[t] = Precision.STEP * (rms == 0 ? 1 : Math.clamp(rms, 1e-2, 1));
        }
        norm = Math.max(Math.sqrt(norm), 1e-30);
        boolean sampled = false;
        for (int t = 0; t < tensors.size(); t++) {
            int n = tensors.get(t).count();
            sampled |= n > effort.small();
            for (int i : n > effort.small() ? sample(n, effort.sampled(), random) : all(n)) {
                entry(t, i);
            }
        }
        int directions = sampled ? effort.directions() : 0;
        for (int d = 0; d < directions; d++) {
            direction(d, random);
        }
        return new Result(tensors.size(), entries, directions, error, worst);
    }

    private void entry(int t, int i) {
        float[] x = start.get(t).clone();
        float center = x[i];
        double numeric = difference(steps[t], shift -> {
            x[i] = (float) (center + shift);
            session.upload(tensors.get(t), x);
        });
        x[i] = center;
        session.upload(tensors.get(t), x);
        note(analytic.get(t)[i] - numeric, "entry " + i + " of " + tensors.get(t) + ": " + analytic.get(t)[i]
                + ", by differences " + numeric);
        entries++;
    }

    private void direction(int number, CounterRandom random) {
        double h = Double.MAX_VALUE;
        double expected = 0;
        var directions = new ArrayList<float[]>();
        for (int t = 0; t < tensors.size(); t++) {
            float[] v = new float[tensors.get(t).count()];
            for (int i = 0; i < v.length; i++) {
                v[i] = (float) random.gaussian();
            }
            directions.add(v);
            expected += dot(v, analytic.get(t));
            h = Math.min(h, steps[t]);
        }
        double numeric = difference(h, shift -> move(directions, shift));
        move(directions, 0);
        note(expected - numeric, "direction " + number + ": " + expected + ", by differences " + numeric);
    }

    private void move(List<float[]> directions, double shift) {
        for (int t = 0; t < tensors.size(); t++) {
            float[] x = start.get(t).clone();
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (x[i] + shift * directions.get(t)[i]);
            }
            session.upload(tensors.get(t), x);
        }
    }

    private double difference(double h, DoubleConsumer move) {
        double near = loss(move, h) - loss(move, -h);
        double far = loss(move, 2 * h) - loss(move, -2 * h);
        return (8 * near - far) / (12 * h);
    }

    private double loss(DoubleConsumer move, double shift) {
        move.accept(shift);
        session.run(program, repeated::contains);
        return session.value(gradients.loss());
    }

    private void note(double difference, String where) {
        double found = Math.abs(difference) / norm;
        if (!Double.isNaN(error) && !(found <= error)) {
            error = found;
            worst = where;
        }
    }

    /// The forward launches that the loss depends on, what is held fixed excepted.
    static Set<Launch> dependencies(Program program, Gradients gradients) {
        Set<Launch> pinned = identities(program.pinned());
        Set<Launch> found = identities(List.of());
        Set<Tensor> needed = new HashSet<>(List.of(gradients.loss().root()));
        for (Launch launch : program.launches().subList(0, gradients.begin()).reversed()) {
            Arena arena = launch.output().arena();
            boolean held = arena != Arena.ACTIVATIONS && arena != Arena.OUTPUTS || pinned.contains(launch);
            if (!held && needed.contains(launch.output().root())) {
                found.add(launch);
                launch.tensors().forEach(t -> needed.add(t.root()));
            }
        }
        return found;
    }

    private static Set<Launch> identities(List<Launch> launches) {
        Set<Launch> set = Collections.newSetFromMap(new IdentityHashMap<>());
        set.addAll(launches);
        return set;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static int[] all(int n) {
        int[] indices = new int[n];
        for (int i = 0; i < n; i++) {
            indices[i] = i;
        }
        return indices;
    }

    private static int[] sample(int n, int count, CounterRandom random) {
        var chosen = new LinkedHashSet<Integer>();
        while (chosen.size() < Math.min(n, count)) {
            chosen.add(random.below(n));
        }
        return chosen.stream().mapToInt(Integer::intValue).toArray();
    }
}
