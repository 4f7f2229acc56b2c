package dev.triptych.train;

import dev.triptych.io.Json;
import java.io.Flushable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// The progress line: stage, step, epoch, loss terms, learning rate, images per second, time left, and the share of the
/// time spent waiting for data. On a terminal it is rewritten in place, behind a bar; elsewhere a plain line, or a line
/// of JSON, appears every few seconds.
///
/// Speed and waiting are those since the line before; the time left follows from the speed of the whole run so far,
/// without its first step, in which the machine warms up.
public final class Progress implements ProgressListener, AutoCloseable {
    private static final double NANO = 1e-9;
    private static final int BAR = 10;

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
    /// @param columns  width of the terminal; longer lines are cut there
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

    /// Tells the state after a step; prints a line if the interval has passed since the one before.
    @Override
    public void update(Status status) {
        long now = nanoTime.getAsLong();
        latest = status;
        if (!begun) {
            begun = true;
            first = new Mark(now, status.step(), status.images(), status.waitSeconds());
            last = first;
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
        var line = json ? object(latest, now) : terminal ? bar(latest) + line(latest, now) : line(latest, now);
        if (terminal) {
            var cut = line.length() < columns ? line : line.substring(0, columns - 1);
            append("\r" + cut + " ".repeat(columns - 1 - cut.length()));
            lineOpen = true;
        } else {
            append(line + "\n");
        }
        shown = latest;
        last = new Mark(now, latest.step(), latest.images(), latest.waitSeconds());
    }

    private static String bar(Status s) {
        int done = Math.clamp(s.step() * BAR / Math.max(1, s.steps()), 0, BAR);
        return "[" + "#".repeat(done) + ".".repeat(BAR - done) + "] ";
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
        if (s.step() > first.step()) {
            values.put("seconds left", (now - first.nanos()) * NANO / (s.step() - first.step())
                    * (s.steps() - s.step()));
        }
        return Json.write(values, false);
    }

    private String line(Status s, long now) {
        var text = new StringBuilder();
        text.append(s.stage()).append("  step ").append(s.step()).append('/').append(s.steps());
        text.append(String.format(Locale.ROOT, "  epoch %.2f ", s.epoch()));
        s.losses().forEach((name, value) -> text.append(' ').append(name).append(' ').append(figure(value)));
        text.append("  lr ").append(String.format(Locale.ROOT, "%.2e", s.rate()));
        double seconds = (now - last.nanos()) * NANO;
        if (seconds > 0 && s.images() > last.images()) {
            text.append(String.format(Locale.ROOT, "  %s images/s", figure((s.images() - last.images()) / seconds)));
            double waited = 100 * (s.waitSeconds() - last.waitSeconds()) / seconds;
            text.append(String.format(Locale.ROOT, "  data %.0f%%", Math.clamp(waited, 0, 100)));
        }
        if (s.step() > first.step() && s.steps() > s.step()) {
            double perStep = (now - first.nanos()) * NANO / (s.step() - first.step());
            text.append("  left ").append(duration(perStep * (s.steps() - s.step())));
        }
        return text.toString();
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
    static String duration(double seconds) {
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
