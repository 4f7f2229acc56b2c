package dev.triptych.check;

import java.util.List;

/// All components and methods whose gradients are checked beyond single operations.
public final class Components {
    private Components() {
    }

    /// The components, from the ground up.
    public static List<Component> all() {
        return List.of();
    }
}
