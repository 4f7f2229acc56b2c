package dev.triptych.embed;

/// Cells of comma-separated values (RFC 4180).
final class Csv {
    private Csv() {
    }

    /// A cell; in quotes where it holds what would end it. Line breaks become blanks, so that a line is a row.
    static String text(String value) {
        String line = value.replaceAll("\\R", " ");
        return line.contains(",") || line.contains("\"") ? '"' + line.replace("\"", "\"\"") + '"' : line;
    }
}
