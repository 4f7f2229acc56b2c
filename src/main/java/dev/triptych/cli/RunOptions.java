package dev.triptych.cli;

import dev.triptych.method.InputException;
import dev.triptych.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// The options that name a finished run, and which of its checkpoints.
final class RunOptions {
    private static final String BEST = "best";

    @Option(names = "--run", paramLabel = "RUN", required = true, description = {
            "Folder of the run; its name alone where it lies in runs."})
    private Path run;

    @Option(names = "--checkpoint", paramLabel = "FILE|best", description = {
            "Its newest checkpoint by default; best is the one with the lowest mean loss of an epoch."})
    private Path checkpoint;

    /// The run.
    ///
    /// @throws InputException if its name is empty, as that of a variable of the shell which is not set
    /// @throws dev.triptych.train.RunException if the folder holds no run
    RunFolder folder() {
        if (run.toString().isEmpty()) {
            throw new InputException("--run is ''; expected the folder of a run, such as runs/NAME-001. Name one; the "
                    + "folder that you are in is '.'.");
        }
        return RunFolder.open(Runs.named(run));
    }

    /// The checkpoint.
    ///
    /// @throws InputException if there is no such file
    /// @throws dev.triptych.train.RunException if the run has none
    Path checkpoint(RunFolder folder) throws IOException {
        if (checkpoint == null) {
            return Runs.readable(folder, folder.newest());
        }
        if (checkpoint.toString().equals(BEST)) {
            var best = folder.checkpoints().best();
            return best.isEmpty() ? folder.newest() : best.get().file();
        }
        if (!Files.isRegularFile(checkpoint)) {
            throw new InputException("--checkpoint " + checkpoint + ": there is no such file; expected one from "
                    + folder.checkpoints().folder() + ", or " + BEST + ". Leave it out for the newest.");
        }
        return checkpoint;
    }
}
