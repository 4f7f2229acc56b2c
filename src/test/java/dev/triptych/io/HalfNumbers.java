package dev.triptych.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Writes safetensors of 16 bits a number, as Python's library does, without the writer under test.
public final class HalfNumbers {
    /// @param shape sizes
    /// @param bits of each number
    public record Tensor(int[] shape, short[] bits) {
    }

    private HalfNumbers() {
    }

    /// @param dtype F16 or BF16
    public static void write(Path file, String dtype, Map<String, Tensor> tensors) throws IOException {
        var header = new StringJoiner(",", "{", "}");
        var data = new ByteArrayOutputStream();
        for (var entry : tensors.entrySet()) {
            int begin = data.size();
            for (short bits : entry.getValue().bits()) {
                data.write(bits);
                data.write(bits >> 8);
            }
            header.add("\"" + entry.getKey() + "\":{\"dtype\":\"" + dtype + "\",\"shape\":["
                    + Arrays.stream(entry.getValue().shape()).mapToObj(Integer::toString)
                            .collect(Collectors.joining(","))
                    + "],\"data_offsets\":[" + begin + "," + data.size() + "]}");
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        var out = new ByteArrayOutputStream();
        IntStream.range(0, 8).forEach(b -> out.write((int) ((long) json.length >> 8 * b)));
        out.write(json);
        data.writeTo(out);
        Files.write(file, out.toByteArray());
    }
}
