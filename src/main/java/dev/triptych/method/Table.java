package dev.triptych.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// A table of text, printed aligned or as Markdown. A column whose filled cells are all numbers (with a sign, a unit
/// or a ± part, if any) is set to the right; `–`, `n/a` and empty cells count as not filled.
///
/// @param header names of the columns
/// @param rows as many cells each as there are columns
public record Table(List<String> header, List<List<String>> rows) {
    private static final Pattern NUMBER = Pattern
            .compile("[+−-]?[0-9][0-9.,_]*(e[+-]?[0-9]+)?( ?[%×x]| ?± ?[0-9.]+| [^0-9 ]{1,6})?");

    /// Checks that every row has a cell for every column.
    public Table {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
        if (header.isEmpty()) {
            throw new IllegalArgumentException("a table without columns: expected at least one");
        }
        for (int r = 0; r < rows.size(); r++) {
            if (rows.get(r).size() != header.size()) {
                throw new IllegalArgumentException("row " + r + " of the table has " + rows.get(r).size()
                        + " cells, expected " + header.size());
            }
        }
    }

    /// Aligned plain text: header, a rule, the rows; columns two spaces apart; every line ends with a newline.
    public String plain() {
        int[] widths = widths(header, rows);
        var rule = new ArrayList<String>();
        for (int width : widths) {
            rule.add("-".repeat(width));
        }
        var text = new StringBuilder();
        line(text, header, widths, rows, "", "  ", "");
        line(text, rule, widths, rows, "", "  ", "");
        rows.forEach(row -> line(text, row, widths, rows, "", "  ", ""));
        return text.toString();
    }

    /// The same within so many columns: text that is too wide goes on in the next line of its cell, the widest columns
    /// first, and numbers stay whole. Where even that is too wide, a block for each row, with a line for each column.
    public String plain(int columns) {
        int[] widths = widths(header, rows);
        int[] least = new int[widths.length];
        for (int c = 0; c < widths.length; c++) {
            int column = c;
            boolean numeric = numeric(rows, c);
            least[c] = Math.max(Words.longest(header.get(c)), rows.stream().map(row -> row.get(column))
                    .mapToInt(cell -> numeric ? length(cell) : Words.longest(cell)).max().orElse(1));
        }
        int room = columns - 2 * (widths.length - 1);
        while (Arrays.stream(widths).sum() > room) {
            int widest = -1;
            for (int c = 0; c < widths.length; c++) {
                if (widths[c] > least[c] && (widest < 0 || widths[c] > widths[widest])) {
                    widest = c;
                }
            }
            if (widest < 0) {
                return blocks(columns);
            }
            widths[widest]--;
        }
        var text = new StringBuilder();
        wrapped(text, header, widths);
        wrapped(text, Arrays.stream(widths).mapToObj("-"::repeat).toList(), widths);
        rows.forEach(row -> wrapped(text, row, widths));
        return text.toString();
    }

    private void wrapped(StringBuilder text, List<String> cells, int[] widths) {
        var parts = new ArrayList<List<String>>();
        for (int c = 0; c < widths.length; c++) {
            parts.add(Words.lines(cells.get(c), widths[c]));
        }
        int height = parts.stream().mapToInt(List::size).max().orElse(1);
        for (int i = 0; i < height; i++) {
            int at = i;
            line(text, parts.stream().map(part -> at < part.size() ? part.get(at) : "").toList(), widths, rows, "",
                    "  ", "");
        }
    }

    private String blocks(int columns) {
        var text = new StringBuilder();
        for (var row : rows) {
            Words.lines(row.getFirst(), columns).forEach(line -> text.append(line).append('\n'));
            for (int c = 1; c < row.size(); c++) {
                Words.lines(header.get(c) + ": " + row.get(c), columns - 2)
                        .forEach(line -> text.append("  ").append(line).append('\n'));
            }
        }
        return text.toString();
    }

    /// A Markdown table, aligned in its source too; a `|` inside a cell is escaped.
    public String markdown() {
        var escapedHeader = escape(header);
        var escaped = rows.stream().map(Table::escape).toList();
        int[] widths = widths(escapedHeader, escaped);
        var rule = new ArrayList<String>();
        for (int c = 0; c < widths.length; c++) {
            widths[c] = Math.max(widths[c], 3);
            rule.add(numeric(escaped, c) ? "-".repeat(widths[c] - 1) + ":" : "-".repeat(widths[c]));
        }
        var text = new StringBuilder();
        line(text, escapedHeader, widths, escaped, "| ", " | ", " |");
        line(text, rule, widths, escaped, "| ", " | ", " |");
        escaped.forEach(row -> line(text, row, widths, escaped, "| ", " | ", " |"));
        return text.toString();
    }

    private static List<String> escape(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|")).toList();
    }

    private static int[] widths(List<String> header, List<List<String>> rows) {
        var widths = new int[header.size()];
        for (int c = 0; c < widths.length; c++) {
            widths[c] = length(header.get(c));
            for (var row : rows) {
                widths[c] = Math.max(widths[c], length(row.get(c)));
            }
        }
        return widths;
    }

    private static void line(StringBuilder text, List<String> cells, int[] widths, List<List<String>> rows,
            String start, String between, String end) {
        var line = new StringBuilder(start);
        for (int c = 0; c < widths.length; c++) {
            var space = " ".repeat(widths[c] - length(cells.get(c)));
            line.append(c == 0 ? "" : between);
            line.append(numeric(rows, c) ? space + cells.get(c) : cells.get(c) + space);
        }
        text.append((line + end).stripTrailing()).append('\n');
    }

    private static boolean numeric(List<List<String>> rows, int column) {
        boolean found = false;
        for (var row : rows) {
            var cell = row.get(column);
            if (!cell.isEmpty() && !cell.equals("–") && !cell.equals("n/a")) {
                if (!NUMBER.matcher(cell).matches()) {
                    return false;
                }
                found = true;
            }
        }
        return found;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
