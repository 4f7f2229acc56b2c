package dev.triptych.io;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/// [AtomicFile] under the races that jcstress provokes: two threads write one file.
@JCStressTest
@State
@Outcome(id = {"one",
        "other"}, expect = ACCEPTABLE, desc = "The file is what one of them wrote, and nothing is left over.")
@Outcome(expect = FORBIDDEN, desc = "A mixture, an error, or files that are left over.")
public class AtomicFileStress {
    private static final int BYTES = 64;
    private final Path folder;
    private final Path file;
    private volatile String failure;

    /// Makes a folder of its own.
    public AtomicFileStress() {
        try {
            folder = Files.createTempDirectory(Files.createDirectories(Path.of("stress-files")), "atomic");
            file = folder.resolve("file");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(int value) {
        byte[] bytes = new byte[BYTES];
        Arrays.fill(bytes, (byte) value);
        try {
            AtomicFile.write(file, channel -> {
                AtomicFile.writeFully(channel, ByteBuffer.wrap(bytes, 0, BYTES / 2));
                AtomicFile.writeFully(channel, ByteBuffer.wrap(bytes, BYTES / 2, BYTES / 2));
            });
        } catch (IOException | RuntimeException e) {
            failure = e.toString();
        }
    }

    /// Writes ones.
    @Actor
    public void one() {
        write(1);
    }

    /// Writes twos.
    @Actor
    public void other() {
        write(2);
    }

    /// Reads.
    @Arbiter
    public void end(L_Result r) {
        try {
            byte[] found = Files.readAllBytes(file);
            boolean whole = found.length == BYTES;
            for (byte b : found) {
                whole &= b == found[0];
            }
            Files.delete(file);
            Files.delete(folder); // nothing else is in it
            r.r1 = failure != null ? failure : !whole ? "a mixture" : found[0] == 1 ? "one" : "other";
        } catch (IOException e) {
            r.r1 = e.toString();
        }
    }
}
