package dev.triptych.method;

import dev.triptych.method.EvaluationReport.Figure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a judge found.
///
/// @param facts what was judged, in order
/// @param tables of figures: one after another for people, all in one for programs
/// @param pictures that belong to them
public record Verdict(Map<String, String> facts, List<List<Figure>> tables, List<Picture> pictures) {
    /// The picture of a method's own.
    public static final String SHEET = "sheet.png";
    /// Queries and what lies nearest to them.
    public static final String RETRIEVAL = "retrieval.png";

    /// A map of the features, and which class is taken for which.
    public static final String FEATURES = "features.png";

    /// A picture that a judge gives, or gave at another time.
    ///
    /// @param file its name
    /// @param drawing of this time; null where there is none
    /// @param absence why there is none, in words
    public record Picture(String file, Drawing drawing, String absence) {
        /// A picture.
        public Picture(String file, Drawing drawing) {
            this(file, drawing, "");
        }
    }

    /// Draws a picture into a file.
    @FunctionalInterface
    public interface Drawing {
        /// @return a remark where the machine has no font
        Optional<String> write(Path file) throws IOException;
    }

    /// Facts and all figures.
    public EvaluationReport report() {
        return new EvaluationReport(facts, tables.stream().flatMap(List::stream).toList());
    }

    /// Facts and figures for people.
    ///
    /// @param columns within which they lie
    public String text(int columns) {
        var text = new StringBuilder(new EvaluationReport(facts, tables.getFirst()).text(columns).stripTrailing());
        for (var table : tables.subList(1, tables.size())) {
            text.append("\n\n").append(new EvaluationReport(Map.of(), table).text(columns).stripTrailing());
        }
        return text.toString();
    }
}
