package dev.triptych.data.set;

import dev.triptych.data.source.Entry;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Entries of a source as bytes: 33 and those of its name for each, where objects would take 150.
final class EntryList {
    private static final int CHUNK = 1 << 20;

    private byte[][] chunks = new byte[4][];
    /// Chunk and place within, as one number.
    private long[] places = new long[1 << 10];
    private int size;
    private int chunk = -1;
    private int used = CHUNK;

    void add(Entry entry) {
        byte[] bytes = written(entry);
        if (used + bytes.length > CHUNK) {
            chunks = ++chunk == chunks.length ? Arrays.copyOf(chunks, 2 * chunk) : chunks;
            chunks[chunk] = new byte[Math.max(CHUNK, bytes.length)];
            used = 0;
        }
        places = size == places.length ? Arrays.copyOf(places, 2 * size) : places;
        places[size++] = (long) chunk * CHUNK + used;
        System.arraycopy(bytes, 0, chunks[chunk], used, bytes.length);
        used += bytes.length;
    }

    private static byte[] written(Entry entry) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
            out.writeInt(name.length);
            out.write(name);
            out.writeInt(entry.label());
            out.writeLong(entry.bytes());
            out.writeLong(entry.place());
            out.writeBoolean(entry.samples() != null);
            if (entry.samples() != null) {
                out.writeInt(entry.samples().width());
                out.writeInt(entry.samples().height());
                out.writeInt(entry.samples().channels());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    int size() {
        return size;
    }

    Entry get(int i) {
        var in = ByteBuffer.wrap(chunks[(int) (places[i] / CHUNK)]).position((int) (places[i] % CHUNK));
        byte[] name = new byte[in.getInt()];
        in.get(name);
        int label = in.getInt();
        long bytes = in.getLong();
        long place = in.getLong();
        var samples = in.get() == 0 ? null : new Entry.Samples(in.getInt(), in.getInt(), in.getInt());
        return new Entry(new String(name, StandardCharsets.UTF_8), label, bytes, place, samples);
    }

    /// The label alone.
    int label(int i) {
        var in = ByteBuffer.wrap(chunks[(int) (places[i] / CHUNK)]);
        int at = (int) (places[i] % CHUNK);
        return in.getInt(at + 4 + in.getInt(at));
    }
}
