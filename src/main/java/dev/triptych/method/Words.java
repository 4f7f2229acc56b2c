package dev.triptych.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Text in lines that end between words.
public final class Words {
    private Words() {
    }

    /// Characters of the longest word.
    public static int longest(String text) {
        return Arrays.stream(text.split(" ")).mapToInt(Words::length).max().orElse(0);
    }

    /// Lines of at most `width` characters; a word that is longer has a line of its own. Spaces at the beginning stay.
    public static List<String> lines(String text, int width) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        boolean first = true;
        for (String word : text.split(" ")) {
            if (!line.toString().isBlank() && length(line) + 1 + length(word) > width) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(word);
            } else {
                line.append(first ? "" : " ").append(word);
            }
            first = false;
        }
        lines.add(line.toString());
        return lines;
    }

    private static int length(CharSequence text) {
        return Character.codePointCount(text, 0, text.length());
    }
}
