package dev.triptych.cli;

import dev.triptych.device.Device;
import dev.triptych.io.FormatException;
import dev.triptych.io.Json;
import dev.triptych.method.Judge;
import dev.triptych.method.Judging;
import dev.triptych.method.Registry;
import dev.triptych.method.Verdict;
import dev.triptych.method.Workplace;
import dev.triptych.recipe.RecipeException;
import dev.triptych.report.RunReport;
import dev.triptych.train.Checkpoint;
import dev.triptych.train.EventFile;
import dev.triptych.train.RunException;
import dev.triptych.train.RunFolder;
import dev.triptych.train.TrainedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;

/// What commands tell of finished runs.
final class Runs {
    private Runs() {
    }

    /// The folder of a run: what was given, or, where that is a name alone and no run, the run of that name in `runs`.
    static Path named(Path given) {
        return named(given, Path.of("runs"));
    }

    /// The same with another folder of all runs.
    static Path named(Path given, Path runs) {
        Path kept = runs.resolve(given);
        return given.getNameCount() == 1 && !RunFolder.isRun(given) && RunFolder.isRun(kept) ? kept : given;
    }

    /// The newest checkpoint of a run, which can be read.
    ///
    /// @throws RunException if it is damaged: names the way on, where there is one
    static Path readable(RunFolder run, Path newest) throws IOException {
        try {
            Checkpoint.position(newest);
            return newest;
        } catch (FormatException | RunException e) {
            for (var older : run.checkpoints().list().reversed()) {
                if (!older.file().equals(newest) && whole(older.file())) {
                    throw new RunException(e.getMessage() + " The one before it is whole: --checkpoint " + older.file()
                            + " takes it; or remove " + newest.getFileName() + ", and --resume goes on at step "
                            + older.step() + ".");
                }
            }
            throw e;
        }
    }

    private static boolean whole(Path checkpoint) throws IOException {
        try {
            Checkpoint.position(checkpoint);
            return true;
        } catch (FormatException | RunException e) {
            return false;
        }
    }

    /// What a run is judged with.
    record Setting(Terminal terminal, Registry methods, Device device) {
    }

    /// Says where an evaluation goes, once its images are known.
    @FunctionalInterface
    interface Destination {
        /// The folder, which need not exist yet.
        Path folder(Workplace place) throws IOException;
    }

    /// Judges a run, prints the verdict, and writes its figures as `NAME.json` and its pictures into a folder.
    static void judge(Judge judge, TrainedRun run, Judging how, Destination destination, String name, Setting in)
            throws IOException {
        Verdict verdict;
        Path folder;
        try (var place = new CommandPlace(in.terminal, in.methods, in.device)) {
            verdict = judge.judge(run, how, place);
            folder = destination.folder(place);
        }
        tell(verdict, folder, name, in.terminal);
        if (folder.toRealPath().equals(run.folder().toRealPath())) {
            events(verdict, folder, run.step());
        }
        page(run.run(), in.methods, in.terminal);
    }

    /// TensorBoard shows the sheets of a run beside its curves.
    private static void events(Verdict verdict, Path folder, long step) throws IOException {
        var pngs = new LinkedHashMap<String, byte[]>();
        for (var picture : verdict.pictures()) {
            if (picture.drawing() != null) {
                pngs.put("eval/" + picture.file().replaceFirst("\\.png$", ""),
                        Files.readAllBytes(folder.resolve(picture.file())));
            }
        }
        if (!pngs.isEmpty()) {
            try (var events = EventFile.begin(folder, 0)) {
                events.pictures(step, pngs);
            }
        }
    }

    private static void tell(Verdict verdict, Path folder, String name, Terminal terminal) throws IOException {
        terminal.print("");
        terminal.print(verdict.text(terminal.columns()));
        terminal.print("");
        Path json = Files.createDirectories(folder).resolve(name + ".json");
        verdict.report().write(json);
        terminal.result(Json.read(Files.readString(json)));
        terminal.print("Report: " + json);
        for (var picture : verdict.pictures()) {
            Path file = folder.resolve(picture.file());
            if (picture.drawing() != null) {
                picture.drawing().write(file).ifPresent(terminal::remark);
                terminal.print("Sheet:  " + file);
            } else if (Files.deleteIfExists(file)) {
                terminal.remark("Deleted: " + file + ", of an older evaluation, because " + picture.absence());
            }
        }
    }

    /// Writes the page of a run anew; a page that cannot be written is a remark, for what it shows is in the folder.
    static void page(RunFolder run, Registry methods, Terminal terminal) {
        try {
            terminal.print("Page:   " + RunReport.write(run, methods));
        } catch (IOException | RunException | RecipeException e) {
            terminal.remark("The page report.html was not written: " + e.getMessage());
        }
    }
}
