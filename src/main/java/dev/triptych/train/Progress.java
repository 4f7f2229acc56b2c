package dev.triptych.train;

import dev.triptych.io.Json;
import java.io.Flushable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// The progress line: step, images per second, time left, total loss, its terms, learning rate, epoch, stage, and the
/// share of the time spent waiting for data. On a terminal it is rewritten in place from the beginning, behind a bar,
/// with as many of these as fit, the first ones first; elsewhere a plain line with all of them, or a line of JSON,
/// appears every few seconds.
///
/// Speed and waiting are those since the line before; the time left follows from the speed of the whole run so far,
/// without its first step, in which the machine warms up, and comes once that is known of a few steps and seconds.
public final class Progress implements ProgressListener, AutoCloseable {
    private static final double NANO = 1e-9;
    private static final int BAR = 10;
    private static final String GAP = "  ";
    /// Steps after the first, and seconds, from which on a time left means something.
    private static final int KNOWN = 3;

    private final Appendable out;
    private final boolean terminal;
    private final int columns;
    private final double interval;
    private final LongSupplier nanoTime;
    private final boolean json;

    private boolean begun;
    private boolean lineOpen;
    private Mark first = new Mark(0, 0, 0, 0);
    private Mark last = first;
    private Status latest;
    private Status shown;

    /// The state of training after a step.
    ///
    /// @param stage       name of the stage
    /// @param step        steps done, over all stages
    /// @param steps       steps of the whole run
    /// @param epoch       epochs done in this stage
    /// @param losses      loss terms in the order to show, the total first
    /// @param rate        learning rate of the step
    /// @param images      images seen so far in this process
    /// @param waitSeconds seconds spent waiting for data so far in this process
    public record Status(String stage, long step, long steps, double epoch, Map<String, Double> losses, double rate,
            long images, double waitSeconds) {
        public Status {
            losses = Collections.unmodifiableMap(new LinkedHashMap<>(losses));
        }
    }

    private record Mark(long nanos, long step, long images, double waitSeconds) {
    }

    /// @param out      where lines go
    /// @param terminal true to rewrite one line in place
    /// @param columns  width of the terminal; what does not fit into it is left out
    /// @param interval seconds between two lines
    /// @param nanoTime the clock, such as `System::nanoTime`
    public Progress(Appendable out, boolean terminal, int columns, double interval, LongSupplier nanoTime) {
        this(out, terminal, columns, interval, nanoTime, false);
    }

    /// Progress as lines of JSON: `kind` (progress or message) and what there is to say.
    public static Progress json(Appendable out, double interval, LongSupplier nanoTime) {
        return new Progress(out, false, 0, interval, nanoTime, true);
    }

    private Progress(Appendable out, boolean terminal, int columns, double interval, LongSupplier nanoTime,
            boolean json) {
        this.out = out;
        this.terminal = terminal;
        this.json = json;
        this.columns = Math.max(20, columns);
        this.interval = interval;
        this.nanoTime = nanoTime;
    }

    /// A terminal has a bar from here on.
    @Override
    public void begin(String stage, long step, long steps) {
        if (terminal) {
            rewrite(new Status(stage, step, steps, 0, Map.of(), 0, 0, 0), List.of(step(step, steps)));
        }
    }

    /// Tells the state after a step; prints a line if the interval has passed since the one before. A terminal shows
    /// the first step at once.
    @Override
    public void update(Status status) {
        long now = nanoTime.getAsLong();
        latest = status;
        if (!begun) {
            begun = true;
            first = new Mark(now, status.step(), status.images(), status.waitSeconds());
            last = first;
            if (terminal) {
                show(now);
            }
            return;
        }
        if ((now - last.nanos()) * NANO >= interval) {
            show(now);
        }
    }

    /// Prints a line of its own, such as a checkpoint or a warning, without disturbing the progress line.
    @Override
    public void message(String text) {
        endLine();
        append((json ? Json.write(new TreeMap<>(Map.of("kind", "message", "text", text)), false) : text) + "\n");
    }

    /// Prints the latest state, if it is not shown yet, and ends the line.
    @Override
    public void close() {
        if (latest != null && latest != shown) {
            show(nanoTime.getAsLong());
        }
        endLine();
    }

    private void show(long now) {
        if (terminal) {
            rewrite(latest, fields(latest, now));
        } else {
            append((json ? object(latest, now) : String.join(GAP, fields(latest, now))) + "\n");
        }
        shown = latest;
        last = new Mark(now, latest.step(), latest.images(), latest.waitSeconds());
    }

    private void rewrite(Status s, List<String> fields) {
        String line = fitting(bar(s), fields, columns - 1);
        append("\r" + line + " ".repeat(columns - 1 - line.length()));
        lineOpen = true;
    }

