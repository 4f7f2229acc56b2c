package dev.triptych.nn;

import dev.triptych.program.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/// The host's part of AdamW: counts the steps of every tensor and gives the rates that change from step to step, as the
/// `adamw` operation takes them. A tensor whose counter is reset restarts its bias correction.
public final class AdamWRates {
    private final List<Tensor> parameters;
    private final boolean[] decayed;
    private final long[] steps;
    private final double beta1;
    private final double beta2;

    /// @param parameters in the order of `Gradients.parameters()`
    /// @param decayed which of them are subject to weight decay
    public AdamWRates(List<Tensor> parameters, Predicate<Tensor> decayed, double beta1, double beta2) {
        this.parameters = List.copyOf(parameters);
        this.decayed = new boolean[parameters.size()];
        for (int i = 0; i < this.decayed.length; i++) {
            this.decayed[i] = decayed.test(parameters.get(i));
        }
        this.steps = new long[parameters.size()];
        this.beta1 = beta1;
        this.beta2 = beta2;
    }

    /// Counts one more step and returns, for each tensor, (lr, lr * weight decay, 1 - beta1^t, 1 - beta2^t).
    public float[] next(double lr, double weightDecay) {
        float[] rates = new float[4 * steps.length];
        for (int i = 0; i < steps.length; i++) {
            steps[i]++;
            rates[4 * i] = (float) lr;
            rates[4 * i + 1] = (float) (decayed[i] ? lr * weightDecay : 0);
            rates[4 * i + 2] = (float) (1 - Math.pow(beta1, steps[i]));
            rates[4 * i + 3] = (float) (1 - Math.pow(beta2, steps[i]));
        }
        return rates;
    }

    /// Starts the counters of some tensors again.
    public void reset(Predicate<Tensor> which) {
        for (int i = 0; i < steps.length; i++) {
            if (which.test(parameters.get(i))) {
                steps[i] = 0;
            }
        }
    }

    /// The parameters, in order.
    public List<Tensor> parameters() {
        return parameters;
    }

    /// A copy of the step counters, for checkpoints.
    public long[] steps() {
        return steps.clone();
    }

    /// Restores step counters.
    public void restore(long... counters) {
        if (counters.length != steps.length) {
            throw new IllegalArgumentException(
                    "Step counters of " + counters.length + " tensors given, " + steps.length + " expected");
        }
        System.arraycopy(counters, 0, steps, 0, steps.length);
    }

    @Override
    public String toString() {
        return "AdamW steps " + Arrays.toString(steps);
    }
}
