package dev.triptych.data.archive;

import dev.hardwood.InputFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file as Hardwood reads it, without mapping it into memory: one that shrinks meanwhile gives an error, and
/// no signal that ends Java.
final class RangeFile implements InputFile {
    private final Path file;
    private FileChannel channel;

    RangeFile(Path file) {
        this.file = file;
    }

    @Override
    public void open() throws IOException {
        if (channel == null) {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        }
    }

    @Override
    public ByteBuffer readRange(long offset, int length) throws IOException {
        if (length < 1) { // which Hardwood asks for, over and over, where a page goes on behind its column
            throw new EOFException(length + " bytes at " + offset + " are asked for: a page goes on behind its column");
        }
        if (offset < 0 || length > channel.size() - offset) {
            throw new EOFException(length + " bytes at " + offset + " are asked for, and the file has "
                    + channel.size());
        }
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException("the file ends at " + (offset + bytes.position()));
            }
        }
        return bytes.flip();
    }

    @Override
    public long length() throws IOException {
        return channel.size();
    }

    @Override
    public String name() {
        return file.getFileName().toString();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
