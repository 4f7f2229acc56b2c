package dev.triptych.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// CIFAR-10's binary version: the contract on files of few records, and the errors of the real one.
class Cifar10BinaryTest extends SourceContract {
    private static final int RECORD = 3073;

    private static int level(int file, int record) {
        return 20 * file + 5 * record + 1;
    }

    @Override
    Source make(Wanted extra) throws IOException {
        Path cifar = Files.createDirectories(folder.resolve("cifar"));
        int records = extra == null ? 4 : 5; // another number of records is other content
        for (int file = 1; file <= 6; file++) {
            byte[] bytes = new byte[records * RECORD];
            for (int r = 0; r < records; r++) {
                Arrays.fill(bytes, r * RECORD, (r + 1) * RECORD, (byte) level(file, r));
                bytes[r * RECORD] = (byte) (r * 3 % 10);
            }
            Files.write(cifar.resolve(file == 6 ? "test_batch.bin" : "data_batch_" + file + ".bin"), bytes);
        }
        return new Cifar10Binary(cifar, false, records);
    }

    @Override
    List<Wanted> wanted(Split part) {
        var wanted = new ArrayList<Wanted>();
        for (int file = part == Split.TRAIN ? 1 : 6; file <= (part == Split.TRAIN ? 5 : 6); file++) {
            for (int r = 0; r < 4; r++) {
                wanted.add(new Wanted((file == 6 ? "test_batch.bin#" : "data_batch_" + file + ".bin#") + r,
                        r * 3 % 10, level(file, r)));
            }
        }
        return wanted;
    }

    @Override
    boolean damages() {
        return false;
    }

    @Override
    Source damage(int victim) {
        throw new UnsupportedOperationException("records have no damage of their own");
    }

    /// Five more records are made, not one: the files are of one length.
    @Test
    @Override
    void theFingerprintFollowsTheContent() throws IOException {
        String before;
        try (var source = make(null)) {
            before = source.fingerprint(Split.TRAIN);
        }
        try (var source = make(wanted(Split.TRAIN).getFirst())) {
            assertEquals(25, source.survey(Split.TRAIN).pictures());
            assertTrue(!before.equals(source.fingerprint(Split.TRAIN)));
        }
    }

    @Test
    void filesOfAnotherFormAreRefused() throws IOException {
        Path cifar = Files.createDirectories(folder.resolve("real"));
        byte[] records = new byte[30_730_000];
        records[0] = 9;
        records[1] = 11;
        records[RECORD] = 4;
        records[RECORD + 3072] = (byte) 250;
        Files.write(cifar.resolve("test_batch.bin"), records);
        var source = Sources.open(cifar, SourceOptions.AUTO);
        assertTrue(source instanceof Cifar10Binary);
        assertTrue(source.stored());
        assertEquals(10_000, source.survey(Split.TEST).pictures());
        try (var walk = source.walk(Split.TEST)) {
            assertEquals(9, walk.next().label());
            assertEquals(11, walk.open().readAllBytes()[0]);
            var second = walk.next();
            assertEquals("deer", source.classes().get(second.label()));
            assertEquals((byte) 250, source.open(second).readAllBytes()[3071]);
        }
        assertMessage(source, Split.TRAIN, "it lacks data_batch_1.bin, ");
        for (int i : new int[]{2, 3, 5}) {
            Files.createFile(cifar.resolve("data_batch_" + i + ".bin"));
        }
        assertMessage(source, Split.TRAIN, "it lacks data_batch_1.bin, data_batch_4.bin; ");
        records[RECORD] = 10;
        Files.write(cifar.resolve("test_batch.bin"), records);
        assertMessage(source, Split.TEST, "label 10");
        Files.write(cifar.resolve("test_batch.bin"), Arrays.copyOf(records, 3074));
        assertMessage(source, Split.TEST, "3074 bytes, expected 30730000");
    }

    private static void assertMessage(Source source, Split part, String expected) {
        String message = assertThrows(ImageException.class, () -> source.survey(part)).getMessage();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void aFileMayNotLieElsewhereUnlessLinksAreFollowed() throws IOException {
        Path elsewhere = Files.write(folder.resolve("secret"), new byte[RECORD]);
        Path data = Files.createDirectories(folder.resolve("links"));
        Files.createSymbolicLink(data.resolve("test_batch.bin"), elsewhere);
        assertEquals(Refusal.LINK_LEAVES_FOLDER, assertThrows(ImageException.class,
                () -> new Cifar10Binary(data, false, 1).survey(Split.TEST)).refusal());
        assertEquals(1, new Cifar10Binary(data, true, 1).survey(Split.TEST).pictures());
    }
}
