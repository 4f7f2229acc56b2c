package dev.triptych.data.archive;

import dev.triptych.data.file.Refusal;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// A ZIP archive, also of more than 4 GiB or 65,535 files (zip64), stored or deflated. Gone through by its central
/// directory, a record at a time; `java.util.zip.ZipFile` and Commons Compress keep all of it in memory and say nothing
/// of links or of files that share bytes. Inflating is Java's.
///
/// Encryption, other methods, several volumes, links, files that overlap, names that leave the archive or are given
/// twice are refused; a file whose length or check sum is wrong is refused when it is read.
public final class ZipArchive implements Archive {
    private static final int CENTRAL = 0x02014B50;
    private static final int LOCAL = 0x04034B50;
    private static final int END = 0x06054B50;
    private static final int END_64 = 0x06064B50;
    private static final int LOCATOR_64 = 0x07064B50;
    private static final int CENTRAL_LENGTH = 46;
    private static final int LOCAL_LENGTH = 30;
    private static final int END_LENGTH = 22;
    private static final int END_64_LENGTH = 56;
    private static final int LOCATOR_LENGTH = 20;
    private static final int LONGEST_COMMENT = 0xFFFF;
    private static final int BUFFER = 1 << 16;
    private static final int UNIX = 3;
    private static final int LINK = 0xA;
    private static final Charset OLD_NAMES = Charset.forName("IBM437");

    private final Path file;

