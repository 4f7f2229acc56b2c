package dev.triptych.data.set;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.SquareResize;
import dev.triptych.data.source.Entry;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.Source;
import dev.triptych.data.source.Split;
import dev.triptych.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/// Packs one part of a source: one walk reads its pictures in sequence, all cores decode them and bring them to
/// squares.
final class Packer {
    private final Source source;
    private final Split part;
    private final EntryDecoder decoder;
    private final boolean skipBad;
    private final PackedSet.Observer observer;
    private final PackedFormat empty;
    private final int[] labels;
    private final ImageException[] bad;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    /// @param skipBad leave out pictures that cannot be read
    Packer(Source source, Split part, int side, EntryDecoder decoder, boolean skipBad, PackedSet.Observer observer)
            throws IOException {
        this.source = source;
        this.part = part;
        this.decoder = decoder;
        this.skipBad = skipBad;
        this.observer = observer;
        int all = Math.toIntExact(source.survey(part).pictures());
        empty = new PackedFormat(EntryDecoder.version(source), side, all, false, new int[0], new int[0],
                source.classes(), List.of());
        labels = new int[all];
        bad = new ImageException[all];
    }

    /// Writes the packed file, which is replaced as a whole. When this fails, nothing is at work any more.
    ///
    /// @param workers threads that decode
    void into(Path file, int workers) throws IOException {
        AtomicFile.write(file, channel -> {
            pack(channel, workers);
            finish(channel);
        });
    }

    private void pack(FileChannel channel, int workers) throws IOException {
        int most = 2 * workers; // pictures that are read and not yet written
        var ahead = new Semaphore(most);
        try (var walk = source.walk(part);
                var threads = Executors.newFixedThreadPool(workers,
                        Thread.ofPlatform().daemon().name("pack-", 0).factory())) {
            try {
                int i = 0;
                for (var entry = walk.next(); entry != null; entry = walk.next(), i++) {
                    if (i == labels.length) {
                        throw changed();
                    }
                    labels[i] = Math.max(0, entry.label());
                    ahead.acquire();
                    rethrow();
                    int at = i;
                    var picture = entry;
                    byte[] data = read(picture, walk::open, at);
                    threads.execute(() -> {
                        try {
                            write(picture, data, channel, at);
                        } finally {
                            ahead.release();
                        }
                    });
                }
                if (i < labels.length) {
                    throw changed();
                }
                ahead.acquire(most);
                rethrow();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while packing " + source.origin(), e);
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private byte[] read(Entry entry, EntryDecoder.Opening opening, int at) throws IOException {
        try {
            return decoder.read(source, entry, opening);
        } catch (ImageException e) {
            leaveOut(e, at);
            return null;
        }
    }

    /// On any thread.
    ///
    /// @param data null where it could not be read
    private void write(Entry entry, byte[] data, FileChannel channel, int at) {
        try {
            if (data != null && failure.get() == null) {
                byte[] bytes = new byte[empty.record()];
                SquareResize.apply(decoder.decode(source, entry, data), empty.side(), bytes, 0);
                PackedFormat.put(channel, ByteBuffer.wrap(bytes), empty.offset(at));
            }
        } catch (ImageException e) {
            bad[at] = e;
            failure.compareAndSet(null, skipBad ? null : e);
        } catch (IOException | RuntimeException e) {
            failure.compareAndSet(null, e);
        }
        observer.packed(labels.length);
    }

    private void leaveOut(ImageException e, int at) {
        if (!skipBad) {
            throw e;
        }
        bad[at] = e;
    }

    private void rethrow() throws IOException {
        switch (failure.get()) {
            case null -> {
            }
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Exception e -> throw new IllegalStateException(e);
        }
    }

    private ImageException changed() {
        return new ImageException(source.origin(), "its files change while they are read: " + labels.length
                + " pictures were counted", "Try again when nothing writes there");
    }

    private void finish(FileChannel channel) throws IOException {
        int[] slot = IntStream.range(0, bad.length).filter(i -> bad[i] == null).toArray();
        var skipped = Arrays.stream(bad).filter(Objects::nonNull).map(ImageException::getMessage).toList();
        if (slot.length == 0) {
            throw new ImageException(source.origin(), "none of its " + bad.length + " images can be read, the first: "
                    + (skipped.isEmpty() ? "there is none" : skipped.getFirst()), "Check the folder");
        }
        new PackedFormat(empty.decoder(), empty.side(), bad.length, false, slot,
                Arrays.stream(slot).map(i -> labels[i]).toArray(), empty.classes(), skipped).write(channel);
    }
}
