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
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
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
    /// By number of the entry.
    private final NavigableMap<Integer, Unread> bad = new ConcurrentSkipListMap<>();
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

    /// A walk that knows where it stands.
    private final class Cursor implements AutoCloseable {
        private final Walk walk;
        private int at = -1;
        private Entry entry;

        Cursor() throws IOException {
            walk = source.walk(part);
        }

        /// Goes on to an entry.
        Entry to(int number) throws IOException {
            for (; at < number; at++) {
                entry = walk.next();
                if (entry == null) {
                    throw changed();
                }
            }
            return entry;
        }

        @Override
        public void close() throws IOException {
            walk.close();
        }
    }

    /// Writes the packed file, which is replaced as a whole. When this fails, nothing is at work any more.
    ///
    /// @param workers threads that decode
    void into(Path file, int workers) throws IOException {
        into(List.of(file), tried.length, Set.of(file), workers);
    }

    /// Writes the missing ones of several files, each as a whole; those that are written stay, whatever happens to the
    /// ones behind them.
    ///
    /// @param files of `each` places one after the other, the last one of what is left
    void into(List<Path> files, int each, Set<Path> missing, int workers) throws IOException {
        try (var first = new Cursor()) {
            for (int k = 0; k < files.size(); k++) {
                int from = k * each;
                int end = (int) Math.min(tried.length, (long) from + each);
                if (missing.contains(files.get(k))) {
                    AtomicFile.write(files.get(k), channel -> {
                        pack(from, end, first, channel, workers);
                        finish(from, end, files.size() == 1, channel);
                    });
                }
            }
            if (stretches.whole() && first.at == tried.length - 1 && first.walk.next() != null) {
                throw changed();
            }
        }
    }

    /// The places of one file: their first entries in the walk that goes through all, those tried instead of bad ones
    /// in others.
    private void pack(int from, int end, Cursor first, FileChannel channel, int workers) throws IOException {
        int[] open = IntStream.range(from, end).toArray();
        pack(open, from, first, channel, workers);
        for (int round = 1; open.length > 0; round++) {
            int next = round;
            open = Arrays.stream(open).filter(place -> !packed[place])
                    .peek(place -> tried[place] = stretches.candidate(place, next))
                    .filter(place -> tried[place] >= 0).toArray();
            if (open.length > 0) {
                try (var other = new Cursor()) {
                    pack(open, from, other, channel, workers);
                }
            }
        }
    }

    /// @param places whose entries are to be packed, ascending
    /// @param first place of the file
    private void pack(int[] places, int first, Cursor cursor, FileChannel channel, int workers) throws IOException {
        int most = 2 * workers; // pictures that are read and not yet written
        var ahead = new Semaphore(most);
        try (var threads = Executors.newFixedThreadPool(workers,
                Thread.ofPlatform().daemon().name("pack-", 0).factory())) {
            try {
                for (int place : places) {
                    var entry = cursor.to(tried[place]);
                    labels[place] = Math.max(0, entry.label());
                    ahead.acquire();
                    rethrow();
                    byte[] data = read(entry, cursor.walk, place);
                    threads.execute(() -> {
                        try {
                            write(entry, data, channel, first, place);
                        } finally {
                            ahead.release();
                        }
                    });
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
    /// @param first place of the file
    private void write(Entry entry, byte[] data, FileChannel channel, int first, int place) {
        try {
            if (data != null && failure.get() == null) {
                byte[] bytes = new byte[empty.record()];
                SquareResize.apply(how.decoder().decode(source, entry, data), empty.side(), bytes, 0);
                PackedFormat.put(channel, ByteBuffer.wrap(bytes), empty.offset(place - first));
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

    /// @param alone whether there is no other file
    private void finish(int from, int end, boolean alone, FileChannel channel) throws IOException {
        int[] places = IntStream.range(from, end).filter(place -> packed[place]).toArray();
        var skipped = List.copyOf(bad.subMap(stretches.from(from), stretches.from(end)).values());
        if (places.length == 0 && alone) {
            throw new ImageException(source.origin(), "none of its " + bad.size() + " images can be read, the first: "
                    + (skipped.isEmpty() ? "there is none" : skipped.getFirst().text()), "Check the folder");
        }
        new PackedFormat(empty.decoder(), empty.side(), end - from, false,
                Arrays.stream(places).map(place -> place - from).toArray(),
                Arrays.stream(places).map(place -> labels[place]).toArray(), empty.classes(), skipped, empty.facts())
                .write(channel);
    }
}
