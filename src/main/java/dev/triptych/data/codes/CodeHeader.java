package dev.triptych.data.codes;

import dev.triptych.io.FormatException;
import dev.triptych.io.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a code file says of itself.
///
/// | offset | content, all numbers little-endian |
/// |---|---|
/// | 0 | magic `TRIPCODE` |
/// | 8 | version (int): bytes of a label, 1 up to 256 classes, else 2; length H of the header (int) |
/// | 16 | SHA-256 of labels, codes and header, in this order |
/// | 48 | the header: a JSON object, padded with spaces to a multiple of 8 |
/// | 48 + H | labels, uint8 or uint16, of each image |
/// | then | codes, uint16, of each image and view N, rows of the grid one after another; the file ends with them |
///
/// @param grid G, codes along a side
/// @param codes K
/// @param views of each image: the image itself, then, with 2, its mirror image
/// @param images number of images
/// @param split the part of the data set, `train` or `test`
/// @param classes their names; labels index this list; empty where there are none, and labels are 0
/// @param tokenizer what made the codes, in a few words
/// @param tokenizerSha256 hash of its parameters, 64 hexadecimal digits
/// @param imagesSha256 hash of all pixels that it saw, 64 hexadecimal digits
public record CodeHeader(int grid, int codes, int views, int images, String split, List<String> classes,
        String tokenizer, String tokenizerSha256, String imagesSha256) {
    static final byte[] MAGIC = "TRIPCODE".getBytes(StandardCharsets.US_ASCII);
    static final int HASH_AT = 16;
    static final int HEADER_AT = 48;
    static final int ID_BYTES = 2;
    static final int LARGEST_HEADER = 1 << 24;
    static final String REMEDY = "Write it again with `triptych tokenize`";
    /// What stands for a hash that is not known yet.
    static final String UNKNOWN = "0".repeat(64);
    private static final int LARGEST_GRID = 1024;
    private static final int LARGEST_CODES = 1 << 16;
    private static final int CLASSES_OF_A_BYTE = 256;
    /// Most classes that a code file can hold.
    public static final int LARGEST_CLASSES = 1 << 16;

    /// Checks that the numbers can be those of a file.
    public CodeHeader {
        within("grid", grid, 1, LARGEST_GRID);
        within("codes", codes, 1, LARGEST_CODES);
        within("views", views, 1, 2);
        within("images", images, 1, Integer.MAX_VALUE);
        classes = List.copyOf(classes);
        within("number of classes", classes.size(), 0, LARGEST_CLASSES);
        hash("tokenizer-sha256", tokenizerSha256);
        hash("images-sha256", imagesSha256);
    }

    private static void within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", expected " + least + " to " + most);
        }
    }

    private static void hash(String name, String value) {
        if (!value.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(name + " is '" + value + "', expected 64 hexadecimal digits");
        }
    }

    /// N = G G, codes of a view.
    public int positions() {
        return grid * grid;
    }

    /// Numbers that a label may have.
    int labels() {
        return Math.max(1, classes.size());
    }

    /// Bytes of a label, which number the file's version.
    int labelBytes() {
        return labels() > CLASSES_OF_A_BYTE ? 2 : 1;
    }

    /// Bytes of the codes of one image.
    long imageBytes() {
        return (long) views * positions() * ID_BYTES;
    }

    CodeHeader withImages(String sha256) {
        return new CodeHeader(grid, codes, views, images, split, classes, tokenizer, tokenizerSha256, sha256);
    }

    /// The bytes of the header; their number depends on everything but the hashes' values.
    byte[] json() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("grid", grid);
        fields.put("codes", codes);
        fields.put("views", views);
        fields.put("images", images);
        fields.put("id-bytes", ID_BYTES);
        fields.put("split", split);
        fields.put("classes", classes);
        fields.put("tokenizer", tokenizer);
        fields.put("tokenizer-sha256", tokenizerSha256);
        fields.put("images-sha256", imagesSha256);
        byte[] text = Json.write(fields, false).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    /// Reads the header's bytes.
    ///
    /// @throws FormatException where a field is missing or cannot be
    static CodeHeader parse(Path file, byte[] bytes) {
        try {
            var fields = Json.read(new String(bytes, StandardCharsets.UTF_8));
            int width = number(fields, "id-bytes");
            if (width != ID_BYTES) {
                throw new IllegalArgumentException("id-bytes is " + width + ", expected " + ID_BYTES);
            }
            return new CodeHeader(number(fields, "grid"), number(fields, "codes"), number(fields, "views"),
                    number(fields, "images"), text(fields, "split"), texts(fields, "classes"),
                    text(fields, "tokenizer"), text(fields, "tokenizer-sha256"), text(fields, "images-sha256"));
        } catch (IOException | IllegalArgumentException e) {
            throw new FormatException(file, "header", e.getMessage(), REMEDY, e);
        }
    }

    private static int number(Map<String, Object> fields, String name) {
        if (fields.get(name) instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        throw missing(fields, name, "a whole number");
    }

    private static String text(Map<String, Object> fields, String name) {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw missing(fields, name, "text");
    }

    private static List<String> texts(Map<String, Object> fields, String name) {
        if (fields.get(name) instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw missing(fields, name, "a list of texts");
    }

    private static IllegalArgumentException missing(Map<String, Object> fields, String name, String expected) {
        return new IllegalArgumentException(name + " is " + (fields.containsKey(name) ? fields.get(name) : "missing")
                + ", expected " + expected);
    }
}
