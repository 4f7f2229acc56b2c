package dev.triptych.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// JSON objects as ordered maps, by Jackson's streaming parser and generator.
///
/// Values are null, booleans, numbers, text, lists, maps and arrays of float, double or int. JSON has no NaN and no
/// infinity: such a number is written as null, and its dotted name is listed under the key `nonfinite`.
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {
    }

    /// One object in one line, or indented.
    public static String write(Map<String, ?> object, boolean indented) {
        var text = new StringWriter();
        try (var out = FACTORY.createGenerator(text)) {
            if (indented) {
                out.useDefaultPrettyPrinter();
            }
            var nonfinite = new ArrayList<String>();
            out.writeStartObject();
            for (var entry : object.entrySet()) {
                out.writeFieldName(entry.getKey());
                value(out, entry.getKey(), entry.getValue(), nonfinite);
            }
            if (!nonfinite.isEmpty()) {
                out.writeFieldName("nonfinite");
                value(out, "nonfinite", nonfinite, nonfinite);
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("Writing to memory failed", e);
        }
        return text.toString();
    }

    private static void value(JsonGenerator out, String name, Object value, List<String> nonfinite) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case Boolean b -> out.writeBoolean(b);
            case Float f -> number(out, name, f, f.doubleValue(), nonfinite);
            case Double d -> number(out, name, null, d, nonfinite);
            case Integer i -> out.writeNumber(i);
            case Long l -> out.writeNumber(l);
            case CharSequence text -> out.writeString(text.toString());
            case Enum<?> constant -> out.writeString(constant.name());
            case Map<?, ?> map -> object(out, name, map, nonfinite);
            case Iterable<?> items -> items(out, name, items, nonfinite);
            case float[] array -> {
                out.writeStartArray();
                for (int i = 0; i < array.length; i++) {
                    number(out, name + "." + i, array[i], array[i], nonfinite);
                }
                out.writeEndArray();
            }
            case double[] array -> {
                out.writeStartArray();
                for (int i = 0; i < array.length; i++) {
                    number(out, name + "." + i, null, array[i], nonfinite);
                }
                out.writeEndArray();
            }
            case int[] array -> out.writeArray(array, 0, array.length);
            default -> throw new IllegalArgumentException(name + " is a " + value.getClass().getName()
                    + "; expected null, a boolean, a number, text, a list, a map or an array. Convert it first.");
        }
    }

    private static void object(JsonGenerator out, String name, Map<?, ?> map, List<String> nonfinite)
            throws IOException {
        out.writeStartObject();
        for (var entry : map.entrySet()) {
            out.writeFieldName(String.valueOf(entry.getKey()));
            value(out, name + "." + entry.getKey(), entry.getValue(), nonfinite);
        }
        out.writeEndObject();
    }

    private static void items(JsonGenerator out, String name, Iterable<?> items, List<String> nonfinite)
            throws IOException {
        out.writeStartArray();
        int i = 0;
        for (var item : items) {
            value(out, name + "." + i++, item, nonfinite);
        }
        out.writeEndArray();
    }

    private static void number(JsonGenerator out, String name, Float single, double value, List<String> nonfinite)
            throws IOException {
        if (!Double.isFinite(value)) {
            nonfinite.add(name);
            out.writeNull();
        } else if (single != null) {
            out.writeNumber(single);
        } else {
            out.writeNumber(value);
        }
    }

    /// Reads one object. Integers become Long, other numbers Double, lists List, objects LinkedHashMap.
    ///
    /// @throws IOException if the text is not exactly one JSON object
    public static Map<String, Object> read(String text) throws IOException {
        try (var in = FACTORY.createParser(text)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("the text is not a JSON object; expected '{' at its start");
            }
            var object = readObject(in);
            if (in.nextToken() != null) {
                throw new IOException("text follows the JSON object; expected its end");
            }
            return object;
        }
    }

    private static Map<String, Object> readObject(JsonParser in) throws IOException {
        var object = new LinkedHashMap<String, Object>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            var name = in.currentName();
            object.put(name, readValue(in, in.nextToken()));
        }
        return object;
    }

    private static Object readValue(JsonParser in, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> readObject(in);
            case START_ARRAY -> {
                var items = new ArrayList<Object>();
                for (var next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
                    items.add(readValue(in, next));
                }
                yield items;
            }
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT -> in.getLongValue();
            case VALUE_NUMBER_FLOAT -> in.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IOException("unexpected " + token + " in JSON");
        };
    }
}
