package dev.triptych.check.live;

import ai.djl.ndarray.NDArray;
import dev.triptych.device.HostSession;
import dev.triptych.libtorch.Outcome;
import dev.triptych.libtorch.Script;
import dev.triptych.program.Tensor;
import dev.triptych.trial.Trial;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;

/// Our numbers beside libtorch's, once a trial has run.
///
/// @param trial what has run
/// @param session its memory
/// @param arguments what TorchScript knows: the values before the run
/// @param weight of every number of a differentiated result
record Comparison(Trial trial, HostSession session, Arguments arguments, NDArray weight) {
    /// What became of a claim.
    Outcome of(Claim claim) {
        return switch (claim.kind()) {
            case VALUES -> values(claim.ours(), Numbers.of(arguments.run(claim.torch())));
            case DECISIONS -> decisions(claim);
            case GRADIENTS, OBJECTIVE -> gradients(claim);
        };
    }

    private Outcome values(Tensor tensor, double[] theirs) {
        double[] ours = download(session, tensor);
        return outcome(ours.length, Outcome.difference(tensor.name(), ours, theirs, scale(theirs)), null);
    }

    private Outcome decisions(Claim claim) {
        double[] ours = download(session, claim.ours());
        double[] theirs = Numbers.of(arguments.run(claim.torch()));
        double[] margin = Numbers.of(arguments.run(claim.margin()));
        long undecided = 0;
        for (int i = 0; i < ours.length; i++) {
            if (margin[i] < Numbers.MARGIN) {
                ours[i] = theirs[i];
                undecided++;
            }
        }
        var wrong = Outcome.difference(claim.ours().name(), ours, theirs, 1);
        return new Outcome(0, ours.length - undecided, undecided, wrong.error(), Double.NaN, wrong.where());
    }

    private Outcome gradients(Claim claim) {
        boolean whole = claim.kind() == Claim.Kind.OBJECTIVE;
        List<Tensor> subjects = trial.subjects();
        double[] theirs;
        try (var collector = Script.engine().newGradientCollector()) {
            subjects.forEach(s -> arguments.of(s).setRequiresGradient(true));
            NDArray y = whole ? arguments.runKeyed(claim.torch()) : arguments.run(claim.torch());
            if (whole) {
                if (Numbers.of(y)[1] < Numbers.MARGIN) {
                    return new Outcome(0, 0, 1, 0, Double.NaN, "");
                }
                y = y.get("0:1");
            }
            theirs = Numbers.of(y);
            collector.backward(y.flatten().mul(weight.toType(Numbers.TYPE, false)).sum());
        }
        Outcome outcome = values(claim.ours(), theirs);
        var gradients = new LinkedHashMap<Tensor, double[]>();
        subjects.forEach(s -> gradients.put(s, gradient(arguments.of(s))));
        double largest = gradients.values().stream().mapToDouble(Comparison::scale).reduce(1, Math::max);
        for (Tensor s : subjects) {
            Tensor slot = trial.gradients().of(s);
            double[] ours = slot == null ? new double[s.count()] : download(session, slot);
            outcome = outcome.plus(outcome(ours.length, new Outcome.Difference(0, ""),
                    Outcome.difference("gradient of " + s.name(), ours, gradients.get(s), largest)));
        }
        return outcome;
    }

    private static Outcome outcome(long numbers, Outcome.Difference value, Outcome.Difference gradient) {
        return new Outcome(0, numbers, 0, value.error(), gradient == null ? Double.NaN : gradient.error(),
                gradient == null ? value.where() : gradient.where());
    }

    /// What differences of numbers like these are relative to: the largest, but not less than 1.
    private static double scale(double[] theirs) {
        return Arrays.stream(theirs).map(Math::abs).reduce(1, Math::max);
    }

    private static double[] gradient(NDArray x) {
        NDArray gradient = x.getGradient();
        return gradient == null ? new double[(int) x.size()] : Numbers.of(gradient);
    }

    /// The values of a tensor.
    static double[] download(HostSession session, Tensor tensor) {
        if (tensor.arena().isInteger()) {
            return Arrays.stream(session.downloadIntegers(tensor)).asDoubleStream().toArray();
        }
        float[] values = session.download(tensor);
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
