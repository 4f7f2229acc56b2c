package dev.triptych.vqvae;

import dev.triptych.io.Json;
import dev.triptych.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Whether a VQ-VAE was accepted as a tokenizer (Sorcen section 9.2): what `eval` wrote into its run folder about the
/// very parameters that are to be used.
public final class Acceptance {
    /// The fact of `eval.json` that holds the verdict: `yes`, or `no: ` and the reasons.
    public static final String VERDICT = "accepted as tokenizer";
    /// The fact of `eval.json` that holds the SHA-256 of the parameters that were judged.
    public static final String JUDGED = "tokenizer SHA-256";
    private static final String YES = "yes";

    private Acceptance() {
    }

    /// The verdict for no or some objections.
    public static String verdict(Iterable<String> objections) {
        String reasons = String.join("; ", objections);
        return reasons.isEmpty() ? YES : "no: " + reasons;
    }

    /// What forbids the use of a run's tokenizer, in words; empty where it was accepted.
    ///
    /// @param run folder of the VQ-VAE
    public static String objection(Path run, Tokenizer tokenizer) throws IOException {
        Path report = run.resolve("eval.json");
        if (!Files.isRegularFile(report)) {
            return "it has not been judged: there is no " + report;
        }
        Object facts = Json.read(Files.readString(report)).get("facts");
        Map<?, ?> found = facts instanceof Map<?, ?> map ? map : Map.of();
        if (!tokenizer.sha256().equals(found.get(JUDGED))) {
            return report + " judged other parameters (SHA-256 " + found.get(JUDGED) + ") than those of its newest "
                    + "checkpoint, " + tokenizer.sha256();
        }
        Object verdict = found.get(VERDICT);
        return YES.equals(verdict) ? "" : report + " says " + verdict;
    }
}
