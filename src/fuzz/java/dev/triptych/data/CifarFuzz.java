package dev.triptych.data;

import dev.triptych.fuzz.Mutations;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/// Damaged records of CIFAR-10's binary version, three to a file instead of ten thousand: images and labels, or an
/// [ImageException].
class CifarFuzz {
    private static final int RECORD = 3073;
    private static final Path FILE = Path.of("data_batch_1.bin");
    private static final Mutations MUTATIONS = new Mutations(List.of(records(0, 9, 4), records(7, 7, 7)));

    private static byte[] records(int... labels) {
        byte[] records = new byte[RECORD * labels.length];
        for (int i = 0; i < records.length; i++) {
            records[i] = (byte) (i % RECORD == 0 ? labels[i / RECORD] : i);
        }
        return records;
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void onlyNamedErrors(@ForAll long seed) {
        byte[] data = MUTATIONS.of(seed);
        if (seed % 4 != 0) { // most with the right length: labels are what is left to be wrong
            data = Arrays.copyOf(data, 3 * RECORD);
        }
        try {
            Cifar10Binary.check(FILE, data, 3);
            for (int r = 0; r < 3; r++) {
                int label = data[r * RECORD];
                if (label < 0 || label > 9) {
                    throw new AssertionError("label " + label);
                }
            }
        } catch (ImageException expected) {
            if (!expected.getMessage().startsWith(FILE.toString())) {
                throw expected;
            }
        }
    }
}
