package dev.triptych.method;

import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.TotalLoss;
import dev.triptych.program.UpdateOperations.AdamW;
import dev.triptych.recipe.Clip;
import dev.triptych.recipe.OptimizerSection;
import java.util.ArrayList;
import java.util.List;

/// What every method's training step does with its loss: gradient, clip, AdamW.
///
/// @param parameters that the gradient reaches
/// @param rates input: a row of AdamW's for each of them, in that order
/// @param figures of the step: the total loss first, every term, the norm of the gradient
public record Descent(List<Tensor> parameters, Tensor rates, List<Reported> figures) {
    /// An output of the step.
    ///
    /// @param name in logs
    /// @param value one number; of the gradient's norm one for each parameter, where each is clipped on its own
    public record Reported(String name, Tensor value) {
    }

    /// Appends it to a step.
    ///
    /// @param section of the specification that fixes the optimizer
    public static Descent append(Program p, TotalLoss loss, OptimizerSection o, String section) {
        var figures = new ArrayList<Reported>();
        try (var _ = p.section("losses that the step reports (" + section + ")")) {
            loss.terms().forEach(term -> figures.add(figure(p, term.name(), term.value())));
            figures.addFirst(figure(p, "total", loss.total()));
        }
        Gradients gradients = p.gradient(loss.total());
        float limit = o.clip() == Clip.NONE ? 0f : (float) o.clipNorm();
        var adamw = new AdamW(o.beta1(), o.beta2(), (float) o.eps(), limit, o.clip() == Clip.PER_TENSOR);
        List<Tensor> parameters = gradients.parameters();
        Tensor rates = p.input("rates", parameters.size(), 4);
        try (var _ = p.section("gradient clip and AdamW (" + section + ")")) {
            figures.add(figure(p, "gradient norm", p.adamw(adamw, gradients, rates)));
        }
        return new Descent(parameters, rates, List.copyOf(figures));
    }

    private static Reported figure(Program p, String name, Tensor value) {
        return new Reported(name, p.output(name, value));
    }

    /// The total loss.
    public Tensor total() {
        return figures.getFirst().value();
    }
}
