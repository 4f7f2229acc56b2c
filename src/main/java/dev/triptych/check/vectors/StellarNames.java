package dev.triptych.check.vectors;

import dev.triptych.io.vectors.Comparison;
import java.util.Comparator;
import java.util.List;

/// The names of the authors' code (Hugging Face's ViT) for our parameters.
final class StellarNames {
    private StellarNames() {
    }

    /// The linear layers of a prototype head's predictor, in order: `layers.0`, `layers.2`, ...; activations count too.
    static List<String> predictor(Comparison c, String head) {
        String prefix = head + "predictor.layers.";
        return c.names("\\Q" + prefix + "\\E[0-9]+\\.weight").stream()
                .map(n -> n.substring(0, n.length() - ".weight".length()))
                .sorted(Comparator.comparingInt(n -> Integer.parseInt(n.substring(prefix.length())))).toList();
    }
}
