package dev.triptych.train;

import dev.triptych.data.set.Fingerprint;
import dev.triptych.io.FormatException;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeBook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What has to be the same for a run to go on: recipe and examples. What was trained and what comes would otherwise be
/// of two trainings, and nothing would show it.
public final class Resumption {
    /// Keys that may change on the way: they say where something lies, how often something is written, what is to be
    /// done with files that cannot be read, or how the weights are looked at on the way. What lies
    /// there is compared by its content. Device and threads are no keys.
    ///
    /// A longer run is none of these: the rates, the weight decay and the teacher's momentum of every step follow from
    /// the length of its stage.
    ///
    /// To these come the files of the method ([dev.triptych.recipe.Schema#files]).
    public static final Set<String> FREE = Set.of("data.dir", "data.cache", "data.skip-bad", "data.max-pixels",
            "training.log-every", "training.checkpoint-every", "training.keep-checkpoints", "eval.every", "eval.keys",
            "eval.queries", "eval.by", "eval.patience");

    private Resumption() {
    }

    /// Keys whose values differ though they may not, and both values, a line each: `seed: 1 then, 2 now`.
    static List<String> differences(Recipe then, Recipe now, RecipeBook book) {
        Map<String, String> before = then.values();
        Map<String, String> after = now.values();
        var keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(after.keySet());
        keys.removeAll(FREE);
        keys.removeAll(book.files(now));
        var lines = new ArrayList<String>();
        for (String key : keys) {
            String was = before.getOrDefault(key, "not there");
            String is = after.getOrDefault(key, "not there");
            if (!was.equals(is)) {
                lines.add(key + ": " + was + " then, " + is + " now");
            }
        }
        return lines;
    }

    /// Checks that the recipe of a run is that of its checkpoint, but for keys that may change.
    ///
    /// @throws RunException if another key has another value
    public static void requireRecipe(RunFolder run, Path checkpoint, Recipe now, RecipeBook book) throws IOException {
        Recipe then = book.parse(Checkpoint.recipe(checkpoint), checkpoint.toString(), List.of()).recipe();
        var differences = differences(then, now, book);
        if (!differences.isEmpty()) {
            throw new RunException(checkpoint + ": it was trained with another recipe. "
                    + String.join("; ", differences) + "; expected the same, because what comes would be another "
                    + "training than what was. Restore " + run.path().resolve("recipe.yaml") + remedy(checkpoint));
        }
    }

    /// Checks that the examples of a run are those of its checkpoint.
    ///
    /// @param found what there is now
    /// @return false where an older checkpoint does not say what it learnt from
    /// @throws RunException if they are others
    static boolean requireExamples(RunFolder run, Path checkpoint, Checkpoint.Position position, Fingerprint found)
            throws IOException {
        if (position.examples().isEmpty()) {
            return false;
        }
        if (!position.examples().equals(found.sha256())) {
            throw new RunException(checkpoint + ": the run learnt from other images or codes. "
                    + difference(run, position, found) + "; expected the same, in the same order. Put them back"
                    + remedy(checkpoint));
        }
        return true;
    }

    private static String difference(RunFolder run, Checkpoint.Position position, Fingerprint found)
            throws IOException {
        String hashes = "SHA-256 " + position.examples() + " then, " + found.sha256() + " now";
        if (!Files.exists(run.examples())) {
            return hashes + " (which of them cannot be said: " + run.examples() + " is missing)";
        }
        try {
            var then = Fingerprint.read(run.examples());
            return then.sha256().equals(position.examples())
                    ? then.to(found).toString()
                    : hashes + " (which of them cannot be said: " + run.examples() + " is of others)";
        } catch (FormatException e) {
            return hashes + " (which of them cannot be said: " + e.getMessage() + ")";
        }
    }

    /// The end of the message, behind "Restore what differs".
    static String remedy(Path checkpoint) {
        return ", or begin a new run with --init-from " + checkpoint + ".";
    }
}
