package dev.triptych.method;

import dev.triptych.program.Gradients;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.UpdateOperations.AdamW;
import dev.triptych.recipe.Clip;
import dev.triptych.recipe.OptimizerSection;
import java.util.List;
import java.util.Map;

/// What every method's training step does with its loss: gradient, clip, AdamW.
public final class Descent {
    private Descent() {
    }

    /// Appends it to a step. Outputs: every term of the loss, `total` and `gradient norm`; input: `rates`, one row of
    /// AdamW's for each parameter.
    ///
    /// @param terms of the loss, not weighted
    /// @param total their weighted sum
    /// @param section of the specification that fixes the optimizer
    /// @return parameters that the gradient reaches, in the order of `rates`
    public static List<Tensor> append(Program p, Map<String, Tensor> terms, Tensor total, OptimizerSection o,
            String section) {
        try (var _ = p.section("losses that the step reports (" + section + ")")) {
            terms.forEach(p::output);
            p.output("total", total);
        }
        Gradients gradients = p.gradient(total);
        float limit = o.clip() == Clip.NONE ? 0f : (float) o.clipNorm();
        var adamw = new AdamW(o.beta1(), o.beta2(), (float) o.eps(), limit, o.clip() == Clip.PER_TENSOR);
        List<Tensor> parameters = gradients.parameters();
        try (var _ = p.section("gradient clip and AdamW (" + section + ")")) {
            p.output("gradient norm", p.adamw(adamw, gradients, p.input("rates", parameters.size(), 4)));
        }
        return parameters;
    }
}
