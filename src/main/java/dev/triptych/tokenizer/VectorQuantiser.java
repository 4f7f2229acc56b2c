package dev.triptych.tokenizer;

import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.QuantisationOperations.CodeAverages;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Vector quantisation with a straight-through gradient and a codebook of averages (van den Oord et al. 2017, appendix
/// A.1). The codebook has no gradient: it follows the latents that take its codes.
public final class VectorQuantiser {
    /// The stop-gradient of the straight-through estimator: z_q = z_e + sg(e - z_e).
    public static final String STOP = "quantisation error";

    private final CodeAverages averages;

    /// What quantisation gives.
    ///
    /// @param codes (n) integers
    /// @param vectors e, the codebook's vectors of these codes (n, d), without gradient
    /// @param latents z_q (n, d): the values of e, the gradient of z_e
    public record Quantised(Tensor codes, Tensor vectors, Tensor latents) {
    }

    /// Registers the codebook and its averages as buffers, all zero: no code is known before `start`.
    public VectorQuantiser(Scope scope, int codes, int dim) {
        averages = new CodeAverages(scope.buffer("codebook", new float[codes * dim], codes, dim),
                scope.buffer("ema_count", new float[codes], codes),
                scope.buffer("ema_sum", new float[codes * dim], codes, dim));
    }

    /// Codebook and averages.
    public CodeAverages averages() {
        return averages;
    }

    /// Replaces each row of z (n, d) by the nearest code's vector.
    public Quantised apply(Program p, Tensor z) {
        Tensor codes = p.nearestCodes(z, averages.vectors());
        Tensor e = p.codeVectors(averages.vectors(), codes);
        Tensor error = p.addScaled(e, 1f, z, -1f);
        return new Quantised(codes, e, p.add(z, p.stopGradient(STOP, error)));
    }

    /// mean |z_e - sg(e)|^2 over all numbers: keeps latents near their codes.
    public Tensor commitment(Program p, Tensor z, Quantised quantised) {
        return p.scaledSum(p.squaredError(z, quantised.vectors()), 1f / z.count());
    }

    /// Appends the update of the averages by the latents of a step, after the gradient.
    public void update(Program p, Tensor z, Quantised quantised, float decay, float eps) {
        p.averageCodes(averages, z, quantised.codes(), decay, eps);
    }

    /// The codes whose average count is below `share` of the mean count: they are restarted.
    public static List<Integer> dead(float[] counts, float share) {
        float sum = 0f;
        for (float count : counts) {
            sum += count;
        }
        var dead = new ArrayList<Integer>();
        for (int k = 0; k < counts.length; k++) {
            if (counts[k] < share * sum / counts.length) {
                dead.add(k);
            }
        }
        return dead;
    }
}
