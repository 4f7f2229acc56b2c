package dev.triptych.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The safetensors format: 8 bytes little-endian header length N, a JSON header of N bytes, then the tensors without a
/// gap. Read strictly, written atomically; the same entries always give the same bytes.
public final class Safetensors {
    /// Largest header that is read or written, as in the format's own library.
    static final long MAX_HEADER = 100_000_000;
    private static final int CHUNK = 1 << 20;

    private Safetensors() {
    }

    /// Opens a file: reads and checks the header, maps the data.
    ///
    /// @throws FormatException where the file breaks a rule of the format
    /// @throws IOException where it cannot be read
    public static SafetensorsFile read(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < 8) {
                throw new FormatException(file, "offset 0", "the file has " + size
                        + " bytes, a safetensors file at least 10", "It is truncated or of another format");
            }
            var prefix = readAt(channel, file, 0, 8);
            long length = prefix.getLong();
            if (length < 2 || length > MAX_HEADER || length > size - 8) {
                throw new FormatException(file, "offset 0", "the header length is " + Long.toUnsignedString(length)
                        + ", expected 2 to " + Math.min(MAX_HEADER, size - 8)
                        + " in a file of " + size + " bytes", "It is truncated or not a safetensors file");
            }
            var header = SafetensorsHeader.parse(file, readAt(channel, file, 8, (int) length), size - 8 - length);
            var data = channel.map(FileChannel.MapMode.READ_ONLY, 8 + length, size - 8 - length, Arena.ofAuto());
            return new SafetensorsFile(file, header, data);
        }
    }

    private static ByteBuffer readAt(FileChannel channel, Path file, long position, int length) throws IOException {
        var buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new FormatException(file, "offset " + (position + buffer.position()),
                        "the file ends inside the header", "It shrank while it was read: write it again");
            }
        }
        return buffer.flip();
    }

    /// Writes the tensors to a temporary file and renames it to `file`.
    ///
    /// Tensors are stored with the widest numbers first, then as given, and the header is padded with spaces to a
    /// multiple of 8, so that every tensor has its natural alignment.
    ///
    /// @throws IllegalArgumentException for a name given twice or reserved
    public static void write(Path file, Map<String, String> metadata, List<TensorEntry> tensors) throws IOException {
        var ordered = new ArrayList<>(tensors);
        ordered.sort(Comparator.comparingInt(entry -> -entry.dtype().bytes()));
        byte[] header = header(metadata, ordered.stream().map(entry -> new Described(entry.name(), entry.dtype(),
                Arrays.stream(entry.shape()).asLongStream().toArray(), entry.byteSize())).toList());
        AtomicFile.write(file, channel -> {
            writeHeader(channel, header);
            var buffer = ByteBuffer.allocateDirect(CHUNK);
            var segment = MemorySegment.ofBuffer(buffer);
            for (var given : ordered) {
                var entry = given.loaded();
                int bytes = entry.dtype().bytes();
                for (int from = 0; from < entry.count(); from += CHUNK / bytes) {
                    int n = Math.min(CHUNK / bytes, entry.count() - from);
                    entry.copyTo(segment, from, n);
                    AtomicFile.writeFully(channel, buffer.clear().limit(n * bytes));
                }
            }
        });
    }

    /// A tensor whose data come from elsewhere, and may be longer than any array.
    ///
    /// @param shape outermost first
    /// @param data writes all of it, little-endian
    public record Streamed(String name, Dtype dtype, long[] shape, AtomicFile.Content data) {
        private long bytes() {
            return Arrays.stream(shape).reduce(dtype.bytes(), Math::multiplyExact);
        }
    }

    /// Writes tensors whose data are streamed, as [#write] does: the widest numbers first, atomically.
    ///
    /// @throws IllegalArgumentException for a name given twice or reserved
    public static void stream(Path file, List<Streamed> tensors) throws IOException {
        var ordered = new ArrayList<>(tensors);
        ordered.sort(Comparator.comparingInt(entry -> -entry.dtype().bytes()));
        byte[] header = header(Map.of(), ordered.stream()
                .map(t -> new Described(t.name(), t.dtype(), t.shape(), t.bytes())).toList());
        AtomicFile.write(file, channel -> {
            writeHeader(channel, header);
            for (var tensor : ordered) {
                tensor.data().writeTo(channel);
            }
        });
    }

    private static void writeHeader(FileChannel channel, byte[] header) throws IOException {
        AtomicFile.writeFully(channel, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length)
                .flip());
        AtomicFile.writeFully(channel, ByteBuffer.wrap(header));
    }

    /// What the header says of a tensor, less its place.
    private record Described(String name, Dtype dtype, long[] shape, long bytes) {
    }

    private static byte[] header(Map<String, String> metadata, List<Described> tensors) throws IOException {
        var out = new ByteArrayOutputStream();
        var names = new HashSet<String>();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(SafetensorsHeader.METADATA);
                for (var pair : new TreeMap<>(metadata).entrySet()) {
                    json.writeStringField(pair.getKey(), pair.getValue());
                }
                json.writeEndObject();
            }
            long begin = 0;
            for (var entry : tensors) {
                if (!names.add(entry.name()) || entry.name().equals(SafetensorsHeader.METADATA)) {
                    throw new IllegalArgumentException("tensor name '" + entry.name()
                            + "' is given twice or reserved: names must be unique and not "
                            + SafetensorsHeader.METADATA);
                }
                long end = begin + entry.bytes();
                json.writeObjectFieldStart(entry.name());
                json.writeStringField("dtype", entry.dtype().name());
                json.writeFieldName("shape");
                json.writeArray(entry.shape(), 0, entry.shape().length);
                json.writeFieldName("data_offsets");
                json.writeArray(new long[]{begin, end}, 0, 2);
                json.writeEndObject();
                begin = end;
            }
            json.writeEndObject();
        }
        while (out.size() % 8 != 0) {
            out.write(' ');
        }
        if (out.size() > MAX_HEADER) {
            throw new IllegalArgumentException("a safetensors header of " + out.size() + " bytes exceeds "
                    + MAX_HEADER + ": write fewer tensors to one file");
        }
        return out.toByteArray();
    }
}
