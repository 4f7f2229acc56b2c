package dev.triptych.method;

import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.TotalLoss;
import dev.triptych.program.UpdateOperations.AdamW;
import dev.triptych.recipe.Clip;
import dev.triptych.recipe.OptimizerSection;
import java.util.List;

/// What every method's training step does with its loss: gradient, clip, AdamW.
///
/// @param parameters that the gradient reaches
/// @param rates input: a row of AdamW's for each of them, in that order
public record Descent(List<Tensor> parameters, Tensor rates) {
    /// Appends it to a step. Outputs: every term of the loss, `total` and `gradient norm`.
    ///
    /// @param section of the specification that fixes the optimizer
    public static Descent append(Program p, TotalLoss loss, OptimizerSection o, String section) {
        try (var _ = p.section("losses that the step reports (" + section + ")")) {
            loss.terms().forEach(term -> p.output(term.name(), term.value()));
            p.output("total", loss.total());
        }
        Gradients gradients = p.gradient(loss.total());
        float limit = o.clip() == Clip.NONE ? 0f : (float) o.clipNorm();
        var adamw = new AdamW(o.beta1(), o.beta2(), (float) o.eps(), limit, o.clip() == Clip.PER_TENSOR);
        List<Tensor> parameters = gradients.parameters();
        Tensor rates = p.input("rates", parameters.size(), 4);
        try (var _ = p.section("gradient clip and AdamW (" + section + ")")) {
            p.output("gradient norm", p.adamw(adamw, gradients, rates));
        }
        return new Descent(parameters, rates);
    }
}
