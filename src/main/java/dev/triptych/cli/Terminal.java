package dev.triptych.cli;

import dev.triptych.train.Progress;
import java.io.PrintWriter;

/// Where a command speaks: results to `out`, progress and remarks to `err`.
///
/// @param out results
/// @param err progress, remarks and errors
/// @param rewritable whether `err` is a terminal, so that a progress line can be rewritten in place
record Terminal(PrintWriter out, PrintWriter err, boolean rewritable) {
    private static final int COLUMNS = 160;
    private static final double SECONDS_ON_TERMINAL = 0.5;
    private static final double SECONDS_IN_FILE = 10;

    /// The terminal of a command's output.
    static Terminal of(picocli.CommandLine.Model.CommandSpec command) {
        var line = command.commandLine();
        var console = System.console();
        return new Terminal(line.getOut(), line.getErr(), console != null && console.isTerminal());
    }

    /// Prints a line of results.
    void print(String text) {
        out.println(text);
        out.flush();
    }

    /// Prints a line about what is going on.
    void remark(String text) {
        err.println(text);
        err.flush();
    }

    /// A progress line; a quiet one shows warnings and the last state only.
    Progress progress(boolean quiet) {
        double interval = quiet ? Double.POSITIVE_INFINITY : rewritable ? SECONDS_ON_TERMINAL : SECONDS_IN_FILE;
        return new Progress(err, rewritable && !quiet, columns(), interval, System::nanoTime);
    }

    private static int columns() {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("[1-9]\\d{1,3}") ? Integer.parseInt(columns) : COLUMNS;
    }
}
