package dev.triptych.data.archive;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.Refusal;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// A tar archive, ustar, pax or GNU, by Apache Commons Compress, plain or compressed by gzip. A plain one is opened at
/// any place; a compressed one is read in sequence, one file in memory at a time.
///
/// Links, devices, sparse files, names that leave the archive or are given twice, and an end that is missing are
/// refused.
public final class TarArchive implements Archive {
    private static final int BUFFER = 1 << 16;
    private static final int BLOCK = 512;

    private final Path file;
    private final boolean packed;

    /// @param packed whether gzip compressed it
    public TarArchive(Path file, boolean packed) {
        this.file = file;
        this.packed = packed;
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public boolean reopens() {
        return !packed;
    }

    @Override
    public Members members(boolean checked) throws IOException {
        return new Walk(new Guard(this, checked));
    }

    @Override
    public InputStream open(Member member) throws IOException {
        if (packed) {
            throw new UnsupportedOperationException(file + " is compressed: it is read in sequence alone");
        }
        return Stretch.of(file, member.place(), member.bytes());
    }

    /// Knows whether the block of zeros that ends an archive was seen.
    private static final class Records extends TarArchiveInputStream {
        private boolean ended;

        Records(InputStream in) {
            super(in, "ISO-8859-1"); // a character a byte: with UTF-8 the library makes '?' of what is none
        }

        @Override
        protected boolean isEOFRecord(byte[] record) {
            boolean end = super.isEOFRecord(record);
            ended |= end && record != null;
            return end;
        }
    }

    /// The name of an entry: of pax headers as it is, else UTF-8 where its bytes are, else Latin-1. Different bytes
    /// never become one name.
    private static String name(TarArchiveEntry entry) {
        String name = entry.getName();
        if (name.chars().allMatch(c -> c < 0x80) || name.chars().anyMatch(c -> c > 0xFF)) {
            return name;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(name.getBytes(StandardCharsets.ISO_8859_1))).toString();
        } catch (CharacterCodingException e) {
            return name;
        }
    }

    /// Stops where a compressed archive unpacks to more than it may.
    private static final class Unpacked extends FilterInputStream {
        private final Guard guard;

        Unpacked(InputStream in, Guard guard) {
            super(in);
            this.guard = guard;
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            guard.unpack(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] to, int at, int length) throws IOException {
            int n = super.read(to, at, length);
            guard.unpack(Math.max(0, n));
            return n;
        }

        @Override
        public long skip(long n) throws IOException {
            long skipped = super.skip(n);
            guard.unpack(skipped);
            return skipped;
        }
    }

    private final class Walk implements Members {
        private final Guard guard;
        private final Records records;
        private Member current;
        /// Of a compressed archive's file, once it was opened.
        private byte[] content;

        Walk(Guard guard) throws IOException {
            this.guard = guard;
            var in = Files.newInputStream(file);
            try {
                records = new Records(packed
                        ? new Unpacked(new GZIPInputStream(in, BUFFER), new Guard(TarArchive.this, false))
                        : new BufferedInputStream(in, BUFFER));
            } catch (IOException e) {
                in.close();
                throw guard.damaged("it is no gzip file (" + Guard.reason(e) + ")", e);
            }
        }

        @Override
        public Member next() throws IOException {
            content = null;
            current = null;
            while (current == null) {
                var entry = nextEntry();
                if (entry == null) {
                    if (!records.ended) {
                        throw guard.damaged("it ends without the blocks of zeros that end a tar archive: a part is "
                                + "missing", null);
                    }
                    return null;
                }
                if (entry.isDirectory()) {
                    guard.name(name(entry));
                } else {
                    requireFile(entry);
                    long place = records.getBytesRead();
                    long bytes = entry.getSize();
                    if (!packed && (bytes < 0 || bytes > guard.length() - place)) {
                        throw guard.damaged("'" + Guard.printable(name(entry)) + "' in it should have " + bytes
                                + " bytes, and " + Math.max(0, guard.length() - place) + " are left", null);
                    }
                    current = guard.admit(name(entry), bytes, place);
                }
            }
            return current;
        }

        private TarArchiveEntry nextEntry() {
            try {
                return records.getNextEntry();
            } catch (ImageException e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                throw guard.damaged("its entries cannot be read (" + Guard.reason(e) + ")", e);
            } catch (OutOfMemoryError e) {
                throw guard.damaged("the header of an entry needs more memory than there is", e);
            }
        }

        private void requireFile(TarArchiveEntry entry) {
            if (entry.isSymbolicLink() || entry.isLink()) {
                throw guard.link(name(entry), entry.getLinkName());
            }
            boolean special = entry.isFIFO() || entry.isBlockDevice() || entry.isCharacterDevice();
            byte flag = entry.getLinkFlag();
            boolean plain = flag == TarConstants.LF_NORMAL || flag == TarConstants.LF_OLDNORM
                    || flag == TarConstants.LF_CONTIG;
            if (special || entry.isSparse() || !plain) {
                throw guard.refused(Refusal.NOT_A_FILE, "it holds '" + Guard.printable(name(entry)) + "', which is "
                        + (special ? "a pipe or a device" : entry.isSparse() ? "a sparse file" : "of the kind " + flag)
                        + ", expected plain files", "Pack it again from the pictures alone");
            }
        }

        @Override
        public byte[] head(int length) throws IOException {
            if (packed) {
                return Arrays.copyOf(content(), (int) Math.min(length, current.bytes()));
            }
            try {
                return records.readNBytes((int) Math.min(length, current.bytes()));
            } catch (IOException e) {
                throw unreadable(e);
            }
        }

        @Override
        public InputStream open() throws IOException {
            return packed ? new ByteArrayInputStream(content()) : TarArchive.this.open(current);
        }

        private byte[] content() {
            if (content == null) {
                content = read();
            }
            return content;
        }

        private ImageException unreadable(Throwable e) {
            return guard.damaged("'" + current.name() + "' in it cannot be read (" + Guard.reason(e) + ")", e);
        }

        private byte[] read() {
            try {
                int most = Integer.MAX_VALUE - BLOCK;
                if (current.bytes() > most) {
                    throw new IOException("it has " + current.bytes() + " bytes, at most " + most + " fit in memory");
                }
                byte[] read = records.readNBytes((int) current.bytes());
                if (read.length != current.bytes()) {
                    throw new IOException(read.length + " bytes where " + current.bytes() + " are promised");
                }
                return read;
            } catch (ImageException e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                throw unreadable(e);
            } catch (OutOfMemoryError e) {
                throw new ImageException(Refusal.TOO_LITTLE_MEMORY, file, "'" + current.name() + "' in it has "
                        + current.bytes() + " bytes, more than this Java's memory",
                        "Give it more memory (TRIPTYCH_HEAP=4g), or unpack the gzip compression", e);
            }
        }

        @Override
        public void close() throws IOException {
            records.close();
        }
    }
}
