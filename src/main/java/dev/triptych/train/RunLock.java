package dev.triptych.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// The right to write to a run: one training at a time. The lock is the operating system's, on the file `.lock` of the
/// run folder, so that a training that dies in whatever way leaves none behind. The file stays.
public final class RunLock implements AutoCloseable {
    private static final String NAME = ".lock";

    /// Locks of this process. Where file locks are those of POSIX, closing any channel of a file gives up all locks
    /// that the process has on it, so a second channel must not even be opened.
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;
    private final AtomicBoolean released = new AtomicBoolean();

    private RunLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Takes the lock of a run.
    ///
    /// @throws RunException if another training holds it, in this process or another
    public static RunLock take(Path run) throws IOException {
        Path file = run.toRealPath().resolve(NAME);
        if (!HELD.add(file)) {
            throw taken(run, "process " + ProcessHandle.current().pid());
        }
        try {
            return new RunLock(file, lock(run, file));
        } catch (IOException | RuntimeException e) {
            HELD.remove(file);
            throw e;
        }
    }

    private static FileChannel lock(Path run, Path file) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw taken(run, Files.readString(file).strip());
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(("process " + ProcessHandle.current().pid() + "\n")
                    .getBytes(StandardCharsets.UTF_8)));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        return channel;
    }

    private static RunException taken(Path run, String who) {
        return new RunException(run + ": another training" + (who.isEmpty() ? "" : " (" + who + ")")
                + " writes to this run; expected none. Wait for its end or stop it, or train into another folder.");
    }

    /// Gives it back; a second time does nothing, since another may hold it by then.
    @Override
    public void close() throws IOException {
        if (released.compareAndSet(false, true)) {
            try {
                channel.close();
            } finally {
                HELD.remove(file); // only now: nobody may open the file while this channel is open
            }
        }
    }
}
