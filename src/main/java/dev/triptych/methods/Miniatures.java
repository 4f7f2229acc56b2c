package dev.triptych.methods;

import dev.triptych.bits.BitsMiniature;
import dev.triptych.mae.MaeMiniature;
import dev.triptych.program.Twinned;
import dev.triptych.sorcen.SorcenMiniature;
import dev.triptych.stellar.StellarMiniature;
import dev.triptych.trial.Component;
import dev.triptych.triptych.TriptychMiniature;
import dev.triptych.vqgan.VqganMiniature;
import dev.triptych.vqvae.VqVaeMiniature;
import java.util.List;
import java.util.stream.Stream;

/// The whole losses of all methods, so small that their gradients can be checked. A new method is a line here.
@Twinned
public final class Miniatures {
    private Miniatures() {
    }

    /// Gradient checks of all of them.
    public static List<Component> components() {
        return Stream.of(
                StellarMiniature.components(),
                BitsMiniature.components(),
                SorcenMiniature.components(),
                VqVaeMiniature.components(),
                MaeMiniature.components(),
                VqganMiniature.components(),
                TriptychMiniature.components()).flatMap(List::stream).toList();
    }
}
