package dev.triptych.fuzz;

import dev.triptych.data.codes.CodeHeader;
import dev.triptych.data.codes.CodeSet;
import dev.triptych.data.codes.CodeWriter;
import dev.triptych.io.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Damaged code files: codes, or a [FormatException] that names the file.
class CodeFileFuzz {
    private static Path file;
    private static Mutations mutations;

    @BeforeContainer
    static void create() throws IOException {
        file = Files.createTempFile("triptych", ".codes");
        var header = new CodeHeader(2, 300, 1, 5, "train", List.of("cat", "dog"), "k-means", "ab".repeat(32),
                CodeHeader.UNKNOWN);
        CodeWriter.write(file, header, i -> i % 2, new CodeWriter.Source() {
            @Override
            public void codes(int first, int count, int[] out) {
                for (int i = 0; i < count * 4; i++) {
                    out[i] = (first * 4 + i) * 13 % 300;
                }
            }

            @Override
            public String imagesSha256() {
                return "0123456789abcdef".repeat(4);
            }
        });
        mutations = new Mutations(List.of(Files.readAllBytes(file)));
    }

    @AfterContainer
    static void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void onlyNamedErrors(@ForAll long seed) throws IOException {
        Files.write(file, mutations.of(seed));
        try {
            var set = CodeSet.open(file);
            int[] codes = new int[set.positions()];
            for (int i = 0; i < set.size(); i++) {
                set.codes(i, 0, codes, 0);
            }
        } catch (FormatException expected) {
            if (!expected.getMessage().startsWith(file.toString())) {
                throw expected;
            }
        }
    }
}
