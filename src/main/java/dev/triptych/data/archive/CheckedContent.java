package dev.triptych.data.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/// A file of a ZIP archive, whose length and check sum are compared at its end.
final class CheckedContent extends FilterInputStream {
    private final CRC32 sum = new CRC32();
    private final int expected;
    private long left;

    CheckedContent(InputStream in, long length, int crc) {
        super(in);
        left = length;
        expected = crc;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int at, int length) throws IOException {
        int n = super.read(to, at, length);
        if (n < 0) {
            if (left != 0 || (int) sum.getValue() != expected) {
                throw new IOException(left != 0
                        ? "it is " + left + " bytes shorter than the archive has it"
                        : "its check sum is " + Integer.toHexString((int) sum.getValue()) + ", expected "
                                + Integer.toHexString(expected));
            }
            return n;
        }
        left -= n;
        if (left < 0) {
            throw new IOException("it is longer than the archive has it");
        }
        sum.update(to, at, n);
        return n;
    }

    @Override
    public long skip(long n) throws IOException {
        return Math.max(0, read(new byte[(int) Math.min(n, 1 << 13)])); // what is skipped is summed, too
    }
}
