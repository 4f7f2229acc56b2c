package dev.triptych.check;

import dev.triptych.echo.ContrastHead;
import dev.triptych.echo.EchoContrast;
import dev.triptych.echo.Uniformity;
import dev.triptych.nn.DropoutLayer;
import dev.triptych.nn.LinearLayer;
import dev.triptych.nn.Scope;
import dev.triptych.nn.TransformerBlock;
import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.trial.Component;
import java.util.ArrayList;
import java.util.List;

/// The parts of the echo contrast, each with respect to its parameters and inputs.
final class EchoComponents {
    private EchoComponents() {
    }

    static List<Component> all() {
        var all = new ArrayList<Component>();
        all.add(Component.weighed("nn: transformer block with dropout", trial -> {
            Program p = trial.program();
            var block = TransformerBlock.of(Scope.of(trial.state()), 8, 12, 1e-6f, LinearLayer::xavier);
            trial.enliven();
            var dropout = DropoutLayer.input(p, 0.3f);
            trial.upload(dropout.key(), 4711);
            return block.apply(p, trial.variable("x", 9, 8), Packing.of(p, 2, 1, 5, 3), dropout);
        }));
        all.add(Component.weighed("echo: projector with batch normalisation", trial -> {
            var head = ContrastHead.of(Scope.of(trial.state()), 6, 9, 4);
            trial.enliven();
            return head.apply(trial.program(), trial.variable("x", 5, 6)).out();
        }));
        for (EchoContrast.Direction direction : EchoContrast.Direction.values()) {
            all.add(Component.of("echo: InfoNCE, " + direction.name().toLowerCase(java.util.Locale.ROOT),
                    trial -> new EchoContrast(0.3f, direction)
                            .of(trial.program(), trial.variable("echoes", 5, 4), trial.variable("predictions", 5, 4))
                            .loss()));
        }
        all.add(Component.of("echo: uniformity", trial -> Uniformity.of(trial.program(), trial.variable("z", 5, 4))));
        return all;
    }
}
