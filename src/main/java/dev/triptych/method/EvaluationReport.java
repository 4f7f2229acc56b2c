package dev.triptych.method;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.triptych.io.AtomicFile;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The figures of an evaluation, each beside its baselines, as a text table and as `eval.json`:
///
/// ```json
/// {"facts": {"run": "..."},
///  "figures": [{"what": "kNN on S", "value": 41.2, "unit": "%", "n": 500, "protocol": "...", "baselines": {..}}]}
/// ```
///
/// A value that is not finite is `null` in JSON and `n/a` in the table.
///
/// @param facts what was evaluated (run, data, counts, commit), in order
/// @param figures in order
public record EvaluationReport(Map<String, String> facts, List<Figure> figures) {

    /// One figure.
    ///
    /// @param what a short name, for instance "kNN on pooled S"
    /// @param value the figure
    /// @param unit "%", "dB", "IoU", "nats", "bits", "codes" or empty
    /// @param protocol how it was measured, in words
    /// @param baselines the same figure of something simpler, by name, in order; absent where it does not apply
    /// @param count how many pictures it was measured on; 0 where it is not of pictures
    public record Figure(String what, double value, String unit, String protocol, Map<String, Double> baselines,
            int count) {
        /// Copies the baselines.
        public Figure {
            baselines = Collections.unmodifiableMap(new LinkedHashMap<>(baselines));
        }

        /// A figure whose count is still to be said, by [EvaluationReport#over].
        public Figure(String what, double value, String unit, String protocol, Map<String, Double> baselines) {
            this(what, value, unit, protocol, baselines, 0);
        }
    }

    /// Figures that were measured on so many pictures, where they do not say it themselves.
    public static List<Figure> over(int count, List<Figure> figures) {
        return figures.stream().map(f -> f.count > 0
                ? f
                : new Figure(f.what, f.value, f.unit, f.protocol, f.baselines, count)).toList();
    }

    /// The two baselines that features have: the same encoder before training, and the pixels themselves (NaN: left
    /// out).
    public static Map<String, Double> baselines(double untrained, double pixels) {
        var map = new LinkedHashMap<String, Double>();
        map.put("untrained encoder", untrained);
        if (!Double.isNaN(pixels)) {
            map.put("raw pixels", pixels);
        }
        return map;
    }

    /// Two baselines in that order.
    public static Map<String, Double> beside(String first, double one, String second, double other) {
        var map = new LinkedHashMap<String, Double>();
        map.put(first, one);
        map.put(second, other);
        return map;
    }

    /// Copies the parts.
    public EvaluationReport {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        figures = List.copyOf(figures);
    }

    /// The table alone: one line per figure, one column per baseline; for Markdown or plain text.
    public Table table() {
        var names = new LinkedHashSet<String>();
        figures.forEach(figure -> names.addAll(figure.baselines.keySet()));
        var header = new ArrayList<>(List.of("figure", "value"));
        header.addAll(names);
        header.add("unit");
        var rows = new ArrayList<List<String>>();
        for (var figure : figures) {
            var row = new ArrayList<>(List.of(figure.what, number(figure.value, figure.unit)));
            for (var name : names) {
                var value = figure.baselines.get(name);
                row.add(value == null ? "–" : number(value, figure.unit));
            }
            row.add(figure.unit);
            rows.add(row);
        }
        return new Table(header, rows);
    }

    /// Facts, table and protocols as plain text.
    ///
    /// @param columns within which they lie
    public String text(int columns) {
        var text = new StringBuilder();
        facts.forEach((name, value) -> Words.lines(name + ": " + value, columns)
                .forEach(line -> text.append(line).append('\n')));
        text.append(facts.isEmpty() ? "" : "\n").append(table().plain(columns));
        var protocols = new LinkedHashMap<String, List<String>>();
        for (var figure : figures) {
            if (!figure.protocol.isEmpty()) {
                protocols.computeIfAbsent(figure.protocol, p -> new ArrayList<>()).add(figure.what);
            }
        }
        text.append(protocols.isEmpty() ? "" : "\n");
        protocols.forEach((protocol, whats) -> Words.lines(String.join(", ", whats) + ": " + protocol, columns)
                .forEach(line -> text.append(line).append('\n')));
        return text.toString();
    }

    /// The JSON document, indented, with a newline at its end.
    public String json() {
        var out = new StringWriter();
        var printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"))
                .withArrayIndenter(new DefaultIndenter("  ", "\n"));
        try (var json = new JsonFactory().createGenerator(out).setPrettyPrinter(printer)) {
            json.writeStartObject();
            json.writeObjectFieldStart("facts");
            for (var fact : facts.entrySet()) {
                json.writeStringField(fact.getKey(), fact.getValue());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("figures");
            for (var figure : figures) {
                json.writeStartObject();
                json.writeStringField("what", figure.what);
                number(json, "value", figure.value);
                json.writeStringField("unit", figure.unit);
                if (figure.count > 0) {
                    json.writeNumberField("n", figure.count);
                }
                json.writeStringField("protocol", figure.protocol);
                json.writeObjectFieldStart("baselines");
                for (var baseline : figure.baselines.entrySet()) {
                    number(json, baseline.getKey(), baseline.getValue());
                }
                json.writeEndObject();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out + "\n";
    }

    /// Writes [#json] to a file, which appears whole or not at all.
    public void write(Path file) throws IOException {
        AtomicFile.write(file, json().getBytes(StandardCharsets.UTF_8));
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }

    /// Two decimals for percent and dB, none for codes, three for everything else.
    private static String number(double value, String unit) {
        if (!Double.isFinite(value)) {
            return "n/a";
        }
        return String.format(Locale.ROOT, switch (unit) {
            case "%", "dB" -> "%.2f";
            case "codes" -> "%.0f";
            default -> "%.3f";
        }, value);
    }
}
