package dev.triptych.check.vectors;

import dev.triptych.io.vectors.Comparison;
import dev.triptych.io.vectors.VectorCase;
import dev.triptych.io.vectors.VectorReport;
import dev.triptych.trial.Precision;
import java.util.List;
import java.util.Map;

/// Computes a golden case in this precision and compares every stored result; the twin of this class does so in the
/// other precision. What no family recognises is a failure.
public final class VectorCheck {
    private static final Map<String, List<Family>> FAMILIES = Map.of("common", CommonFamilies.ALL, "stellar",
            StellarUnits.ALL, "bits", BitsUnits.ALL, "sorcen", SorcenUnits.ALL, "mae", MaeCases.ALL, "vqgan",
            VqganCases.ALL, "triptych", TriptychUnits.ALL);

    private VectorCheck() {
    }

    /// Runs one case.
    public static VectorReport run(VectorCase data) {
        List<Family> families = FAMILIES.get(data.method());
        if (families == null) {
            return VectorReport.failed(data.path(), data.method(), Precision.NAME,
                    "method '" + data.method() + "' is not one of " + FAMILIES.keySet().stream().sorted().toList());
        }
        var comparison = new Comparison(data, Precision.NAME);
        for (Family family : families) {
            if (family.accepts().test(comparison)) {
                try {
                    family.run().accept(comparison);
                } catch (RuntimeException e) {
                    comparison.fail(family.name() + " stopped: " + e);
                }
                return comparison.report(family.name());
            }
        }
        return VectorReport.failed(data.path(), data.method(), Precision.NAME,
                "none of the families of '" + data.method() + "' has these settings and tensors: "
                        + families.stream().map(Family::name).toList());
    }
}
