package dev.triptych.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The checked header of a safetensors file: metadata, and for each tensor its dtype, shape and place.
record SafetensorsHeader(Map<String, String> metadata, Map<String, Slot> slots) {
    static final String METADATA = "__metadata__";
    private static final String REMEDY = "Write the file again with a tool that follows the safetensors format";

    /// Where a tensor lies; `begin` and `end` are bytes from the start of the data.
    record Slot(Dtype dtype, int[] shape, long count, long begin, long end) {
    }

    /// Parses and checks everything that can be checked without the data, of which there are `dataBytes`.
    static SafetensorsHeader parse(Path file, ByteBuffer bytes, long dataBytes) throws IOException {
        return new Reader(file).read(bytes, dataBytes);
    }

    private static final class Reader {
        private final Path file;
        private final Map<String, String> metadata = new LinkedHashMap<>();
        private final Map<String, Slot> slots = new LinkedHashMap<>();

        Reader(Path file) {
            this.file = file;
        }

        SafetensorsHeader read(ByteBuffer bytes, long dataBytes) throws IOException {
            if (bytes.get(0) != '{') {
                throw wrong("offset 8", "the header begins with byte " + (bytes.get(0) & 0xFF) + ", expected '{'");
            }
            String text;
            try {
                text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            } catch (CharacterCodingException e) {
                throw new FormatException(file, "header", "it is not UTF-8", REMEDY, e);
            }
            var factory = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
            try (JsonParser json = factory.createParser(text)) {
                json.nextToken();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    if (name.equals(METADATA)) {
                        readMetadata(json);
                    } else {
                        slots.put(name, readSlot(json, name));
                    }
                }
                if (json.nextToken() != null) {
                    throw wrong("header", "more follows the JSON object, expected only spaces");
                }
            } catch (JsonProcessingException e) {
                throw new FormatException(file, "header", "it is not valid JSON: " + e.getOriginalMessage(), REMEDY, e);
            }
            checkTiling(dataBytes);
            return new SafetensorsHeader(Collections.unmodifiableMap(metadata), Collections.unmodifiableMap(slots));
        }

        private void readMetadata(JsonParser json) throws IOException {
            expect(json.nextToken() == JsonToken.START_OBJECT, METADATA, "it is not an object of strings");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                expect(json.nextToken() == JsonToken.VALUE_STRING, METADATA,
                        "the value of '" + key + "' is not a string");
                metadata.put(key, json.getText());
            }
        }

        private Slot readSlot(JsonParser json, String name) throws IOException {
            String where = "tensor '" + name + "'";
            expect(json.nextToken() == JsonToken.START_OBJECT, where,
                    "its entry is not an object with dtype, shape and data_offsets");
            Dtype dtype = null;
            long[] shape = null;
            long[] offsets = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                switch (key) {
                    case "dtype" -> {
                        expect(json.nextToken() == JsonToken.VALUE_STRING, where, "its dtype is not a string");
                        dtype = dtype(where, json.getText());
                    }
                    case "shape" -> shape = naturals(json, where, "shape");
                    case "data_offsets" -> offsets = naturals(json, where, "data_offsets");
                    default -> throw wrong(where,
                            "its entry has the key '" + key + "', expected only dtype, shape and data_offsets");
                }
            }
            if (dtype == null || shape == null || offsets == null) {
                throw wrong(where, "its entry lacks one of dtype, shape and data_offsets");
            }
            expect(offsets.length == 2 && offsets[0] <= offsets[1], where,
                    "its data_offsets are " + Arrays.toString(offsets) + ", expected [begin, end] with begin <= end");
            return slot(where, dtype, shape, offsets);
        }

        private Slot slot(String where, Dtype dtype, long[] shape, long[] offsets) {
            int[] sizes = new int[shape.length];
            long count = 1;
            long bytes;
            try {
                for (int i = 0; i < shape.length; i++) {
                    sizes[i] = Math.toIntExact(shape[i]);
                    count = Math.multiplyExact(count, shape[i]);
                }
                bytes = Math.multiplyExact(count, dtype.bytes());
            } catch (ArithmeticException e) {
                throw new FormatException(file, where, "its shape " + Arrays.toString(shape) + " is too large", REMEDY,
                        e);
            }
            expect(bytes == offsets[1] - offsets[0], where, "its shape " + Arrays.toString(shape) + " of " + dtype
                    + " needs " + bytes + " bytes, its data_offsets give " + (offsets[1] - offsets[0]));
            return new Slot(dtype, sizes, count, offsets[0], offsets[1]);
        }

        private Dtype dtype(String where, String name) {
            for (Dtype dtype : Dtype.values()) {
                if (dtype.name().equals(name)) {
                    return dtype;
                }
            }
            throw new FormatException(file, where, "its dtype is " + name + ", expected one of "
                    + Arrays.toString(Dtype.values()), "Convert it to F32 with the tool that wrote it");
        }

        private long[] naturals(JsonParser json, String where, String key) throws IOException {
            expect(json.nextToken() == JsonToken.START_ARRAY, where, "its " + key + " is not an array");
            List<Long> values = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                boolean whole = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
                expect(whole && json.getLongValue() >= 0, where,
                        "its " + key + " contains " + json.getText() + ", expected whole numbers from 0");
                values.add(json.getLongValue());
            }
            return values.stream().mapToLong(Long::longValue).toArray();
        }

        /// Each tensor begins where the one before it ended, and the last ends with the file.
        private void checkTiling(long dataBytes) {
            var byPlace = new ArrayList<>(slots.entrySet());
            byPlace.sort(Comparator.comparingLong((Map.Entry<String, Slot> e) -> e.getValue().begin())
                    .thenComparingLong(e -> e.getValue().end()));
            long at = 0;
            for (var entry : byPlace) {
                expect(entry.getValue().begin() == at, "tensor '" + entry.getKey() + "'", "its data begin at "
                        + entry.getValue().begin() + ", expected " + at
                        + ": tensors must follow without gap or overlap");
                at = entry.getValue().end();
            }
            if (at != dataBytes) {
                throw new FormatException(file, "end of file", "the header describes " + at
                        + " bytes of data, the file has " + dataBytes, "It is truncated or has a tail: copy it again");
            }
        }

        private void expect(boolean condition, String where, String problem) {
            if (!condition) {
                throw wrong(where, problem);
            }
        }

        private FormatException wrong(String where, String problem) {
            return new FormatException(file, where, problem, REMEDY);
        }
    }
}
