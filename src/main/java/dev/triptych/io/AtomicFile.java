package dev.triptych.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;

/// Replaces a file as a whole or not at all: temporary file in the same folder, fsync, atomic rename, fsync of the
/// folder. After a crash the old or the new content is there, never a part.
public final class AtomicFile {
    /// Writes the content through the channel of the temporary file.
    @FunctionalInterface
    public interface Content {
        /// Writes everything; whatever it throws leaves the old file as it was.
        void writeTo(FileChannel channel) throws IOException;
    }

    private static final Unfinished UNFINISHED = new Unfinished();

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(UNFINISHED::clear, "unfinished files"));
        } catch (IllegalStateException e) {
            // the program is ending already: what it still writes, it finishes
        }
    }

    private AtomicFile() {
    }

    /// Files that are being written are removed when the program is asked to end (Ctrl-C), but not before this work is
    /// done: what ends in order finishes its files itself.
    public static void removeOnlyAfter(CountDownLatch done) {
        UNFINISHED.await(done);
    }

    /// Files that are being written.
    static int unfinished() {
        return UNFINISHED.count();
    }

    /// Creates the folder where it is missing, then writes `file`.
    ///
    /// @throws FileSystemException naming the file and the reason, such as a full disk; the old content stays
    public static void write(Path file, Content content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is a folder's root, expected the path of a file");
        }
        Files.createDirectories(folder);
        Path temporary;
        do { // another thread may write the same file, and ask within the same tick of the clock
            temporary = folder.resolve(
                    "." + file.getFileName() + "." + ProcessHandle.current().pid() + "." + System.nanoTime() + ".tmp");
        } while (!UNFINISHED.add(temporary)); // Ctrl-C leaves no part of it either
        try {
            try (var channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                    StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw notWritten(file, e);
        } finally {
            Files.deleteIfExists(temporary);
            UNFINISHED.remove(temporary);
        }
        syncFolder(folder);
    }

    /// An error that names the file that could not be written, for errors that do not.
    public static FileSystemException notWritten(Path file, IOException cause) {
        var e = new FileSystemException(file.toString(), null, "it cannot be written (" + cause.getMessage() + ")");
        e.initCause(cause);
        return e;
    }

    /// Writes these bytes.
    public static void write(Path file, byte[] bytes) throws IOException {
        write(file, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
    }

    /// Writes until the buffer is empty.
    public static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /// Makes the rename durable. Windows cannot open a folder and needs no such call.
    private static void syncFolder(Path folder) throws IOException {
        if (System.getProperty("os.name").startsWith("Windows")) {
            return;
        }
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
