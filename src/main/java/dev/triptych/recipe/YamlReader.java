package dev.triptych.recipe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Reads text as [Yaml], within limits: nothing deep is composed, and aliases may not make it large.
final class YamlReader {
    /// Lists and sections within each other; a recipe has four.
    private static final int DEEPEST = 20;
    /// Values with those that aliases repeat; a recipe has about a hundred.
    private static final int MOST = 10_000;

    private static final CoreSchema SCHEMA = new CoreSchema();

    private final String file;
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private int values;

    /// @param file name for messages
    YamlReader(String file) {
        this.file = file;
    }

    /// The value of a text.
    ///
    /// @throws RecipeException if it is no YAML, or beyond the limits
    Yaml read(String text) {
        try {
            var settings = LoadSettings.builder().setSchema(SCHEMA).setLabel(file).build();
            var node = new Composer(settings, new Shallow(new ParserImpl(settings, new StreamReader(settings, text))))
                    .getSingleNode();
            return node.isEmpty() ? new Yaml.Scalar("", Yaml.Kind.NULL, false, file) : convert(node.get());
        } catch (RecipeException e) {
            throw e;
        } catch (MarkedYamlEngineException e) {
            throw new RecipeException(where(e.getProblemMark()), "", "the YAML cannot be read: " + e.getProblem(),
                    "Correct the line; indent with spaces.");
        } catch (YamlEngineException | IllegalArgumentException e) {
            // the scanner throws the latter for \\x, \\u and \\U without the digits of a character behind them
            throw new RecipeException(file, "", "the YAML cannot be read: " + e.getMessage(), "Correct the file.");
        }
    }

    private String where(Optional<Mark> mark) {
        return mark.map(m -> file + ":" + (m.getLine() + 1)).orElse(file);
    }

    /// Events of a text up to a depth: what is composed of them recursively stays within the stack.
    private final class Shallow implements Parser {
        private final Parser events;
        private int depth;

        Shallow(Parser events) {
            this.events = events;
        }

        @Override
        public boolean checkEvent(Event.ID kind) {
            return events.checkEvent(kind);
        }

        @Override
        public Event peekEvent() {
            return events.peekEvent();
        }

        @Override
        public boolean hasNext() {
            return events.hasNext();
        }

        @Override
        public Event next() {
            Event event = events.next();
            if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
                throw new RecipeException(where(event.getStartMark()), "", "more than " + DEEPEST
                        + " lists and sections stand within each other; expected fewer", "Correct the line.");
            }
            depth -= event instanceof CollectionEndEvent ? 1 : 0;
            return event;
        }
    }

    private Yaml convert(Node node) {
        var where = where(node.getStartMark());
        if (++values > MOST) {
            throw new RecipeException(where, "", "there are more than " + MOST + " values, aliases counted; expected "
                    + "fewer", "Remove the aliases.");
        }
        if (node instanceof ScalarNode scalar) {
            requireFitting(scalar, where);
            return new Yaml.Scalar(scalar.getValue(), Yaml.kind(scalar.getTag()), false, where);
        }
        if (!open.add(node)) {
            throw new RecipeException(where, "", "a list or section contains itself; expected a tree",
                    "Remove the alias.");
        }
        var value = node instanceof SequenceNode list ? list(list, where) : section((MappingNode) node, where);
        open.remove(node);
        return value;
    }

    /// A tag of the author's own may say what the text is not, as in `!!int .6`.
    private static void requireFitting(ScalarNode scalar, String where) {
        Tag tag = scalar.getTag();
        if (Yaml.kind(tag) != Yaml.Kind.STRING
                && !tag.equals(SCHEMA.getScalarResolver().resolve(scalar.getValue(), true))) {
            throw new RecipeException(where, "", "'" + scalar.getValue() + "' is tagged " + tag.getValue()
                    + "; expected text that is one, or no tag", "Remove the tag.");
        }
    }

    private Yaml.Items list(SequenceNode node, String where) {
        var items = new ArrayList<Yaml>();
        node.getValue().forEach(item -> items.add(convert(item)));
        return new Yaml.Items(items, where);
    }

    private Yaml.Section section(MappingNode node, String where) {
        var entries = new LinkedHashMap<String, Yaml>();
        for (var tuple : node.getValue()) {
            var line = where(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new RecipeException(line, "", "a key is a list or a section; expected a word",
                        "Correct the line.");
            }
            if (entries.put(key.getValue(), convert(tuple.getValueNode())) != null) {
                throw new RecipeException(line, key.getValue(), "is given twice in one section; expected once",
                        "Remove one of the two.");
            }
        }
        return new Yaml.Section(entries, where);
    }
}
