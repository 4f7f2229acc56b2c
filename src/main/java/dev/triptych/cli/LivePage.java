package dev.triptych.cli;

import dev.triptych.method.Registry;
import dev.triptych.recipe.RecipeException;
import dev.triptych.report.RunReport;
import dev.triptych.train.Progress;
import dev.triptych.train.ProgressListener;
import dev.triptych.train.RunException;
import dev.triptych.train.RunFolder;
import java.io.IOException;

/// Progress, and the page of the run beside it: written when training begins and anew at each checkpoint, and loading
/// itself again until it is done.
///
/// @param progress shows lines
record LivePage(Progress progress, RunFolder run, Registry methods) implements ProgressListener {
    @Override
    public void begin(String stage, long step, long steps) {
        write(true);
        progress.begin(stage, step, steps);
    }

    @Override
    public void update(Progress.Status status) {
        progress.update(status);
    }

    @Override
    public void saved() {
        write(true);
    }

    @Override
    public void message(String text) {
        progress.message(text);
    }

    /// The training broke off: nothing more is to come.
    void broken() {
        write(false);
    }

    /// A page that cannot be written ends no training.
    private void write(boolean live) {
        try {
            if (live) {
                RunReport.writeLive(run, methods);
            } else {
                RunReport.write(run, methods);
            }
        } catch (IOException | RunException | RecipeException e) {
            progress.message("The page report.html was not written: " + e.getMessage());
        }
    }
}
