package dev.triptych.cli;

import dev.triptych.io.Json;
import dev.triptych.method.InputException;
import dev.triptych.method.Outcome;
import dev.triptych.train.Progress;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;

/// Where a command speaks: results to `out`, progress and remarks to `err`.
///
/// @param out results
/// @param err progress, remarks and errors
/// @param rewritable whether `err` is a terminal, so that a progress line can be rewritten in place
/// @param columns of the terminal: what is rewritten has to stay in one line, tables in as many
/// @param style text, text without progress, or lines of JSON
record Terminal(PrintWriter out, PrintWriter err, boolean rewritable, int columns, Style style) {
    /// How a command speaks.
    enum Style {
        TEXT, QUIET, JSON
    }

    private static final double SECONDS_ON_TERMINAL = 0.5;
    private static final double SECONDS_IN_FILE = 10;

    /// Whether `err` is a terminal, as the launcher says; without it, input and output have to be one.
    private static final String REWRITABLE = "triptych.terminal";

    /// The terminal of a command's output.
    static Terminal of(picocli.CommandLine.Model.CommandSpec command) {
        var line = command.commandLine();
        String told = System.getProperty(REWRITABLE);
        var console = System.console();
        boolean rewritable = told == null ? console != null && console.isTerminal() : Boolean.parseBoolean(told);
        return new Terminal(line.getOut(), line.getErr(), rewritable, Main.columns(command), Style.TEXT);
    }

    /// The same in another style.
    ///
    /// @throws InputException if both are asked for
    Terminal in(boolean quiet, boolean json) {
        if (quiet && json) {
            throw new InputException("--quiet goes with --json; expected one of them. Leave one out.");
        }
        return new Terminal(out, err, rewritable, columns, quiet ? Style.QUIET : json ? Style.JSON : Style.TEXT);
    }

    /// Prints a line of results for people; what is for programs comes by [#result].
    void print(String text) {
        if (style != Style.JSON) {
            out.println(text);
            out.flush();
        }
    }

    /// Prints results as one line of JSON, where JSON is asked for.
    void result(Map<String, ?> values) {
        if (style == Style.JSON) {
            out.println(Json.write(values, false));
            out.flush();
        }
    }

    /// Prints an outcome, its lines or its values.
    void tell(Outcome outcome) {
        outcome.lines().forEach(this::print);
        if (!outcome.values().isEmpty()) {
            result(outcome.values());
        }
    }

    /// Prints a line about what is going on.
    void remark(String text) {
        err.println(style == Style.JSON
                ? Json.write(new TreeMap<>(Map.of("kind", "remark", "text", text.strip())), false)
                : text);
        err.flush();
    }

    /// A progress line; a quiet one shows warnings and the last state only.
    Progress progress() {
        return switch (style) {
            case JSON -> Progress.json(err, SECONDS_IN_FILE, System::nanoTime);
            case QUIET -> new Progress(err, false, columns, Double.POSITIVE_INFINITY, System::nanoTime);
            case TEXT -> new Progress(err, rewritable, columns, rewritable ? SECONDS_ON_TERMINAL : SECONDS_IN_FILE,
                    System::nanoTime);
        };
    }

    /// Counts work that is no training.
    ///
    /// @param all how many there are; 0 where nobody knows
    Working working(String what, long all) {
        return working(what, all, null);
    }

    /// Counts one stage of such work.
    ///
    /// @param stage its place among others; null where there are none
    Working working(String what, long all, Working.Stage stage) {
        return new Working(this, what, all, stage, columns, rewritable ? SECONDS_ON_TERMINAL : SECONDS_IN_FILE,
                System::nanoTime);
    }
}