    /// The longest beginning of the fields that fits, each of them whole; behind the bar where that pushes none of the
    /// first four out. Where the first three do not fit, they go without their words.
    private static String fitting(String bar, List<String> fields, int width) {
        var head = fields.subList(0, Math.min(4, fields.size()));
        int all = String.join(GAP, head).length();
        if (bar.length() + all <= width) {
            return bar + String.join(GAP, beginning(fields, width - bar.length()));
        }
        var whole = beginning(fields, width);
        var wordless = beginning(
                head.stream().limit(3).map(field -> field.replaceAll("^(step|left) | images(?=/s$)", ""))
                        .toList(),
                width);
        return String.join(GAP, whole.size() < 3 && wordless.size() > whole.size()
                ? wordless
                : whole);
    }

    private static List<String> beginning(List<String> fields, int width) {
        int count = fields.size();
        while (count > 0 && String.join(GAP, fields.subList(0, count)).length() > width) {
            count--;
        }
        return fields.subList(0, count);
    }

    private static String bar(Status s) {
        int done = Math.clamp(s.step() * BAR / Math.max(1, s.steps()), 0, BAR);
        return "[" + "#".repeat(done) + ".".repeat(BAR - done) + "] ";
    }

    private static String step(long step, long steps) {
        return "step " + step + "/" + steps;
    }

    private String object(Status s, long now) {
        var values = new LinkedHashMap<String, Object>();
        values.put("kind", "progress");
        values.put("stage", s.stage());
        values.put("step", s.step());
        values.put("steps", s.steps());
        values.put("epoch", s.epoch());
        values.put("losses", s.losses());
        values.put("lr", s.rate());
        values.put("images", s.images());
        double seconds = (now - last.nanos()) * NANO;
        if (seconds > 0 && s.images() > last.images()) {
            values.put("images/s", (s.images() - last.images()) / seconds);
        }
        double left = left(s, now);
        if (!Double.isNaN(left)) {
            values.put("seconds left", left);
        }
        return Json.write(values, false);
    }

    /// Seconds left; NaN where that is not known yet.
    private double left(Status s, long now) {
        double seconds = (now - first.nanos()) * NANO;
        return s.step() - first.step() >= KNOWN && seconds >= KNOWN
                ? seconds / (s.step() - first.step()) * (s.steps() - s.step())
                : Double.NaN;
    }

    /// What there is to say, the most important first.
    private List<String> fields(Status s, long now) {
        var fields = new ArrayList<>(List.of(step(s.step(), s.steps())));
        double seconds = (now - last.nanos()) * NANO;
        boolean moved = seconds > 0 && s.images() > last.images();
        if (moved) {
            fields.add(speed((s.images() - last.images()) / seconds) + " images/s");
        }
        double left = left(s, now);
        if (left > 0) {
            fields.add("left " + duration(left));
        }
        s.losses().forEach((name, value) -> fields.add(name + " " + figure(value)));
        fields.add(String.format(Locale.ROOT, "lr %.2e", s.rate()));
        fields.add(String.format(Locale.ROOT, "epoch %.2f", s.epoch()));
        fields.add("stage " + s.stage());
        if (moved) {
            double waited = 100 * (s.waitSeconds() - last.waitSeconds()) / seconds;
            fields.add(String.format(Locale.ROOT, "data %.0f%%", Math.clamp(waited, 0, 100)));
        }
        return fields;
    }

    private static String speed(double x) {
        return String.format(Locale.ROOT, x < 1 ? "%.2f" : x < 10 ? "%.1f" : "%.0f", x);
    }

    /// A number in about four digits.
    static String figure(double x) {
        double size = Math.abs(x);
        if (!Double.isFinite(x)) {
            return String.valueOf(x);
        }
        if (size != 0 && (size < 1e-3 || size >= 1e6)) {
            return String.format(Locale.ROOT, "%.2e", x);
        }
        return String.format(Locale.ROOT, size < 10 ? "%.3f" : size < 100 ? "%.2f" : size < 1000 ? "%.1f" : "%.0f", x);
    }

    /// Seconds as `42s`, `3m05s`, `2h07m` or `3d04h`.
    public static String duration(double seconds) {
        long s = Math.round(seconds);
        if (s < 60) {
            return s + "s";
        }
        if (s < 3600) {
            return String.format(Locale.ROOT, "%dm%02ds", s / 60, s % 60);
        }
        if (s < 86_400) {
            return String.format(Locale.ROOT, "%dh%02dm", s / 3600, s % 3600 / 60);
        }
        return String.format(Locale.ROOT, "%dd%02dh", s / 86_400, s % 86_400 / 3600);
    }

    private void endLine() {
        if (lineOpen) {
            append("\n");
            lineOpen = false;
        }
    }

    private void append(String text) {
        try {
            out.append(text);
            if (out instanceof Flushable flushable) {
                flushable.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
