package dev.triptych.recipe;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// A YAML value that remembers where it stands. `where` is `file:line`, or the override that gave it.
sealed interface Yaml {
    /// File and line, or the override.
    String where();

    /// The value in one line, for messages.
    String show();

    /// The type of a scalar by the YAML core schema.
    enum Kind {
        NULL, BOOL, INT, FLOAT, STRING
    }

    /// A single value; `free` if it comes from the command line, where nothing can be quoted.
    record Scalar(String text, Kind kind, boolean free, String where) implements Yaml {
        @Override
        public String show() {
            return kind == Kind.STRING ? "'" + text + "'" : text.isEmpty() ? "null" : text;
        }

        boolean isNull() {
            return kind == Kind.NULL;
        }

        BigInteger integer() {
            var unsigned = text.startsWith("+") ? text.substring(1) : text;
            if (unsigned.startsWith("0x")) {
                return new BigInteger(unsigned.substring(2), 16);
            }
            return unsigned.startsWith("0o") ? new BigInteger(unsigned.substring(2), 8) : new BigInteger(unsigned);
        }

        double number() {
            if (kind == Kind.INT) {
                return integer().doubleValue();
            }
            return switch (text.toLowerCase(Locale.ROOT)) {
                case ".nan" -> Double.NaN;
                case ".inf", "+.inf" -> Double.POSITIVE_INFINITY;
                case "-.inf" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(text);
            };
        }
    }

    /// A mapping. The map is ours to change while overrides are applied.
    record Section(SequencedMap<String, Yaml> entries, String where) implements Yaml {
        @Override
        public String show() {
            return "a section with keys " + String.join(", ", entries.keySet());
        }
    }

    /// A list. Ours to change while overrides are applied.
    record Items(List<Yaml> items, String where) implements Yaml {
        @Override
        public String show() {
            return "[" + String.join(", ", items.stream().map(Yaml::show).toList()) + "]";
        }
    }

    /// Reads a document whose root is a mapping.
    ///
    /// @param file name for messages
    static Section document(String text, String file) {
        var root = read(text, file);
        if (root instanceof Section section) {
            return section;
        }
        throw new RecipeException(file, "", "the file is " + root.show() + "; expected 'key: value' lines",
                "See the built-in recipes for the form.");
    }

    /// Reads any YAML value, as in an annotation's default or an override in brackets.
    static Yaml read(String text, String file) {
        return new YamlReader(file).read(text);
    }

    /// A value of the command line: in brackets or braces it is YAML, otherwise one plain scalar, blanks and all.
    static Yaml free(String text, String where) {
        if (text.startsWith("[") || text.startsWith("{") || text.startsWith("'") || text.startsWith("\"")) {
            return relocate(read(text, where), where);
        }
        return new Scalar(text, kind(new CoreSchema().getScalarResolver().resolve(text, true)), true, where);
    }

    private static Yaml relocate(Yaml value, String where) {
        return switch (value) {
            case Scalar s -> new Scalar(s.text(), s.kind(), s.free(), where);
            case Items list -> {
                var items = new ArrayList<Yaml>();
                list.items().forEach(v -> items.add(relocate(v, where)));
                yield new Items(items, where);
            }
            case Section section -> {
                var entries = new LinkedHashMap<String, Yaml>();
                section.entries().forEach((key, v) -> entries.put(key, relocate(v, where)));
                yield new Section(entries, where);
            }
        };
    }

    /// The type that a tag of the core schema means.
    static Kind kind(Tag tag) {
        if (tag.equals(Tag.NULL)) {
            return Kind.NULL;
        }
        if (tag.equals(Tag.BOOL)) {
            return Kind.BOOL;
        }
        if (tag.equals(Tag.INT)) {
            return Kind.INT;
        }
        return tag.equals(Tag.FLOAT) ? Kind.FLOAT : Kind.STRING;
    }
}
