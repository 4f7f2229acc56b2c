package dev.triptych.embed;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.Planar;
import dev.triptych.data.file.SquareResize;
import dev.triptych.data.source.Entry;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.Source;
import dev.triptych.data.source.Split;
import dev.triptych.data.source.Walk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Pictures of a source in order, read a batch ahead of need: bytes one after another, as a walk has them, decoded on
/// all cores. No more than one batch is in memory. One thread.
final class PictureFeed implements AutoCloseable {
    /// A picture, or why it is none.
    ///
    /// @param split its part
    /// @param entry where it lies
    /// @param pixels planes R, G, B of a square; null where it was refused
    /// @param refusal null where it was read
    record Picture(Split split, Entry entry, byte[] pixels, ImageException refusal) {
    }

    private record Bytes(Split split, Entry entry, byte[] data, ImageException refusal) {
    }

    private final Source source;
    private final EntryDecoder decoder;
    private final int side;
    private final List<Split> parts = new ArrayList<>(List.of(Split.TRAIN));
    private Split part;
    private Walk walk;

    PictureFeed(Source source, EntryDecoder decoder, int side) {
        this.source = source;
        this.decoder = decoder;
        this.side = side;
        if (source.hasTest()) {
            parts.add(Split.TEST);
        }
    }

    /// Goes on behind so many pictures, refused ones included.
    void skip(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            if (entry() == null) {
                throw new ImageException(source.origin(), "it has " + i + " pictures, fewer than the " + count
                        + " that were embedded before", "Begin anew: remove the unfinished folder");
            }
        }
    }

    private Entry entry() throws IOException {
        while (true) {
            if (walk == null) {
                if (parts.isEmpty()) {
                    return null;
                }
                part = parts.removeFirst();
                walk = source.walk(part);
            }
            Entry entry = walk.next();
            if (entry != null) {
                return entry;
            }
            walk.close();
            walk = null;
        }
    }

    /// The next pictures, at most so many; empty behind the last.
    List<Picture> next(int most) throws IOException {
        var read = new ArrayList<Bytes>();
        while (read.size() < most) {
            Entry entry = entry();
            if (entry == null) {
                break;
            }
            try {
                read.add(new Bytes(part, entry, decoder.read(source, entry, walk::open), null));
            } catch (ImageException e) {
                read.add(new Bytes(part, entry, null, e));
            }
        }
        return IntStream.range(0, read.size()).parallel().mapToObj(i -> picture(read.get(i))).toList();
    }

    private Picture picture(Bytes bytes) {
        if (bytes.data() == null) {
            return new Picture(bytes.split(), bytes.entry(), null, bytes.refusal());
        }
        try {
            byte[] square = new byte[3 * side * side];
            SquareResize.apply(decoder.decode(source, bytes.entry(), bytes.data()), side, square, 0);
            return new Picture(bytes.split(), bytes.entry(), square, null);
        } catch (ImageException e) {
            return new Picture(bytes.split(), bytes.entry(), null, e);
        }
    }

    /// Floats in [0, 1].
    static void fill(Picture picture, float[] images, int at) {
        Planar.toFloats(picture.pixels(), 0, images, at, picture.pixels().length);
    }

    @Override
    public void close() throws IOException {
        if (walk != null) {
            walk.close();
        }
    }
}
