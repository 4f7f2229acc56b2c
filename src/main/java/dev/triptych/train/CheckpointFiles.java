package dev.triptych.train;

import dev.triptych.io.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The checkpoints of a run: files `step-00001234.safetensors` in one folder. Other files are left alone.
public final class CheckpointFiles {
    private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})\\.safetensors");
    private static final Pattern REMAINS = Pattern.compile("\\.step-\\d{8,18}\\.safetensors\\.\\d+\\.\\d+\\.tmp");

    private final Path folder;

    /// Writes a checkpoint to the path that it is given.
    @FunctionalInterface
    public interface Writer {
        /// Writes the whole checkpoint to `file` atomically, as `Safetensors.write` does.
        void writeTo(Path file) throws IOException;
    }

    /// One checkpoint.
    ///
    /// @param step training steps done when it was written
    /// @param file where it is
    public record Checkpoint(long step, Path file) {
    }

    /// @param folder the folder of checkpoints, which need not exist yet
    public CheckpointFiles(Path folder) {
        this.folder = folder;
    }

    /// The folder.
    public Path folder() {
        return folder;
    }

    /// Where the checkpoint of a step lies or would lie.
    public Path path(long step) {
        if (step < 0) {
            throw new IllegalArgumentException("step is " + step + "; expected 0 or more. Count steps from 0.");
        }
        return folder.resolve(String.format(Locale.ROOT, "step-%08d.safetensors", step));
    }

    /// Writes the checkpoint of a step: complete under its name, or not there at all.
    ///
    /// @return the file
    public Path save(long step, Writer writer) throws IOException {
        Files.createDirectories(folder);
        var file = path(step);
        writer.writeTo(file);
        return file;
    }

    /// All checkpoints, oldest first.
    public List<Checkpoint> list() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.flatMap(CheckpointFiles::parse).sorted(Comparator.comparingLong(Checkpoint::step)).toList();
        }
    }

    private static Stream<Checkpoint> parse(Path file) {
        var name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? Stream.of(new Checkpoint(Long.parseLong(name.group(1)), file)) : Stream.empty();
    }

    /// The checkpoint with the highest step.
    public Optional<Checkpoint> newest() throws IOException {
        var all = list();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /// The checkpoint of the highest score, where weights were looked at on the way. Else that after the best stretch
    /// of training: the lowest mean of the total loss over the steps since the checkpoint before, among those of the
    /// latest stage that has one; checkpoints of interruptions do not count. Files that cannot be read never do.
    public Optional<Checkpoint> best() throws IOException {
        Checkpoint best = null;
        var window = LossWindow.begin(0);
        for (var checkpoint : list()) {
            LossWindow own;
            try {
                own = dev.triptych.train.Checkpoint.position(checkpoint.file()).window();
            } catch (IOException | FormatException | RunException e) {
                continue;
            }
            if (own.betterThan(window)) {
                best = checkpoint;
                window = own;
            }
        }
        return Optional.ofNullable(best);
    }

    /// Deletes all but the newest `count` checkpoints and the best one.
    ///
    /// @return the deleted ones
    public List<Checkpoint> keepLastAndBest(int count) throws IOException {
        if (count < 1) {
            throw new IllegalArgumentException("count is " + count + "; expected at least 1. Keep one checkpoint.");
        }
        var all = list();
        var best = best();
        var old = all.subList(0, Math.max(0, all.size() - count)).stream()
                .filter(checkpoint -> best.isEmpty() || !best.get().equals(checkpoint)).toList();
        for (var checkpoint : old) {
            Files.deleteIfExists(checkpoint.file());
        }
        return old;
    }

    /// Deletes what a training that died while saving has left. Only for who holds the run's lock.
    public void deleteRemains() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(f -> REMAINS.matcher(f.getFileName().toString()).matches()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
