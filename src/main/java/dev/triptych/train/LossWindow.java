package dev.triptych.train;

/// The total loss over the steps since the last full checkpoint, of one stage, and what a look at the weights found;
/// a checkpoint keeps it, so that the best one is known without any file beside.
///
/// @param stage the stage of these steps; losses of different stages are not comparable
/// @param sum of the total loss
/// @param steps how many
/// @param full whether the checkpoint ends it: a scheduled one or the end of a stage, not an interruption
/// @param score of the weights of the checkpoint, the higher the better; NaN where nothing looked at them
public record LossWindow(int stage, double sum, long steps, boolean full, double score) {
    /// No steps yet.
    public static LossWindow begin(int stage) {
        return new LossWindow(stage, 0, 0, false, Double.NaN);
    }

    /// With one more step.
    LossWindow plus(double loss) {
        return new LossWindow(stage, sum + loss, steps + 1, false, Double.NaN);
    }

    /// As a checkpoint keeps it.
    LossWindow ended(boolean atItsEnd, double scoreOfWeights) {
        return new LossWindow(stage, sum, steps, atItsEnd && steps > 0, scoreOfWeights);
    }

    /// The mean of the total loss; NaN of no steps.
    public double mean() {
        return sum / steps;
    }

    /// Whether its checkpoint is better than another's: of a higher score. Of two without one: of a later stage, or of
    /// the same with a lower mean.
    boolean betterThan(LossWindow other) {
        if (!Double.isNaN(score) || !Double.isNaN(other.score)) {
            return !Double.isNaN(score) && !(score <= other.score);
        }
        return full && (!other.full || stage > other.stage || stage == other.stage && mean() < other.mean());
    }

    /// For a checkpoint's metadata.
    String text() {
        return stage + " " + sum + " " + steps + " " + (full ? "full" : "open")
                + (Double.isNaN(score) ? "" : " " + score);
    }

    /// Reads [#text].
    ///
    /// @throws IllegalArgumentException if it is something else
    static LossWindow parse(String text) {
        String[] words = text.split(" ");
        if (words.length != 4 && words.length != 5 || !words[3].equals("full") && !words[3].equals("open")) {
            throw new IllegalArgumentException("'" + text + "' is not a window of losses");
        }
        return new LossWindow(Integer.parseInt(words[0]), Double.parseDouble(words[1]), Long.parseLong(words[2]),
                words[3].equals("full"), words.length == 5 ? Double.parseDouble(words[4]) : Double.NaN);
    }
}
