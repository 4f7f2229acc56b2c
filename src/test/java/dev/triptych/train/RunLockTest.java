package dev.triptych.train;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
    @TempDir
    private Path run;

    /// A lock that is closed once more, as a `try` may do, is another's by then.
    @Test
    void whoGivesItBackTwiceTakesNothingFromTheNext() throws IOException {
        var first = RunLock.take(run);
        first.close();
        try (var _ = RunLock.take(run)) {
            first.close();
            assertTrue(assertThrows(RunException.class, () -> RunLock.take(run)).getMessage()
                    .contains("another training (process " + ProcessHandle.current().pid() + ") writes to this run"));
        }
        RunLock.take(run).close();
    }
}
