package dev.triptych.train;

import dev.triptych.io.AtomicFile;
import dev.triptych.recipe.LoadedRecipe;
import dev.triptych.recipe.Recipe;
import dev.triptych.recipe.RecipeBook;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The folder of a run: `recipe.yaml`, `provenance.json`, `examples.safetensors` (what it learns from, example by
/// example), `metrics.jsonl`, `checkpoints/`. A folder is a run if it has
/// a `recipe.yaml`; this file is therefore written last of what a start writes.
public final class RunFolder {
    /// Folder of evaluations that are not the run's own: of other images, of fewer, of an older checkpoint.
    public static final String EVALUATIONS = "evaluations";

    private static final String RECIPE = "recipe.yaml";
    private static final String EXAMPLES = "examples.safetensors";

    private final Path path;

    private RunFolder(Path path) {
        this.path = path;
    }

    /// Makes `runs/NAME-001`, or the next free number.
    public static RunFolder create(Path runs, String name, Recipe recipe, Provenance provenance) throws IOException {
        Files.createDirectories(runs);
        int number = 1;
        try (var folders = Files.list(runs)) {
            number += folders.mapToInt(folder -> numberOf(folder.getFileName().toString(), name)).max().orElse(0);
        }
        while (true) {
            var path = runs.resolve(String.format(Locale.ROOT, "%s-%03d", name, number));
            try {
                Files.createDirectory(path);
            } catch (FileAlreadyExistsException e) {
                number++;
                continue;
            }
            return start(path, recipe, provenance);
        }
    }

    private static int numberOf(String folder, String name) {
        var number = folder.startsWith(name + "-") ? folder.substring(name.length() + 1) : "";
        return number.matches("\\d{3,8}") ? Integer.parseInt(number) : 0;
    }

    /// Checks that a run can be made in a folder: it is new or empty.
    ///
    /// @throws RunException if something is there already
    public static void requireNew(Path path) throws IOException {
        if (isRun(path)) {
            throw new RunException(path + ": the folder holds a run already; expected a new or empty folder. "
                    + "Give another --out, or continue the run with --resume " + path + ".");
        }
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new RunException(path + ": this is a file; expected a new or empty folder. Give another --out.");
        }
        if (Files.isDirectory(path)) {
            try (var files = Files.list(path)) {
                var first = files.findFirst();
                if (first.isPresent()) {
                    throw new RunException(path + ": the folder is not empty (it holds "
                            + first.get().getFileName() + "); expected a new or empty folder. Give another --out.");
                }
            }
        }
    }

    /// Makes a run in a folder that the user names: a new one, or an empty one.
    ///
    /// @throws RunException if something is there already
    public static RunFolder create(Path path, Recipe recipe, Provenance provenance) throws IOException {
        requireNew(path);
        Files.createDirectories(path);
        return start(path, recipe, provenance);
    }

    private static RunFolder start(Path path, Recipe recipe, Provenance provenance) throws IOException {
        var run = new RunFolder(path);
        try {
            Files.createDirectory(path.resolve("checkpoints")); // of two that begin at once, one comes first
        } catch (FileAlreadyExistsException e) {
            throw new RunException(path + ": another run begins in this folder; expected a new or empty one. "
                    + "Give another --out.");
        }
        run.write("provenance.json", provenance.toJson());
        run.write(RECIPE, recipe.toYaml());
        return run;
    }

    /// Opens a run that exists, to read from it.
    ///
    /// @throws RunException if the folder holds no run
    public static RunFolder open(Path path) {
        if (!isRun(path)) {
            throw new RunException(path + ": the folder " + (Files.isDirectory(path)
                    ? "has no " + RECIPE
                    : "does not exist") + "; expected the folder of a run. Check the path; runs are kept under runs/.");
        }
        return new RunFolder(path);
    }

    /// Opens a run to continue it: its provenance is kept, the new one is written beside it (`provenance-2.json`, ...).
    ///
    /// @throws RunException if the folder holds no run, or no checkpoint to continue from
    public static RunFolder resume(Path path, Provenance provenance) throws IOException {
        var run = open(path);
        if (run.checkpoints().newest().isEmpty()) {
            throw new RunException(path + ": the run has no checkpoint in " + run.checkpoints().folder().getFileName()
                    + "/; expected at least one to continue from. Start a new run.");
        }
        int number = 2;
        while (Files.exists(path.resolve("provenance-" + number + ".json"))) {
            number++;
        }
        run.write("provenance-" + number + ".json", provenance.toJson());
        return run;
    }

    /// True if the folder holds a run.
    public static boolean isRun(Path path) {
        return Files.isRegularFile(path.resolve(RECIPE));
    }

    private void write(String name, String text) throws IOException {
        AtomicFile.write(path.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    /// The folder itself.
    public Path path() {
        return path;
    }

    /// The resolved recipe, read back.
    ///
    /// @throws dev.triptych.recipe.RecipeException if the file was damaged
    public Recipe recipe(RecipeBook book) {
        return recipe(book, List.of()).recipe();
    }

    /// The same with overrides.
    public LoadedRecipe recipe(RecipeBook book, List<String> overrides) {
        return book.load(path.resolve(RECIPE), overrides);
    }

    /// The checkpoints.
    public CheckpointFiles checkpoints() {
        return new CheckpointFiles(path.resolve("checkpoints"));
    }

    /// The newest checkpoint.
    ///
    /// @throws RunException if there is none
    public Path newest() throws IOException {
        return checkpoints().newest().orElseThrow(() -> new RunException(path + ": the run has no checkpoint in "
                + checkpoints().folder() + "; expected at least one. Train it first, or choose another run.")).file();
    }

    /// Where the fingerprint of what the run learns from lies.
    public Path examples() {
        return path.resolve(EXAMPLES);
    }

    /// `metrics.jsonl`, for [MetricsLog].
    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }
}
