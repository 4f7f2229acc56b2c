package dev.triptych.train;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/// [RunLock] within one process, under the races that jcstress provokes. (`ResumeTest` has two processes.)
public final class RunLockStress {
    private RunLockStress() {
    }

    private static Path run() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("stress-files")), "run");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The lock, or null where another has it.
    private static RunLock take(Path run) {
        try {
            return RunLock.take(run);
        } catch (RunException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void release(RunLock lock) {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path run) {
        try {
            Files.deleteIfExists(run.resolve(".lock"));
            Files.delete(run);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Two take the lock of one run, and keep it.
    @JCStressTest
    @State
    @Outcome(id = {"true, false, true", "false, true, true"}, expect = ACCEPTABLE, desc = "One has it.")
    @Outcome(expect = FORBIDDEN, desc = "Both or none, or it cannot be taken again.")
    public static class TwoTakers {
        private final Path run = run();
        private RunLock one;
        private RunLock other;

        @Actor
        public void one(ZZZ_Result r) {
            one = take(run);
            r.r1 = one != null;
        }

        @Actor
        public void other(ZZZ_Result r) {
            other = take(run);
            r.r2 = other != null;
        }

        @Arbiter
        public void end(ZZZ_Result r) {
            release(one);
            release(other);
            RunLock again = take(run);
            r.r3 = again != null;
            release(again);
            delete(run);
        }
    }

    /// One gives the lock back, twice, while another asks for it: who has it keeps it.
    @JCStressTest
    @State
    @Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "One has it in the end: the other, or who asks last.")
    @Outcome(expect = FORBIDDEN, desc = "Two have it, or nobody can.")
    public static class Releasing {
        private final Path run = run();
        private final RunLock held = take(run);
        private RunLock other;

        @Actor
        public void one() {
            release(held);
            release(held);
        }

        @Actor
        public void other(II_Result r) {
            other = take(run);
            r.r1 = other == null ? 0 : 1;
        }

        @Arbiter
        public void end(II_Result r) {
            RunLock last = take(run);
            r.r2 = last == null ? 0 : 1;
            release(last);
            release(other);
            delete(run);
        }
    }
}
