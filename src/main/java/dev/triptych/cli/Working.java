package dev.triptych.cli;

import dev.triptych.io.Json;
import dev.triptych.train.Progress;
import java.util.LinkedHashMap;
import java.util.function.LongSupplier;

/// How far a command is that counts what it does: a bar that is rewritten on a terminal, elsewhere a plain line or a
/// line of JSON at the beginning and every few seconds, nothing where it is to be quiet. Any thread may count. Training
/// has a line of its own ([dev.triptych.train.Progress]).
final class Working implements AutoCloseable {
    private static final double NANO = 1e-9;
    private static final int BAR = 20;
    /// Seconds from which on a time left means something.
    private static final double KNOWN = 2;

    private final Terminal terminal;
    private final String what;
    private final long all;
    private final Stage stage;
    private final int columns;
    private final double interval;
    private final LongSupplier nanoTime;
    private final long begun;
    private long done;
    private long last;
    private long shown;
    private int open;

    /// The place of what is counted among other work.
    ///
    /// @param of what all stages are parts of, in words
    /// @param number 1 for the first
    /// @param count how many there are
    record Stage(String of, int number, int count) {
    }

    /// @param what is counted, in words
    /// @param all how many there are; 0 where nobody knows
    /// @param stage null where there is only one
    /// @param columns of the terminal: the line that is rewritten has to stay in one
    /// @param interval seconds between two lines
    Working(Terminal terminal, String what, long all, Stage stage, int columns, double interval,
            LongSupplier nanoTime) {
        this.terminal = terminal;
        this.what = what;
        this.all = all;
        this.stage = stage;
        this.columns = columns;
        this.interval = interval;
        this.nanoTime = nanoTime;
        begun = nanoTime.getAsLong();
        last = begun;
        if (all > 0 && terminal.style() != Terminal.Style.QUIET) {
            show(0);
        }
    }

    /// So many more are done.
    synchronized void did(long more) {
        done += more;
        long now = nanoTime.getAsLong();
        if (terminal.style() != Terminal.Style.QUIET && (now - last) * NANO >= interval) {
            last = now;
            show((now - begun) * NANO);
        }
    }

    private void show(double seconds) {
        shown = done;
        if (terminal.style() == Terminal.Style.JSON) {
            terminal.err().println(Json.write(values(seconds), false));
        } else if (terminal.rewritable()) {
            String text = fitting(seconds);
            terminal.err().print("\r" + text + " ".repeat(Math.max(0, open - text.length())));
            open = text.length();
        } else {
            terminal.err().println(text(seconds));
        }
        terminal.err().flush();
    }

    private LinkedHashMap<String, Object> values(double seconds) {
        var values = new LinkedHashMap<String, Object>();
        values.put("kind", "progress");
        if (stage != null) {
            values.put("stage", stage.number());
            values.put("stages", stage.count());
        }
        values.put("what", what);
        values.put("done", done);
        values.put("all", all == 0 ? null : all);
        values.put("seconds", seconds);
        return values;
    }

    /// One line of less than all columns: behind a bar where there is room for both. Of what does not fit, the name
    /// loses its end, so that the numbers stay.
    private String fitting(double seconds) {
        String text = text(seconds);
        if (all > 0 && text.length() + BAR + 3 < columns) {
            return bar() + text;
        }
        String numbers = numbers(seconds);
        int room = columns - 1 - numbers.length() - 2;
        if (text.length() < columns) {
            return text;
        }
        return room > 1
                ? name().substring(0, room - 1) + "…: " + numbers
                : numbers.substring(0, Math.min(numbers.length(), columns - 1));
    }

    private String bar() {
        int full = Math.clamp(done * BAR / all, 0, BAR);
        return "[" + "#".repeat(full) + " ".repeat(BAR - full) + "] ";
    }

    private String text(double seconds) {
        return name() + ": " + numbers(seconds);
    }

    private String name() {
        return stage == null ? what : stage.of() + " " + stage.number() + "/" + stage.count() + ", " + what;
    }

    private String numbers(double seconds) {
        return done + (all == 0 ? "" : " of " + all)
                + (all == 0 || done == 0 || seconds < KNOWN
                        ? ""
                        : ", " + Progress.duration(seconds / done * Math.max(0, all - done)) + " left");
    }

    /// Ends the line that was rewritten, for another one to be printed.
    synchronized void interrupt() {
        if (open > 0) {
            terminal.err().print("\r" + " ".repeat(open) + "\r");
            terminal.err().flush();
            open = 0;
        }
    }

    /// Lines of JSON end with what was done in the end.
    @Override
    public synchronized void close() {
        interrupt();
        if (terminal.style() == Terminal.Style.JSON && shown < done) {
            show((nanoTime.getAsLong() - begun) * NANO);
        }
    }
}
