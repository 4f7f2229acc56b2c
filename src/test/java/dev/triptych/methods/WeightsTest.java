package dev.triptych.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.triptych.bits.Bits;
import dev.triptych.mae.Mae;
import dev.triptych.program.TotalLoss;
import dev.triptych.recipe.Recipe;
import dev.triptych.sorcen.Sorcen;
import dev.triptych.stellar.Stellar;
import dev.triptych.vqgan.Vqgan;
import dev.triptych.vqvae.VqVae;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Each key that is a weight reaches its own term and no other: all of them differ here.
class WeightsTest {
    /// The terms of the last stage.
    private static Map<String, Double> weights(String name, String... overrides) {
        Recipe recipe = Methods.RECIPES.load(name, List.of(overrides)).recipe();
        TotalLoss loss = switch (Methods.ALL.of(recipe).programs(recipe).train(recipe.training().stages().getLast())
                .objective()) {
            case Stellar.Objective o -> o.loss();
            case Bits.Objective o -> o.loss();
            case Sorcen.Objective o -> o.loss();
            case VqVae.Objective o -> o.loss();
            case Mae.Objective o -> o.loss();
            case Vqgan.Objective o -> o.loss();
            default -> throw new IllegalStateException(name);
        };
        return loss.terms().stream()
                .collect(Collectors.toMap(TotalLoss.Term::name, term -> Math.round(term.weight() * 1e5) / 1e5));
    }

    @Test
    void stellar() {
        assertEquals(Map.of("reconstruction", 2.0, "koleo", 0.3, "masked koleo", 0.5, "clustering", 0.7,
                "cls clustering", 1.1, "mask", 1.3, "cls masked", 1.7, "cls local", 1.7),
                weights("stellar-micro", "stellar.weights.reconstruction=2", "stellar.weights.koleo=0.3",
                        "stellar.weights.masked-koleo=0.5", "stellar.weights.clustering=0.7",
                        "stellar.weights.cls-clustering=1.1", "stellar.weights.mask=1.3", "stellar.weights.cls=1.7"));
        assertEquals(Map.of("reconstruction", 10.0, "masked koleo", 0.1, "mask", 1.0),
                weights("stellar-micro", "stellar.weights.koleo=0", "stellar.weights.clustering=0",
                        "stellar.weights.cls-clustering=0", "stellar.weights.cls=0"));
    }

    @Test
    void bits() {
        assertEquals(Map.of("bce", 1.0, "rate", 0.3), weights("bits-micro", "bits.beta=0.3"));
        assertEquals(Map.of("cosine", 1.0), weights("bits-micro", "bits.beta=0", "bits.agreement=cosine"));
    }

    @Test
    void sorcen() {
        assertEquals(Map.of("reconstruction", 1.0, "uniformity", 0.3, "contrast", 0.7),
                weights("sorcen-micro", "sorcen.uniformity-weight=0.3", "sorcen.contrast-weight=0.7"));
        assertEquals(Map.of("reconstruction", 1.0, "contrast", 0.1),
                weights("sorcen-micro", "sorcen.uniformity-weight=0"));
        assertEquals(Map.of("reconstruction", 1.0, "uniformity", 0.01),
                weights("sorcen-micro", "sorcen.contrast-weight=0"));
    }

    @Test
    void vqvae() {
        assertEquals(Map.of("reconstruction", 1.0, "commitment", 0.7), weights("vqvae-micro", "vqvae.commitment=0.7"));
        assertEquals(Map.of("reconstruction", 1.0), weights("vqvae-micro", "vqvae.commitment=0"));
    }

    @Test
    void vqgan() {
        assertEquals(Map.of("reconstruction", 1.0, "codebook", 0.5, "commitment", 0.7),
                weights("vqgan-micro", "vqgan.codebook=0.5", "vqgan.commitment=0.7"));
    }

    @Test
    void mae() {
        assertEquals(Map.of("reconstruction", 1.0), weights("mae-micro"));
    }
}
