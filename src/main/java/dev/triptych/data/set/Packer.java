package dev.triptych.data.set;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.SquareResize;
import dev.triptych.data.source.Entry;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.Source;
import dev.triptych.data.source.Split;
import dev.triptych.data.source.Walk;
import dev.triptych.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/// Packs one part of a source, or the pictures of it that are wanted: a walk reads them in sequence, all cores decode
/// them and bring them to squares. A wanted picture that cannot be read is replaced by the next of its [Stretches], in
/// another walk.
final class Packer {
    private final Source source;
    private final Split part;
    private final PackSettings how;
    private final PackedSet.Observer observer;
    private final Stretches stretches;
    private final PackedFormat empty;
    /// Of each place, which entry it tries; negative where none is left to try.
    private final int[] tried;
    private final int[] labels;
    private final boolean[] packed;
    private final Map<Integer, Unread> bad = new ConcurrentSkipListMap<>();
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    Packer(Source source, Split part, PackSettings how, PackedSet.Observer observer) throws IOException {
        this.source = source;
        this.part = part;
        this.how = how;
        this.observer = observer;
        int all = Math.toIntExact(source.survey(part).pictures());
        int count = how.count(all);
        stretches = new Stretches(all, count);
        empty = new PackedFormat(EntryDecoder.version(source), how.side(), count, false, new int[0], new int[0],
                source.classes(), List.of(), List.of(source.origin(), part.title()));
        tried = new int[count];
        Arrays.setAll(tried, place -> stretches.candidate(place, 0));
        labels = new int[count];
        packed = new boolean[count];
    }

    /// Bytes of the file without its table.
    long bytes() {
        return empty.offset(empty.slots());
    }

    /// Writes the packed file, which is replaced as a whole. When this fails, nothing is at work any more.
    ///
    /// @param workers threads that decode
    void into(Path file, int workers) throws IOException {
        AtomicFile.write(file, channel -> {
            int[] open = IntStream.range(0, tried.length).toArray();
            for (int round = 1; open.length > 0; round++) {
                pack(open, channel, workers);
                int next = round;
                open = Arrays.stream(open).filter(place -> !packed[place])
                        .peek(place -> tried[place] = stretches.candidate(place, next))
                        .filter(place -> tried[place] >= 0).toArray();
            }
            finish(channel);
        });
    }

    /// @param places whose entries are to be packed, ascending
    private void pack(int[] places, FileChannel channel, int workers) throws IOException {
        int most = 2 * workers; // pictures that are read and not yet written
        var ahead = new Semaphore(most);
        try (var walk = source.walk(part);
                var threads = Executors.newFixedThreadPool(workers,
                        Thread.ofPlatform().daemon().name("pack-", 0).factory())) {
            try {
                pack(places, channel, walk, threads, ahead);
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

    private void pack(int[] places, FileChannel channel, Walk walk, ExecutorService threads, Semaphore ahead)
            throws IOException, InterruptedException {
        int next = 0;
        for (int i = 0; next < places.length; i++) {
            var entry = walk.next();
            if (entry == null) {
                throw changed();
            }
            int place = places[next];
            if (tried[place] != i) {
                continue;
            }
            next++;
            labels[place] = Math.max(0, entry.label());
            ahead.acquire();
            rethrow();
            byte[] data = read(entry, walk, place);
            threads.execute(() -> {
                try {
                    write(entry, data, channel, place);
                } finally {
                    ahead.release();
                }
            });
        }
        if (stretches.whole() && walk.next() != null) {
            throw changed();
        }
    }

    private byte[] read(Entry entry, Walk walk, int place) throws IOException {
        try {
            return how.decoder().read(source, entry, walk::open);
        } catch (ImageException e) {
            leaveOut(place, source.where(entry), e);
            return null;
        }
    }

    /// On any thread.
    ///
    /// @param data null where it could not be read
    private void write(Entry entry, byte[] data, FileChannel channel, int place) {
        try {
            if (data != null && failure.get() == null) {
                byte[] bytes = new byte[empty.record()];
                SquareResize.apply(how.decoder().decode(source, entry, data), empty.side(), bytes, 0);
                PackedFormat.put(channel, ByteBuffer.wrap(bytes), empty.offset(place));
                packed[place] = true;
            }
        } catch (ImageException e) {
            leaveOut(place, source.where(entry), e);
        } catch (IOException | RuntimeException e) {
            failure.compareAndSet(null, e);
        }
        if (stretches.candidate(place, 0) == tried[place]) {
            observer.packed(tried.length);
        }
    }

    private void leaveOut(int place, String where, ImageException e) {
        bad.put(tried[place], Unread.of(where, e));
        if (how.bad().tooMany(bad.size(), tried.length)) {
            failure.compareAndSet(null, how.bad() == BadImages.STOP
                    ? e
                    : PackedSet.tooMany(source.origin(),
                            List.copyOf(bad.values()), tried.length));
        }
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
        return new ImageException(source.origin(), "its files change while they are read: they are not as many as were "
                + "counted", "Try again when nothing writes there");
    }

    private void finish(FileChannel channel) throws IOException {
        int[] slot = IntStream.range(0, packed.length).filter(place -> packed[place]).toArray();
        var skipped = List.copyOf(bad.values());
        if (slot.length == 0) {
            throw new ImageException(source.origin(), "none of its " + bad.size() + " images can be read, the first: "
                    + (skipped.isEmpty() ? "there is none" : skipped.getFirst().text()), "Check the folder");
        }
        new PackedFormat(empty.decoder(), empty.side(), empty.slots(), false, slot,
                Arrays.stream(slot).map(place -> labels[place]).toArray(), empty.classes(), skipped, empty.facts())
                .write(channel);
    }
}
