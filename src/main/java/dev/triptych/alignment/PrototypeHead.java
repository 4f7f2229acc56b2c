package dev.triptych.alignment;

import dev.triptych.nn.Init;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Logits of tokens over C prototypes (STELLAR Eq. 5, specification section 4.1):
/// l(x) = W f(x) / |f(x)|, f a small MLP with exact GELU between its linear layers, W not normalised.
public final class PrototypeHead {
    private static final float EPS = 1e-7f;

    /// Sizes of a prototype head.
    ///
    /// @param layers linear layers of the predictor f; 1 is a single linear layer, 0 leaves f out
    /// @param hidden width between them
    /// @param dimension of a prototype
    /// @param prototypes number C of prototypes
    public record Settings(int layers, int hidden, int dimension, int prototypes) {
    }

    private final List<LinearLayer> predictor = new ArrayList<>();
    private final Tensor prototypes;

    /// Registers `predictor.i` and `prototypes` (C, dimension), N(0, 1).
    public PrototypeHead(Scope scope, int width, Settings settings) {
        int in = width;
        for (int i = 0; i < settings.layers(); i++) {
            int out = i == settings.layers() - 1 ? settings.dimension() : settings.hidden();
            predictor.add(LinearLayer.of(scope.in("predictor." + i), in, out));
            in = out;
        }
        prototypes = scope.parameter("prototypes", Init.normal(1), settings.prototypes(), settings.dimension());
    }

    /// x (..., d): logits (rows, C).
    public Tensor logits(Program p, Tensor x) {
        Tensor f = p.reshape(x, x.rows(), x.columns());
        for (LinearLayer layer : predictor) {
            f = layer.apply(p, layer == predictor.getFirst() ? f : p.gelu(f));
        }
        return p.productTransposed(p.normalizeLength(f, EPS), prototypes);
    }
}
