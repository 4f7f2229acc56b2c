package dev.triptych.fuzz;

import dev.triptych.io.FormatException;
import dev.triptych.io.Safetensors;
import dev.triptych.io.TensorEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Damaged safetensors files: tensors, or a [FormatException] that names the file.
class SafetensorsFuzz {
    private static Path file;
    private static Mutations mutations;

    @BeforeContainer
    static void create() throws IOException {
        file = Files.createTempFile("triptych", ".safetensors");
        Safetensors.write(file, Map.of("format", "triptych-checkpoint-1", "step", "7"), List.of(
                TensorEntry.of("a", new int[]{2, 3}, new float[]{1, 2, 3, 4, 5, 6}),
                TensorEntry.of("b", new int[]{2}, new boolean[]{true, false}),
                TensorEntry.of("c", new int[]{}, new double[]{1e300}),
                TensorEntry.of("none", new int[]{0, 4}, new float[0])));
        byte[] first = Files.readAllBytes(file);
        Safetensors.write(file, Map.of(), List.of(TensorEntry.of("adam_steps", new int[]{3}, new long[]{1, 2, 3}),
                TensorEntry.of("é\n", new int[]{1, 1, 2}, new int[]{1, 2})));
        mutations = new Mutations(List.of(first, Files.readAllBytes(file)));
    }

    @AfterContainer
    static void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void onlyNamedErrors(@ForAll long seed) throws IOException {
        Files.write(file, mutations.of(seed));
        try {
            var read = Safetensors.read(file);
            read.metadata();
            for (String name : read.names()) {
                read.shape(name);
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
