package dev.triptych.check;

import dev.triptych.methods.Miniatures;
import dev.triptych.trial.Component;
import java.util.ArrayList;
import java.util.List;

/// All components and methods whose gradients are checked beyond single operations.
public final class Components {
    private Components() {
    }

    /// The components, from the ground up, then the methods.
    public static List<Component> all() {
        var all = new ArrayList<Component>();
        all.addAll(LayerComponents.all());
        all.addAll(PartComponents.all());
        all.addAll(ChannelComponents.all());
        all.addAll(TokenizerComponents.all());
        all.addAll(EchoComponents.all());
        all.addAll(Miniatures.components());
        return List.copyOf(all);
    }
}
