package dev.triptych.sheet;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Text in pictures. A JDK has no fonts of its own; on a machine without any, nothing is drawn and [#problem] says so.
final class Lettering {
    private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

    private final Optional<String> problem;

    private Lettering(Optional<String> problem) {
        this.problem = problem;
    }

    /// Tries the machine's sans-serif font.
    static Lettering find() {
        try {
            new Font(Font.SANS_SERIF, Font.PLAIN, 12).getStringBounds("x", CONTEXT);
            return new Lettering(Optional.empty());
        } catch (RuntimeException | InternalError | LinkageError e) {
            return new Lettering(Optional.of("the sheet has no captions: java.awt found no font (" + e.getMessage()
                    + "); install fontconfig and a font, for instance the package fonts-dejavu-core"));
        }
    }

    Optional<String> problem() {
        return problem;
    }

    /// Height of a line of the given size.
    static int line(int size) {
        return size * 4 / 3;
    }

    int width(String text, int style, int size) {
        if (problem.isPresent() || text.isEmpty()) {
            return 0;
        }
        return (int) Math.ceil(new Font(Font.SANS_SERIF, style, size).getStringBounds(text, CONTEXT).getWidth());
    }

    /// `text` broken at spaces into lines no wider than `most` (a single word may be wider); no line for no text.
    List<String> wrap(String text, int most, int style, int size) {
        var lines = new ArrayList<String>();
        if (problem.isPresent() || text.isBlank()) {
            return lines;
        }
        var line = new StringBuilder();
        for (var word : text.strip().split("\\s+")) {
            if (!line.isEmpty() && width(line + " " + word, style, size) > most) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    void draw(Graphics2D graphics, String text, int x, int baseline, int style, int size) {
        if (problem.isEmpty() && !text.isEmpty()) {
            graphics.setFont(new Font(Font.SANS_SERIF, style, size));
            graphics.drawString(text, x, baseline);
        }
    }
}
