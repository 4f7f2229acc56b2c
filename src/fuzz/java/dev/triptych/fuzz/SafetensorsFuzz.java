package dev.triptych.fuzz;

import dev.triptych.io.FormatException;
import dev.triptych.io.HalfNumbers;
import dev.triptych.io.Safetensors;
import dev.triptych.io.TensorEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Damaged safetensors files: tensors, or a [FormatException] that names the file. Every other input gets past the
/// first line of defence: its header is damaged, but the length before it is that of the damaged header.
class SafetensorsFuzz {
    private static Path folder;
    private static Path file;
    private static byte[][] good;
    private static Mutations files;
    private static Mutations headers;

    @BeforeContainer
    static void create() throws IOException {
        folder = Mutations.folder();
        file = folder.resolve("fuzz.safetensors");
        Safetensors.write(file, Map.of("format", "triptych-checkpoint-1", "step", "7"), List.of(
                TensorEntry.of("a", new int[]{2, 3}, new float[]{1, 2, 3, 4, 5, 6}),
                TensorEntry.of("b", new int[]{2}, new boolean[]{true, false}),
                TensorEntry.of("c", new int[]{}, new double[]{1e300}),
                TensorEntry.of("none", new int[]{0, 4}, new float[0])));
        byte[] first = Files.readAllBytes(file);
        Safetensors.write(file, Map.of(), List.of(TensorEntry.of("adam_steps", new int[]{3}, new long[]{1, 2, 3}),
                TensorEntry.of("é\n", new int[]{1, 1, 2}, new int[]{1, 2})));
        byte[] second = Files.readAllBytes(file);
        HalfNumbers.write(file, "F16", Map.of("h", new HalfNumbers.Tensor(new int[]{3}, new short[]{0x3C00, 1, 2})));
        byte[] third = Files.readAllBytes(file);
        HalfNumbers.write(file, "BF16", Map.of("b", new HalfNumbers.Tensor(new int[]{}, new short[]{0x4049})));
        good = new byte[][]{first, second, third, Files.readAllBytes(file)};
        files = new Mutations(List.of(good));
        headers = new Mutations(Stream.of(good).map(SafetensorsFuzz::header).toList());
    }

    @AfterContainer
    static void delete() throws IOException {
        Mutations.delete(folder);
    }

    private static int data(byte[] file) {
        return 8 + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    private static byte[] header(byte[] file) {
        return Arrays.copyOfRange(file, 8, data(file));
    }

    private static byte[] input(long seed) {
        if (seed % 2 == 0) {
            return files.of(seed);
        }
        byte[] header = headers.of(seed);
        byte[] from = good[(int) (seed >> 1 & 3)];
        int data = data(from);
        return ByteBuffer.allocate(8 + header.length + from.length - data).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length).put(header).put(from, data, from.length - data).array();
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void onlyNamedErrors(@ForAll long seed) throws IOException {
        Files.write(file, input(seed));
        try {
            var read = Safetensors.read(file);
            read.metadata();
            for (String name : read.names()) {
                read.shape(name);
                read.floats(name);
                read.doubles(name);
                read.longs(name);
            }
        } catch (FormatException expected) {
            if (!expected.getMessage().startsWith(file.toString())) {
                throw expected;
            }
        }
    }
}
