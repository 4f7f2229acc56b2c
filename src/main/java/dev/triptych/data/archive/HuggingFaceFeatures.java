package dev.triptych.data.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What Hugging Face's `datasets` writes into a Parquet file: `{"info": {"features": {COLUMN: {"names": [..], "_type":
/// "ClassLabel"}}}}`.
///
/// @param classes names of the classes of each such column, by number
record HuggingFaceFeatures(Map<String, List<String>> classes) {
    private static final int MOST = 1 << 20;

    static HuggingFaceFeatures of(Path file, String json) {
        var classes = new LinkedHashMap<String, List<String>>();
        try (var in = new JsonFactory().createParser(json)) {
            if (find(in, "info") && find(in, "features")) {
                while (in.nextToken() == JsonToken.FIELD_NAME) {
                    String column = in.currentName();
                    in.nextToken();
                    var names = names(in);
                    if (!names.isEmpty()) {
                        classes.put(column, names);
                    }
                }
            }
            return new HuggingFaceFeatures(classes);
        } catch (IOException e) {
            throw Guard.damaged(file, "its description of columns is no JSON (" + e.getMessage() + ")", e);
        }
    }

    /// Goes into the object of a field of the next object.
    private static boolean find(JsonParser in, String field) throws IOException {
        if (!in.hasCurrentToken()) {
            in.nextToken();
        }
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            boolean here = in.currentName().equals(field);
            boolean object = in.nextToken() == JsonToken.START_OBJECT;
            if (here) {
                return object;
            }
            in.skipChildren();
        }
        return false;
    }

    /// The names of one feature; empty where it is no ClassLabel.
    private static List<String> names(JsonParser in) throws IOException {
        var names = new ArrayList<String>();
        boolean label = false;
        if (in.currentToken() != JsonToken.START_OBJECT) {
            in.skipChildren();
            return List.of();
        }
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String key = in.currentName();
            var value = in.nextToken();
            if (key.equals("_type")) {
                label = "ClassLabel".equals(in.getText());
            }
            if (key.equals("names") && value == JsonToken.START_ARRAY) {
                while (in.nextToken() != JsonToken.END_ARRAY && names.size() < MOST) {
                    names.add(in.getText());
                }
            } else {
                in.skipChildren();
            }
        }
        return label ? List.copyOf(names) : List.of();
    }
}
