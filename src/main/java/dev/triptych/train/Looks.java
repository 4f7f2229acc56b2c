package dev.triptych.train;

import dev.triptych.device.Session;
import dev.triptych.method.OnlineJudge;
import dev.triptych.program.State;
import dev.triptych.recipe.EvalSection;
import dev.triptych.recipe.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The books of the looks at the weights on the way: what is logged of each, which was the best, when training may end
/// for want of a better one, and when features stand still though the losses fall. Nothing of it reaches the training.
final class Looks {
    /// The kind of its lines in the metrics.
    static final String KIND = "online";
    /// Processor time of the training, that of the looks aside.
    static final String CPU = "cpu seconds";
    private static final String STAGE = "stage";
    private static final String SCORE = "score";
    private static final String LOSS = "loss since the last look";
    /// Looks over which features stand still.
    private static final int STILL = 3;
    /// A rise of kNN in points, and a change of other figures in shares, that is none.
    private static final double POINTS = 0.5;
    private static final double SHARE = 0.01;

    private final OnlineJudge judge;
    private final EvalSection how;
    private final MetricsLog metrics;
    private final ProgressListener progress;
    private final List<Past> past = new ArrayList<>();
    private double cpuBefore;
    private final double cpuAtStart = cpu();
    private double cpuOfLooks;
    private double losses;
    private long steps;
    private double best = Double.NEGATIVE_INFINITY;
    private int sinceBest;
    private int warned;

    /// One look.
    private record Past(String stage, double score, double loss) {
    }

    /// @param judge null where nothing looks
    /// @param done lines of the metrics of what was done before
    Looks(OnlineJudge judge, EvalSection how, MetricsLog metrics, ProgressListener progress,
            List<Map<String, Object>> done) {
        this.judge = judge;
        this.how = how;
        this.metrics = metrics;
        this.progress = progress;
        for (var line : done) {
            cpuBefore = line.get(CPU) instanceof Number seconds ? seconds.doubleValue() : cpuBefore;
            if (KIND.equals(line.get("kind")) && line.get(SCORE) instanceof Number score) {
                add(new Past(String.valueOf(line.get(STAGE)), score.doubleValue(),
                        line.get(LOSS) instanceof Number loss ? loss.doubleValue() : Double.NaN));
            }
        }
    }

    private static double cpu() {
        return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L) * 1e-9;
    }

    /// Processor seconds of the training so far, that of the looks aside.
    double cpuSeconds() {
        return cpuBefore + cpu() - cpuAtStart - cpuOfLooks;
    }

    /// A step was done.
    void step(double loss) {
        losses += loss;
        steps++;
    }

    /// Whether a look is due.
    ///
    /// @param inStage steps done of the stage
    boolean due(long inStage, long perEpoch, boolean last) {
        return judge != null && (inStage % how.steps(perEpoch) == 0 || last);
    }

    /// Looks at the weights and logs what is found.
    ///
    /// @param images seen so far
    /// @return the score; NaN where the figures say nothing of better and worse
    double look(Session session, State state, Stage stage, long step, double epoch, long images) throws IOException {
        double cpu = cpuSeconds();
        long begun = System.nanoTime();
        var look = judge.look(session, state, stage.teacher());
        cpuOfLooks += cpuSeconds() - cpu;
        var line = new LinkedHashMap<String, Object>();
        line.put(STAGE, stage.name());
        line.put("epoch", epoch);
        line.put("images", images);
        line.put(CPU, cpu);
        line.put("look seconds", (System.nanoTime() - begun) * 1e-9);
        line.putAll(look.figures());
        line.put(SCORE, look.score());
        line.put(LOSS, losses / steps); // NaN before the first step
        metrics.write(KIND, step, line);
        progress.message(String.format(Locale.ROOT, "step %d: %s", step, words(look)));
        add(new Past(stage.name(), look.score(), losses / steps));
        losses = 0;
        steps = 0;
        var still = still(look.decisive());
        if (still.isPresent()) {
            warned = past.size();
            metrics.write("warning", step, Map.of("text", still.get()));
            progress.message(still.get());
        }
        return judge.labelled() ? look.score() : Double.NaN;
    }

    private static String words(OnlineJudge.Look look) {
        var words = new ArrayList<String>();
        look.figures().forEach((name, value) -> words.add(String.format(Locale.ROOT, "%s %.2f", name, value)));
        return String.join("; ", words);
    }

    private void add(Past look) {
        past.add(look);
        sinceBest = look.score() > best ? 0 : sinceBest + 1;
        best = Math.max(best, look.score());
    }

    /// Whether the last look was the best so far.
    boolean best() {
        return judge != null && judge.labelled() && sinceBest == 0 && !past.isEmpty();
    }

    /// Why training may end; empty where it may not.
    Optional<String> exhausted() {
        return judge == null || how.patience() == 0 || sinceBest < how.patience()
                ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT, "eval.patience: none of the last %d looks was better than "
                        + "%.2f: training ends", sinceBest, best));
    }

    /// The warning of the last looks: the losses fell at each of them, and the figure did not rise by more than chance.
    private Optional<String> still(String what) {
        int from = past.size() - 1 - STILL;
        if (from < warned) {
            return Optional.empty();
        }
        var looks = past.subList(from, past.size());
        double before = looks.getFirst().score();
        double highest = before;
        for (int i = 1; i < looks.size(); i++) {
            var look = looks.get(i);
            var last = looks.get(i - 1);
            boolean falls = i == 1 || look.loss() < last.loss();
            boolean stands = judge.labelled()
                    ? look.score() <= before + POINTS
                    : Math.abs(look.score() - before) <= SHARE * Math.abs(before);
            if (!look.stage().equals(looks.get(1).stage()) || !falls || !stands) {
                return Optional.empty();
            }
            highest = Math.max(highest, look.score());
        }
        return Optional.of(String.format(Locale.ROOT, "features stand still though the losses fall: %s %.2f %d looks "
                + "ago, %s %.2f since; the loss fell from %.4g to %.4g. What is learnt now does not reach these "
                + "features: look at the health figures, or end the training.", what, before, STILL,
                judge.labelled() ? "at most" : "up to", highest, looks.get(1).loss(), looks.getLast().loss()));
    }
}
