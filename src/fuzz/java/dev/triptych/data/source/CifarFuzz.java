package dev.triptych.data.source;

import dev.triptych.data.file.ImageException;
import dev.triptych.fuzz.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Damaged records of CIFAR-10's binary version, three to a file instead of ten thousand: images and labels, or an
/// [ImageException].
class CifarFuzz {
    private static final int RECORD = 3073;
    private static Path folder;
    private static Path file;
    private static final Mutations MUTATIONS = new Mutations(List.of(records(0, 9, 4), records(7, 7, 7)));

    private static byte[] records(int... labels) {
        byte[] records = new byte[RECORD * labels.length];
        for (int i = 0; i < records.length; i++) {
            records[i] = (byte) (i % RECORD == 0 ? labels[i / RECORD] : i);
        }
        return records;
    }

    @BeforeContainer
    static void create() throws IOException {
        folder = Mutations.folder();
        file = folder.resolve("test_batch.bin");
    }

    @AfterContainer
    static void delete() throws IOException {
        Mutations.delete(folder);
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void onlyNamedErrors(@ForAll long seed) throws IOException {
        byte[] data = MUTATIONS.of(seed);
        if (seed % 4 != 0) { // most with the right length: labels are what is left to be wrong
            data = Arrays.copyOf(data, 3 * RECORD);
        }
        Files.write(file, data);
        try {
            var set = new Cifar10Binary(folder, false, 3);
            try (var walk = set.walk(Split.TEST)) {
                for (var entry = walk.next(); entry != null; entry = walk.next()) {
                    set.classes().get(entry.label());
                    entry.samples().picture(walk.open().readAllBytes(), file);
                }
            }
        } catch (ImageException expected) {
            if (!expected.getMessage().startsWith(file.toString())) {
                throw expected;
            }
        }
    }
}