    /// An archive that is there.
    public ZipArchive(Path file) {
        this.file = file;
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public boolean reopens() {
        return true;
    }

    /// Where the central directory lies, and how many records it has.
    private record Directory(long at, long bytes, long records) {
    }

    /// A record of the central directory.
    ///
    /// @param header where the file's own header lies
    private record Entry(byte[] rawName, String name, boolean encrypted, int compression, int crc, long packed,
            long unpacked,
            long header, boolean link, int length) {
    }

    private Directory directory(FileChannel channel, long size) throws IOException {
        int tail = (int) Math.min(size, END_LENGTH + LONGEST_COMMENT);
        var bytes = read(channel, size - tail, tail);
        for (int at = tail - END_LENGTH; at >= 0; at--) {
            if (bytes.getInt(at) == END && at + END_LENGTH + unsigned(bytes.getShort(at + 20)) == tail) {
                return directory(channel, bytes.position(at), size - tail + at);
            }
        }
        throw Guard.damaged(file, "it has no end record of a ZIP file: a part is missing", null);
    }

    /// @param end stands on the end record, which lies at `endAt`
    private Directory directory(FileChannel channel, ByteBuffer end, long endAt) throws IOException {
        int at = end.position();
        int disk = unsigned(end.getShort(at + 4));
        int firstDisk = unsigned(end.getShort(at + 6));
        long records = unsigned(end.getShort(at + 10));
        long length = Integer.toUnsignedLong(end.getInt(at + 12));
        long begin = Integer.toUnsignedLong(end.getInt(at + 16));
        long directoryEnd = endAt;
        if (endAt >= LOCATOR_LENGTH + END_64_LENGTH) {
            var locator = read(channel, endAt - LOCATOR_LENGTH, LOCATOR_LENGTH);
            if (locator.getInt(0) == LOCATOR_64) {
                directoryEnd = locator.getLong(8);
                if (directoryEnd < 0 || directoryEnd > endAt - LOCATOR_LENGTH - END_64_LENGTH) {
                    throw Guard.damaged(file, "its zip64 end record should lie at " + directoryEnd, null);
                }
                var wide = read(channel, directoryEnd, END_64_LENGTH);
                if (wide.getInt(0) != END_64) {
                    throw Guard.damaged(file, "it has no zip64 end record at " + directoryEnd, null);
                }
                disk = wide.getInt(16);
                firstDisk = wide.getInt(20);
                records = wide.getLong(32);
                length = wide.getLong(40);
                begin = wide.getLong(48);
            }
        }
        if (disk != 0 || firstDisk != 0) {
            throw Guard.damaged(file, "it is volume " + disk + " of several, expected one file", null);
        }
        if (begin < 0 || length < 0 || records < 0 || begin > directoryEnd || length != directoryEnd - begin
                || records > length / CENTRAL_LENGTH) {
            throw Guard.damaged(file, "its directory of " + records + " files should lie at " + begin + " to "
                    + (begin + length) + ", and ends at " + directoryEnd, null);
        }
        return new Directory(begin, length, records);
    }

    private ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw Guard.damaged(file, "it ends inside the record at byte " + at, null);
            }
        }
        return bytes.flip();
    }

    private static int unsigned(short value) {
        return Short.toUnsignedInt(value);
    }

    /// Reads one record; null where the stream has not one at its place.
    private Entry entry(InputStream in) throws IOException {
        var fixed = ByteBuffer.wrap(exactly(in, CENTRAL_LENGTH)).order(ByteOrder.LITTLE_ENDIAN);
        if (fixed.getInt(0) != CENTRAL) {
            throw Guard.damaged(file, "its directory is broken", null);
        }
        int nameLength = unsigned(fixed.getShort(28));
        int extraLength = unsigned(fixed.getShort(30));
        int comment = unsigned(fixed.getShort(32));
        byte[] name = exactly(in, nameLength);
        var extra = ByteBuffer.wrap(exactly(in, extraLength)).order(ByteOrder.LITTLE_ENDIAN);
        exactly(in, comment);
        long[] wide = {Integer.toUnsignedLong(fixed.getInt(24)), Integer.toUnsignedLong(fixed.getInt(20)),
                Integer.toUnsignedLong(fixed.getInt(42))}; // unpacked, packed, place: in the order of zip64
        widen(extra, wide);
        int flags = fixed.getShort(8);
        boolean unix = unsigned(fixed.getShort(4)) >> 8 == UNIX;
        return new Entry(name, text(name, (flags & 1 << 11) != 0), (flags & 1) != 0, unsigned(fixed.getShort(10)),
                fixed.getInt(16), wide[1], wide[0], wide[2], unix && fixed.getInt(38) >>> 28 == LINK,
                CENTRAL_LENGTH + nameLength + extraLength + comment);
    }

    /// Takes from the extra field what does not fit into 32 bits.
    private void widen(ByteBuffer extra, long[] wide) {
        try {
            while (extra.remaining() >= 4) {
                int id = unsigned(extra.getShort());
                int length = unsigned(extra.getShort());
                if (length > extra.remaining()) {
                    return; // padding of other tools
                }
                var field = extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
                extra.position(extra.position() + length);
                for (int k = 0; id == 1 && k < wide.length; k++) {
                    wide[k] = wide[k] == 0xFFFFFFFFL ? field.getLong() : wide[k];
                }
            }
        } catch (BufferUnderflowException e) {
            throw Guard.damaged(file, "a zip64 field in its directory is too short", e);
        }
    }

    private static String text(byte[] name, boolean utf8) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
        } catch (CharacterCodingException e) {
            return new String(name, utf8 ? StandardCharsets.UTF_8 : OLD_NAMES);
        }
    }

    private byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw Guard.damaged(file, "its directory ends in the middle of a record", null);
        }
        return bytes;
    }

    @Override
    public Members members(boolean checked) throws IOException {
        return new Walk(new Guard(this, checked));
    }

    private final class Walk implements Members {
        private final Guard guard;
        private final Directory directory;
        private final InputStream records;
        private long seen;
        private long at;
        private long held;
        private Member current;

        Walk(Guard guard) throws IOException {
            this.guard = guard;
            try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
                directory = directory(channel, guard.length());
            }
            at = directory.at;
            records = new BufferedInputStream(Stretch.of(file, directory.at, directory.bytes), BUFFER);
        }

        @Override
        public Member next() throws IOException {
            current = null;
            while (current == null && seen < directory.records) {
                long place = at;
                var entry = entry(records);
                seen++;
                at += entry.length;
                current = require(entry, place);
            }
            if (current == null && at != directory.at + directory.bytes) {
                throw guard.damaged("its directory has more than the " + directory.records + " files that it promises",
                        null);
            }
            return current;
        }

        /// @return null for a folder
        private Member require(Entry entry, long place) throws IOException {
            if (entry.link) {
                throw guard.link(entry.name, "");
            }
            if (entry.name.endsWith("/")) {
                guard.name(entry.name);
                return null;
            }
            if (entry.encrypted) {
                throw guard.refused(Refusal.UNSUPPORTED, "'" + Guard.printable(entry.name) + "' in it is encrypted",
                        "Pack it again without a password");
            }
            if (entry.compression != 0 && entry.compression != 8) {
                throw guard.refused(Refusal.UNSUPPORTED, "'" + Guard.printable(entry.name)
                        + "' in it is compressed by method " + entry.compression
                        + ", expected 0 (stored) or 8 (deflated)",
                        "Pack it again with zip");
            }
            // files that share bytes would together be longer than what lies before the directory
            long own = LOCAL_LENGTH + entry.rawName.length + entry.packed;
            held += own;
            if (entry.packed < 0 || entry.unpacked < 0 || entry.header < 0 || entry.header > directory.at
                    || own > directory.at - entry.header || held > directory.at) {
                throw guard.damaged("'" + Guard.printable(entry.name) + "' in it, of " + entry.packed
                        + " bytes at " + entry.header + ", overlaps other files or the directory", null);
            }
            if (entry.compression == 0 && entry.packed != entry.unpacked) {
                throw guard.damaged("'" + Guard.printable(entry.name) + "' in it is stored in " + entry.packed
                        + " bytes and should have " + entry.unpacked, null);
            }
            return guard.admit(entry.name, entry.unpacked, place);
        }

        @Override
        public byte[] head(int length) throws IOException {
            try (var in = open()) {
                return in.readNBytes(length);
            }
        }

        @Override
        public InputStream open() throws IOException {
            return ZipArchive.this.open(current);
        }

        @Override
        public void close() throws IOException {
            records.close();
        }
    }

    @Override
    public InputStream open(Member member) throws IOException {
        Entry entry;
        try (var at = new BufferedInputStream(Stretch.of(file, member.place(), Long.MAX_VALUE >> 1))) {
            entry = entry(at);
        } catch (EOFException e) {
            throw Guard.damaged(file, "its directory ends in the middle of a record", e);
        }
        long data;
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var local = read(channel, entry.header, LOCAL_LENGTH);
            int nameLength = unsigned(local.getShort(26));
            byte[] name = read(channel, entry.header + LOCAL_LENGTH, nameLength).array();
            if (local.getInt(0) != LOCAL || !Arrays.equals(name, entry.rawName)) {
                throw Guard.damaged(file, "'" + member.name() + "' does not lie where its directory has it", null);
            }
            data = entry.header + LOCAL_LENGTH + nameLength + unsigned(local.getShort(28));
        }
        var packed = Stretch.of(file, data, entry.packed);
        return new CheckedContent(entry.compression == 0 ? packed : inflating(packed), entry.unpacked, entry.crc);
    }

    private static InputStream inflating(InputStream packed) {
        var inflater = new Inflater(true);
        return new InflaterInputStream(packed, inflater, 1 << 13) {
            @Override
            public void close() throws IOException {
                super.close();
                inflater.end();
            }
        };
    }
}
