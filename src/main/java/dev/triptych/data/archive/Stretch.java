package dev.triptych.data.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Some bytes of a file, with a handle of its own on it. An end of the file before theirs is an error.
final class Stretch extends InputStream {
    private final FileChannel channel;
    private long left;

    private Stretch(FileChannel channel, long left) {
        this.channel = channel;
        this.left = left;
    }

    static Stretch of(Path file, long place, long bytes) throws IOException {
        return new Stretch(FileChannel.open(file, StandardOpenOption.READ).position(place), bytes);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int at, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int n = channel.read(ByteBuffer.wrap(to, at, (int) Math.min(length, left)));
        if (n < 0) {
            throw new EOFException("the file ends " + left + " bytes early");
        }
        left -= n;
        return n;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
