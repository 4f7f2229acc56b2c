package dev.triptych.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A piece of a file that people read in one go: comments that follow one another, a string literal with all that is
/// joined to it, or a paragraph of Markdown. Line breaks are single spaces in it.
///
/// @param text what is read
/// @param starts for each line of the file that it comes from: where in the text that line begins, and its number
record Passage(String text, List<int[]> starts) {
    private static final Pattern TOKEN = Pattern.compile("(?<COMMENT>//[^\\n]*|/\\*[\\s\\S]*?\\*/)"
            + "|(?<STRING>\"\"\"[\\s\\S]*?(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*+\")"
            + "|'(?:\\\\.|[^'\\\\\\n])*+'|(?<GAP>[\\s+]+)|(?s:.)");
    private static final Pattern FENCE = Pattern.compile("\\s*```.*");

    /// The number of the line that the character at `index` stands in.
    int line(int index) {
        int line = 0;
        for (int[] start : starts) {
            line = start[0] <= index ? start[1] : line;
        }
        return line;
    }

    /// The passages of a file, by what its name ends with.
    static List<Passage> of(String name, String text) {
        return name.endsWith(".java") ? java(text) : name.endsWith(".md") ? markdown(text) : plain(text);
    }

    /// Comments and strings of Java. A blank line ends a run of comments.
    private static List<Passage> java(String text) {
        var passages = new ArrayList<Passage>();
        var builder = new Builder(passages);
        String kind = "";
        int line = 1;
        Matcher m = TOKEN.matcher(text);
        while (m.find()) {
            String token = m.group();
            if (m.group("COMMENT") != null) {
                if (!kind.equals("comment")) {
                    builder.end();
                }
                kind = "comment";
                int at = line;
                for (String part : token.split("\\n", -1)) {
                    builder.add(part.strip().replaceFirst("^(///?|/\\*+|\\*/?)\\s?", "").replaceFirst("\\*/$", ""),
                            at++);
                }
            } else if (m.group("STRING") != null) {
                if (!kind.equals("string")) {
                    builder.end();
                }
                kind = "string";
                builder.join(token.replaceAll("^\"+|\"+$", "").replaceAll("\\s+", " "), line);
            } else if (m.group("GAP") == null || kind.equals("comment") && breaks(token) > 1) {
                builder.end();
                kind = "";
            }
            line += breaks(token);
        }
        builder.end();
        return passages;
    }

    /// Paragraphs, table rows and list items; nothing inside of fences.
    private static List<Passage> markdown(String text) {
        var passages = new ArrayList<Passage>();
        var builder = new Builder(passages);
        boolean fenced = false;
        int line = 0;
        for (String row : text.split("\\n", -1)) {
            line++;
            if (FENCE.matcher(row).matches()) {
                fenced = !fenced;
                builder.end();
            } else if (!fenced) {
                if (row.isBlank() || row.matches("\\s*([-*|#]|\\d+\\. ).*")) {
                    builder.end();
                }
                builder.add(row.strip(), line);
            }
        }
        builder.end();
        return passages;
    }

    /// The whole of a file whose comments begin with #.
    private static List<Passage> plain(String text) {
        var passages = new ArrayList<Passage>();
        var builder = new Builder(passages);
        int line = 1;
        for (String row : text.split("\\n", -1)) {
            builder.add(row.strip().replaceFirst("^#\\s?", ""), line++);
        }
        builder.end();
        return passages;
    }

    private static int breaks(String token) {
        return (int) token.chars().filter(c -> c == '\n').count();
    }

    /// A passage that grows.
    private static final class Builder {
        private final List<Passage> passages;
        private StringBuilder text = new StringBuilder();
        private List<int[]> starts = new ArrayList<>();

        Builder(List<Passage> passages) {
            this.passages = passages;
        }

        void add(String part, int line) {
            if (!text.isEmpty()) {
                text.append(' ');
            }
            join(part, line);
        }

        void join(String part, int line) {
            starts.add(new int[]{text.length(), line});
            text.append(part);
        }

        void end() {
            if (!text.isEmpty()) {
                passages.add(new Passage(text.toString(), List.copyOf(starts)));
            }
            text = new StringBuilder();
            starts = new ArrayList<>();
        }
    }
}
