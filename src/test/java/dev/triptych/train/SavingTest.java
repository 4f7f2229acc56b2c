package dev.triptych.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.triptych.io.AtomicFile;
import dev.triptych.io.Safetensors;
import dev.triptych.io.TensorEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Saving that is cut short: by a kill, by a full disk, by an error.
class SavingTest {
    private static final int NUMBERS = 1 << 19;

    @TempDir
    private Path folder;

    /// Saves checkpoints for ever, each filled with the number of its step.
    static final class Saver {
        private Saver() {
        }

        public static void main(String[] args) throws IOException {
            var files = new CheckpointFiles(Path.of(args[0]));
            for (long step = files.newest().map(CheckpointFiles.Checkpoint::step).orElse(0L) + 1;; step++) {
                save(files, step, NUMBERS);
                files.keepLastAndBest(2);
            }
        }
    }

    private static void save(CheckpointFiles files, long step, int numbers) throws IOException {
        float[] values = new float[numbers];
        Arrays.fill(values, step);
        files.save(step, file -> Safetensors.write(file, Map.of("step", Long.toString(step)),
                List.of(TensorEntry.of("x", new int[]{numbers}, values))));
    }

    private static void assertWhole(CheckpointFiles.Checkpoint checkpoint) throws IOException {
        for (float value : Safetensors.read(checkpoint.file()).floats("x")) {
            assertEquals(checkpoint.step(), value);
        }
    }

    /// SIGKILL at moments that come as they come; most of the time goes into writing.
    @Test
    void aKillLeavesOnlyWholeCheckpoints() throws IOException, InterruptedException {
        var files = new CheckpointFiles(folder);
        for (int round = 0; round < 5; round++) {
            long before = files.newest().map(CheckpointFiles.Checkpoint::step).orElse(0L);
            var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                    Saver.class.getName(), folder.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            while (process.isAlive() && files.newest().map(CheckpointFiles.Checkpoint::step).orElse(0L) == before) {
                Thread.sleep(1);
            }
            assertTrue(process.isAlive(), "it saves for ever");
            Thread.sleep(3L * round);
            process.destroyForcibly().waitFor();
            var all = files.list();
            int most = 3 + round; // each kill may come between a save and the deletion of the oldest
            assertTrue(all.size() >= 1 && all.size() <= most, all::toString);
            for (var checkpoint : all) {
                assertWhole(checkpoint);
            }
        }
        Files.writeString(folder.resolve(".step-00000001.safetensors.12.34.tmp"), "cut short");
        Files.writeString(folder.resolve(".other.tmp"), "not ours");
        files.deleteRemains();
        try (var left = Files.list(folder)) {
            assertEquals(List.of(".other.tmp"), left.map(f -> f.getFileName().toString())
                    .filter(name -> name.startsWith(".")).toList());
        }
    }

    /// A file system of one megabyte, where this user may mount one.
    @Test
    void aFullDiskIsAnErrorAndTheOlderCheckpointStays() throws IOException, InterruptedException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        boolean mounted = new ProcessBuilder("sh", "-c", "mount -t tmpfs -o size=1m tmpfs '" + disk + "'")
                .redirectError(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        assumeTrue(mounted, "this user may not mount a small file system");
        try {
            var files = new CheckpointFiles(disk.resolve("checkpoints"));
            save(files, 1, 1 << 17);
            for (int numbers : new int[]{1 << 17, 1 << 20}) {
                var e = assertThrows(FileSystemException.class, () -> save(files, 2, numbers));
                assertTrue(e.getMessage().contains("step-00000002.safetensors: it cannot be written (No space"),
                        e.getMessage());
                assertEquals(1, files.list().size());
                assertWhole(files.list().getFirst());
            }
            try (var left = Files.list(files.folder())) {
                assertEquals(1, left.count(), "no part of the new file is left");
            }
            try (var log = MetricsLog.open(disk.resolve("metrics.jsonl"))) {
                Files.write(disk.resolve("rest"), new byte[400 << 10]);
                var text = Map.of("text", "x".repeat(1 << 20));
                var e = assertThrows(FileSystemException.class, () -> log.write("note", 1, text));
                assertTrue(e.getMessage().contains("metrics.jsonl: it cannot be written (No space"), e.getMessage());
            }
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("No space"), e.getMessage()); // closing the log writes what is left
        } finally {
            assertEquals(0, new ProcessBuilder("umount", "-l", disk.toString()).start().waitFor());
        }
    }

    @Test
    void anErrorOnTheWayLeavesTheOlderCheckpoint() throws IOException {
        var files = new CheckpointFiles(folder);
        save(files, 7, 100);
        var e = assertThrows(FileSystemException.class,
                () -> files.save(7, file -> AtomicFile.write(file, channel -> {
                    channel.write(ByteBuffer.wrap(new byte[50]));
                    throw new IOException("No space left on device");
                })));
        assertTrue(e.getMessage().endsWith("step-00000007.safetensors: it cannot be written (No space left on device)"),
                e.getMessage());
        assertWhole(files.list().getFirst());
    }

    @Test
    void theBestStaysBesideTheLast() throws IOException {
        var files = new CheckpointFiles(folder);
        String[] windows = {"0 1.0 10 full", "0 5.0 10 full", "1 90.0 10 full", "1 70.0 10 full", "1 1.0 10 open",
                "1 80.0 10 full", "1 85.0 10 full", null, "damaged"};
        for (int i = 0; i < windows.length; i++) {
            var metadata = new HashMap<>(Map.of("format", "triptych-checkpoint-1", "step", "" + (i + 1),
                    "stage", "1"));
            if (windows[i] != null) {
                metadata.put("window", windows[i]);
            }
            Safetensors.write(files.path(i + 1), metadata, List.of());
            if (i == 1) {
                assertEquals(1, files.best().orElseThrow().step(), "the lowest loss");
            }
        }
        assertEquals(4, files.best().orElseThrow().step(), "the lowest of the latest stage, interruptions aside");
        assertEquals(6, files.keepLastAndBest(2).size());
        assertEquals(List.of(4L, 8L, 9L), files.list().stream().map(CheckpointFiles.Checkpoint::step).toList());
        assertTrue(assertThrows(RunException.class, () -> Checkpoint.position(files.path(9))).getMessage()
                .contains("'window' is 'damaged'"));
    }
}
