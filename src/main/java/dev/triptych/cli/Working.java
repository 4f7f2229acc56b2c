package dev.triptych.cli;

import dev.triptych.io.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.function.LongSupplier;

/// How far a command is that counts what it does: a bar that is rewritten on a terminal, elsewhere a plain line or a
/// line of JSON every few seconds, nothing where it is to be quiet. Training has a line of its own
/// ([dev.triptych.train.Progress]).
final class Working implements AutoCloseable {
    private static final double NANO = 1e-9;
    private static final int BAR = 20;

    private final Terminal terminal;
    private final String what;
    private final long all;
    private final double interval;
    private final LongSupplier nanoTime;
    private final long begun;
    private long done;
    private long last;
    private int open;

    /// @param what is counted, in words
    /// @param all how many there are; 0 where nobody knows
    /// @param interval seconds between two lines
    Working(Terminal terminal, String what, long all, double interval, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.what = what;
        this.all = all;
        this.interval = interval;
        this.nanoTime = nanoTime;
        begun = nanoTime.getAsLong();
        last = begun;
    }

    /// So many more are done.
    void did(long more) {
        done += more;
        long now = nanoTime.getAsLong();
        if (terminal.style() != Terminal.Style.QUIET && (now - last) * NANO >= interval) {
            last = now;
            show((now - begun) * NANO);
        }
    }

    private void show(double seconds) {
        if (terminal.style() == Terminal.Style.JSON) {
            var values = new LinkedHashMap<String, Object>();
            values.put("kind", "progress");
            values.put("what", what);
            values.put("done", done);
            values.put("all", all == 0 ? null : all);
            values.put("seconds", seconds);
            terminal.err().println(Json.write(values, false));
        } else if (terminal.rewritable()) {
            String text = (all == 0 ? "" : bar()) + text(seconds);
            terminal.err().print("\r" + text + " ".repeat(Math.max(0, open - text.length())));
            open = text.length();
        } else {
            terminal.err().println(text(seconds));
        }
        terminal.err().flush();
    }

    private String bar() {
        int full = Math.clamp(done * BAR / all, 0, BAR);
        return "[" + "#".repeat(full) + " ".repeat(BAR - full) + "] ";
    }

    private String text(double seconds) {
        return all == 0
                ? String.format(Locale.ROOT, "%s: %d", what, done)
                : String.format(Locale.ROOT, "%s: %d of %d, %.0f s left", what, done, all,
                        seconds / done * Math.max(0, all - done));
    }

    /// Ends the line that was rewritten.
    @Override
    public void close() {
        if (open > 0) {
            terminal.err().print("\r" + " ".repeat(open) + "\r");
            terminal.err().flush();
            open = 0;
        }
    }
}
