package dev.triptych.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.io.AtomicFile;
import dev.triptych.io.Json;
import dev.triptych.methods.Methods;
import dev.triptych.recipe.Recipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    private static final Provenance NONE = new Provenance(Map.of("device", "none"));

    private static Recipe recipe() {
        return Methods.RECIPES.load("stellar-micro", List.of("seed=3")).recipe();
    }

    @Test
    void runsAreNumbered(
            @TempDir Path folder) throws IOException {
        var runs = folder.resolve("runs");
        assertEquals("a-001", RunFolder.create(runs, "a", recipe(), NONE).path().getFileName().toString());
        Files.createDirectory(runs.resolve("a-007"));
        Files.createDirectory(runs.resolve("a-b-009"));
        var run = RunFolder.create(runs, "a", recipe(), NONE);
        assertEquals("a-008", run.path().getFileName().toString());
        assertEquals(recipe(), RunFolder.open(run.path()).recipe(Methods.RECIPES));
        assertTrue(Files.isDirectory(run.checkpoints().folder()));
        assertEquals(Map.of("device", "none"), Json.read(Files.readString(run.path().resolve("provenance.json"))));
        try (var files = Files.list(run.path())) {
            assertEquals(3, files.count());
        }
    }

    @Test
    void aUsedFolderIsRefused(
            @TempDir Path folder) throws IOException {
        var out = folder.resolve("deep").resolve("out");
        RunFolder.create(out, recipe(), NONE);
        var message = assertThrows(RunException.class, () -> RunFolder.create(out, recipe(), NONE)).getMessage();
        assertTrue(message.startsWith(out + ": the folder holds a run already") && message.contains("--resume"));
        var other = Files.createDirectory(folder.resolve("other"));
        RunFolder.create(other, recipe(), NONE);
        var photos = Files.createDirectory(folder.resolve("photos"));
        Files.writeString(photos.resolve("cat.png"), "");
        message = assertThrows(RunException.class, () -> RunFolder.create(photos, recipe(), NONE)).getMessage();
        assertTrue(message.contains("it holds cat.png"), message);
        assertThrows(RunException.class, () -> RunFolder.create(photos.resolve("cat.png"), recipe(), NONE));
    }

    @Test
    void resumingNeedsARunWithACheckpoint(
            @TempDir Path folder) throws IOException {
        var message = assertThrows(RunException.class, () -> RunFolder.open(folder.resolve("none"))).getMessage();
        assertTrue(message.contains("does not exist; expected the folder of a run"), message);
        assertThrows(RunException.class, () -> RunFolder.open(folder));
        var run = RunFolder.create(folder.resolve("run"), recipe(), NONE);
        message = assertThrows(RunException.class, () -> RunFolder.resume(run.path(), NONE)).getMessage();
        assertTrue(message.contains("the run has no checkpoint in checkpoints/"), message);
        run.checkpoints().save(4, file -> Files.writeString(file, "x"));
        RunFolder.resume(run.path(), NONE);
        RunFolder.resume(run.path(), NONE);
        assertTrue(Files.exists(run.path().resolve("provenance-3.json")));
    }

    @Test
    void checkpointsAreListedByStepAndPruned(
            @TempDir Path folder) throws IOException {
        var files = new CheckpointFiles(folder.resolve("checkpoints"));
        assertTrue(files.newest().isEmpty());
        for (long step : new long[]{1234, 5, 123_456_789, 99}) {
            files.save(step, file -> Files.writeString(file, "x"));
        }
        Files.writeString(files.folder().resolve("step-1.safetensors"), "not ours");
        assertEquals("step-00001234.safetensors", files.path(1234).getFileName().toString());
        assertEquals(List.of(5L, 99L, 1234L, 123_456_789L),
                files.list().stream().map(CheckpointFiles.Checkpoint::step).toList());
        assertEquals(123_456_789L, files.newest().orElseThrow().step());
        assertEquals(2, files.keepLastAndBest(2).size());
        assertEquals(2, files.list().size());
        assertTrue(files.keepLastAndBest(5).isEmpty());
        assertTrue(Files.exists(files.folder().resolve("step-1.safetensors")));
        assertThrows(IllegalArgumentException.class, () -> files.keepLastAndBest(0));
        assertThrows(IllegalArgumentException.class, () -> files.path(-1));
    }

    @Test
    void aFailedCheckpointLeavesNothing(
            @TempDir Path folder) throws IOException {
        var files = new CheckpointFiles(folder);
        files.save(1, file -> Files.writeString(file, "good"));
        assertThrows(IOException.class, () -> files.save(1, file -> AtomicFile.write(file, channel -> {
            channel.write(ByteBuffer.wrap(new byte[]{1}));
            throw new IOException("disk full");
        })));
        assertEquals("good", Files.readString(files.path(1)));
        try (var all = Files.list(folder)) {
            assertEquals(1, all.count());
        }
    }

    @Test
    void provenanceSaysWhatRan() throws IOException {
        var values = Json.read(Provenance.collect("plain", 7, List.of("train", "seed=7")).toJson());
        for (var key : List.of("version", "commit", "jdk", "os", "cpu", "cores", "jvm-flags", "started")) {
            assertTrue(values.containsKey(key), key);
        }
        assertEquals("plain", values.get("device"));
        assertEquals(7L, values.get("seed"));
        assertEquals(List.of("train", "seed=7"), values.get("command-line"));
        assertFalse(values.containsKey("nonfinite"));
        assertTrue(values.get("commit") == null || values.get("commit").toString().matches("[0-9a-f]{40,64}"));
    }
}
