package dev.triptych.data.set;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.Refusal;
import dev.triptych.data.file.RgbImage;
import dev.triptych.data.file.SquareResize;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.Source;
import dev.triptych.data.source.Split;
import dev.triptych.io.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;

/// An image set that keeps nothing but a list: each picture is read and decoded whenever it is used, and crops are cut
/// from the whole of it. The list is in memory, as bytes. Images are those that would be packed, in that order.
///
/// Where bad pictures are to be left out, those that are wanted are decoded once to know them; which they are is kept
/// in the cache.
final class UnpackedSet implements ImageSet {
    private final Source source;
    private final EntryDecoder decoder;
    private final int side;
    private final EntryList entries;
    /// Number in the list of each image.
    private final int[] kept;
    private final List<Unread> skipped;

    private UnpackedSet(Source source, PackSettings how, EntryList entries, Stretches stretches,
            Map<Integer, Unread> bad) {
        this.source = source;
        this.decoder = how.decoder();
        this.side = how.side();
        this.entries = entries;
        kept = IntStream.range(0, stretches.count()).map(place -> {
            int entry = stretches.candidate(place, 0);
            for (int failed = 1; bad.containsKey(entry); failed++) {
                entry = stretches.candidate(place, failed);
            }
            return entry;
        }).filter(entry -> entry >= 0).toArray();
        skipped = List.copyOf(bad.values());
    }

    /// Lists one part of a source, which must not be closed.
    ///
    /// @throws ImageException where the source is read in sequence alone; where more images than are allowed cannot be
    ///         read, or none can
    static UnpackedSet open(Source source, Split part, PackSettings how, PackedSet.Observer observer)
            throws IOException {
        if (!source.reopens()) {
            throw new ImageException(source.origin(), "it is " + source.kind()
                    + ", which is read in sequence alone, and data.pack=none reads pictures in any order",
                    "Leave out data.pack, so that it is packed; or unpack it yourself (gunzip)");
        }
        var entries = new EntryList();
        try (var walk = source.walk(part)) {
            for (var entry = walk.next(); entry != null; entry = walk.next()) {
                entries.add(entry);
            }
        }
        int count = how.count(entries.size());
        var stretches = new Stretches(entries.size(), count);
        var bad = how.bad() == BadImages.STOP
                ? Map.<Integer, Unread>of()
                : bad(source, part, how, entries, stretches, observer);
        if (how.bad().tooMany(bad.size(), count)) {
            throw PackedSet.tooMany(source.origin(), List.copyOf(bad.values()), count);
        }
        var set = new UnpackedSet(source, how, entries, stretches, bad);
        if (set.size() == 0) {
            throw new ImageException(source.origin(), "none of its " + count + " images can be read"
                    + (bad.isEmpty() ? "" : ", the first: " + set.skipped.getFirst().text()), "Check the folder");
        }
        return set;
    }

    /// Those of the wanted pictures that cannot be read, by their numbers.
    private static Map<Integer, Unread> bad(Source source, Split part, PackSettings how, EntryList entries,
            Stretches stretches, PackedSet.Observer observer) throws IOException {
        // What one version of the decoder cannot read another may, and the other way round.
        Path file = how.cache().folder().resolve(PackedSet.key(source, part, how, stretches.count()) + "-decoder-"
                + EntryDecoder.version(source) + ".bad");
        if (!Files.exists(file)) {
            var found = new ConcurrentSkipListMap<Integer, Unread>();
            IntStream.range(0, stretches.count()).parallel().forEach(place -> {
                boolean failed = true;
                for (int n = 0; failed && stretches.candidate(place, n) >= 0; n++) {
                    int entry = stretches.candidate(place, n);
                    failed = fails(source, how.decoder(), entries, entry, found);
                }
                observer.packed(stretches.count());
            });
            var text = new StringBuilder();
            found.forEach((entry, unread) -> text.append(entry).append('\t').append(word(unread.where())).append('\t')
                    .append(unread.kind()).append('\t').append(word(unread.reason())).append('\n'));
            AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
        }
        var bad = new ConcurrentSkipListMap<Integer, Unread>();
        try {
            for (String line : Files.readAllLines(file)) {
                String[] words = line.split("\t", -1);
                bad.put(Integer.parseInt(words[0]), new Unread(words[1], words[2], words[3]));
            }
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new ImageException(Refusal.UNUSABLE_SET, file, "it is no list of bad pictures",
                    "Delete it: it is made again", e);
        }
        return bad;
    }

    private static String word(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    private static boolean fails(Source source, EntryDecoder decoder, EntryList entries, int i,
            Map<Integer, Unread> found) {
        try {
            decode(source, decoder, entries, i);
            return false;
        } catch (ImageException e) {
            found.put(i, Unread.of(source.where(entries.get(i)), e));
            return true;
        }
    }

    private static RgbImage decode(Source source, EntryDecoder decoder, EntryList entries, int i) {
        var entry = entries.get(i);
        try {
            return decoder.decode(source, entry, decoder.read(source, entry, () -> source.open(entry)));
        } catch (IOException e) {
            throw new ImageException(Refusal.UNREADABLE, source.where(entry), "it cannot be read (" + e + ")",
                    "Remove or replace it", e);
        }
    }

    @Override
    public int size() {
        return kept.length;
    }

    @Override
    public int side() {
        return side;
    }

    @Override
    public List<String> classes() {
        return source.classes();
    }

    @Override
    public int label(int i) {
        return Math.max(0, entries.label(kept[i]));
    }

    @Override
    public RgbImage original(int i) {
        return decode(source, decoder, entries, kept[i]);
    }

    @Override
    public void pixels(int i, byte[] rgbPlanar, int at) {
        SquareResize.apply(original(i), side, rgbPlanar, at);
    }

    @Override
    public boolean hasMasks() {
        return false;
    }

    @Override
    public void mask(int i, byte[] mask, int at) {
        throw new UnsupportedOperationException("this image set has no object masks: use generated scenes");
    }

    @Override
    public List<Unread> skipped() {
        return skipped;
    }
}
