package dev.triptych.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.UniqueElements;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class SafetensorsPropertyTest {
    private static Path file;

    @BeforeContainer
    static void create() throws IOException {
        file = Files.createTempFile("triptych", ".safetensors");
    }

    @AfterContainer
    static void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    @Property(tries = 60)
    void whatIsWrittenIsRead(@ForAll @Size(max = 5) @UniqueElements List<@StringLength(max = 8) String> names,
            @ForAll @Size(max = 30) float[] values, @ForAll boolean wide) throws IOException {
        List<String> valid = names.stream().filter(SafetensorsPropertyTest::encodable).toList();
        List<TensorEntry> entries = new ArrayList<>();
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        for (String name : valid) {
            entries.add(wide
                    ? TensorEntry.of(name, new int[]{1, values.length}, doubles)
                    : TensorEntry.of(name, new int[]{values.length, 1}, values));
        }
        Safetensors.write(file, Map.of("n", Integer.toString(valid.size())), entries);
        var read = Safetensors.read(file);
        assertEquals(valid.size(), read.names().size());
        for (String name : valid) {
            assertArrayEquals(values, read.floats(name));
            assertArrayEquals(doubles, read.doubles(name));
        }
    }

    /// Whatever byte is changed or cut, the reader answers with tensors or with a FormatException, nothing else.
    @Property(tries = 400)
    void damageIsNeverACrash(@ForAll @IntRange(max = 199) int place, @ForAll byte value, @ForAll boolean cut)
            throws IOException {
        Safetensors.write(file, Map.of("k", "v"), List.of(
                TensorEntry.of("a", new int[]{2, 3}, new float[]{1, 2, 3, 4, 5, 6}),
                TensorEntry.of("b", new int[]{2}, new boolean[]{true, false})));
        byte[] bytes = Files.readAllBytes(file);
        int at = Math.min(place, bytes.length - 1);
        bytes[at] = value;
        Files.write(file, cut ? Arrays.copyOf(bytes, at) : bytes);
        try {
            var read = Safetensors.read(file);
            for (String name : read.names()) {
                read.doubles(name);
            }
        } catch (FormatException expected) {
            assertTrue(expected.getMessage().startsWith(file.toString()));
        }
    }

    private static boolean encodable(String name) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(name);
    }
}
