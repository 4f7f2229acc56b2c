package dev.triptych.check;

import dev.triptych.nn.LayerNorm;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.nn.TransformerBlock;
import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.trial.Component;
import java.util.List;

/// The layers of package `nn`, each with respect to its parameters and its input.
final class LayerComponents {
    private static final float EPS = 1e-12f;

    private LayerComponents() {
    }

    static List<Component> all() {
        return List.of(Component.weighed("nn: linear layer", trial -> {
            var layer = LinearLayer.of(Scope.of(trial.state()), 5, 7);
            return layer.apply(trial.program(), trial.variable("x", 2, 3, 5));
        }), Component.weighed("nn: linear layer, used twice", trial -> {
            var layer = LinearLayer.transformer(Scope.of(trial.state()), 5, 5);
            Tensor y = layer.apply(trial.program(), trial.variable("x", 3, 5));
            return layer.apply(trial.program(), y);
        }), Component.weighed("nn: layer norm", trial -> {
            var norm = LayerNorm.of(Scope.of(trial.state()), 9, EPS);
            return norm.apply(trial.program(), trial.variable("x", 4, 9));
        }), Component.weighed("nn: transformer block on sequences of 1, 5 and 3 tokens", trial -> {
            Program p = trial.program();
            var block = TransformerBlock.of(Scope.of(trial.state()), 8, 12, EPS);
            trial.enliven();
            return block.apply(p, trial.variable("x", 9, 8), Packing.of(p, 2, 1, 5, 3));
        }));
    }
}
