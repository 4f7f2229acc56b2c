package dev.triptych.io.vectors;

import dev.triptych.io.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// Runs all cases of a folder in the precisions given.
public final class VectorRun {
    private VectorRun() {
    }

    /// One report per case and precision, in the order of the files.
    ///
    /// @param progress gets each report as soon as it is known
    /// @param precisions what runs a case in each precision
    /// @throws FormatException if the folder holds no case; a case that cannot be read is a failed report
    @SafeVarargs
    public static List<VectorReport> run(Path folder, Consumer<VectorReport> progress,
            Function<VectorCase, VectorReport>... precisions) throws IOException {
        var reports = new ArrayList<VectorReport>();
        for (Path file : VectorCase.find(folder)) {
            try {
                VectorCase data = VectorCase.open(file);
                for (Function<VectorCase, VectorReport> precision : precisions) {
                    reports.add(precision.apply(data));
                    progress.accept(reports.getLast());
                }
            } catch (FormatException e) {
                reports.add(VectorReport.failed(file, "?", "-", e.getMessage()));
                progress.accept(reports.getLast());
            }
        }
        return reports;
    }
}
