package dev.triptych.data.set;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.Source;
import dev.triptych.data.source.Split;
import dev.triptych.io.AtomicFile;
import dev.triptych.io.Sha256;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/// An image set in one file or several, memory-mapped: images were decoded and brought to one size once, on all cores.
/// Images are scaled so that their short side fits and then cut to the centre square. Each file is there whole or not
/// at all: packing that was interrupted goes on with the first that is missing.
public final class PackedSet implements ImageSet {
    /// Of all files; slots are counted through.
    private final PackedFormat format;
    private final List<MemorySegment> data;
    /// Slots of each file, but for the last.
    private final int each;

    private PackedSet(PackedFormat format, List<MemorySegment> data, int each) {
        this.format = format;
        this.data = data;
        this.each = each;
    }

    /// Sees images being packed, on any thread.
    @FunctionalInterface
    public interface Observer {
        /// One more of `all` is packed, or left out.
        void packed(long all);

        /// Packing begins.
        ///
        /// @param file that is written, the first of them where there are several
        /// @param pictures to be packed
        /// @param bytes of the file, about
        default void begins(Path file, long pictures, long bytes) {
        }

        /// A source was opened, one part of which is asked for.
        default void opened(Source source, Split part) throws IOException {
        }

        /// A packed set is packed anew, since another version of the decoder made it.
        ///
        /// @param version that made it; 0 where it does not say
        default void outdated(int version) {
        }
    }

    /// Opens the packed form of a part of a source, after packing it where it is not there yet. The file's name is a
    /// hash of the source's place, its files with sizes and times, the side, and how many are wanted: a changed source
    /// is packed anew, an unchanged one never twice unless the decoder is another one. Where all of a part is packed, a
    /// lower number is taken from there.
    ///
    /// @return as many as are wanted; fewer where there are fewer that can be read
    /// @throws ImageException where more images than are allowed cannot be read, or none can; where the disk is full
    public static ImageSet open(Source source, Split part, PackSettings how, Observer observer) throws IOException {
        int all = Math.toIntExact(source.survey(part).pictures());
        int count = how.count(all);
        int version = EntryDecoder.version(source);
        if (count < all) {
            var whole = files(source, part, how, all);
            if (missing(whole, version, _ -> {
            }).isEmpty()) {
                return allowed(source, how, new Chosen(open(whole, how.each(all)), new Stretches(all, count)), count);
            }
        }
        var files = files(source, part, how, count);
        int each = how.each(count);
        var missing = missing(files, version, observer);
        if (!missing.isEmpty()) {
            long pictures = Math.min(count, (long) each * missing.size());
            long bytes = PackedFormat.HEADER * missing.size() + pictures * how.record();
            how.cache().require(bytes, "packing " + pictures + " images of " + how.side() + " px");
            observer.begins(files.getFirst(), pictures, bytes);
            new Packer(source, part, how, observer).into(files, each, missing,
                    Runtime.getRuntime().availableProcessors());
        }
        var set = allowed(source, how, open(files, each), count);
        if (set.size() == 0) {
            throw new ImageException(source.origin(), "none of its " + count + " images can be read, the first: "
                    + set.skipped().getFirst().text(), "Check the folder");
        }
        return set;
    }

    private static List<Path> files(Source source, Split part, PackSettings how, int count) throws IOException {
        String key = key(source, part, how, count);
        int files = Math.max(1, Math.ceilDiv(count, how.each(count)));
        return IntStream.range(0, files).mapToObj(k -> how.cache().folder().resolve(files == 1
                ? key + ".pack"
                : "%s-%05d-of-%05d.pack".formatted(key, k, files))).toList();
    }

    /// Files that are not there, or were made by another version of the decoder.
    private static Set<Path> missing(List<Path> files, int version, Observer observer) throws IOException {
        var missing = new HashSet<Path>();
        boolean told = false;
        for (Path file : files) {
            int made = Files.exists(file) ? open(file).format.decoder() : -1;
            if (made != version) {
                missing.add(file);
                if (made >= 0 && !told) {
                    told = true;
                    observer.outdated(made);
                }
            }
        }
        return missing;
    }

    /// A set that was packed under other rules, if it may be used under these.
    private static ImageSet allowed(Source source, PackSettings how, ImageSet set, int count) {
        if (how.bad().tooMany(set.skipped().size(), count)) {
            throw tooMany(source.origin(), set.skipped(), count);
        }
        return set;
    }

    /// The error of a part too much of which cannot be read.
    static ImageException tooMany(String origin, List<Unread> skipped, int of) {
        return new ImageException(origin, skipped.size() + " of " + of + " pictures cannot be read"
                + (skipped.size() < of ? " so far" : "") + ", the first: " + skipped.getFirst().text(),
                "`triptych images " + origin + "` lists them all. If they are to be left out: data.skip-bad=true");
    }

    /// Opens a packed file.
    ///
    /// @throws dev.triptych.io.FormatException where it is damaged or of another version
    public static PackedSet open(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var format = PackedFormat.read(file, channel);
            return new PackedSet(format,
                    List.of(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto())),
                    Math.max(1, format.slots()));
        }
    }

    /// Opens files that follow each other.
    private static PackedSet open(List<Path> files, int each) throws IOException {
        if (files.size() == 1) {
            return open(files.getFirst());
        }
        var sets = new ArrayList<PackedSet>();
        for (Path file : files) {
            sets.add(open(file));
        }
        var slot = IntStream.builder();
        var label = IntStream.builder();
        for (int k = 0; k < sets.size(); k++) {
            int first = k * each;
            var format = sets.get(k).format;
            Arrays.stream(format.slot()).forEach(s -> slot.add(first + s));
            Arrays.stream(format.label()).forEach(label::add);
        }
        var first = sets.getFirst().format;
        return new PackedSet(new PackedFormat(first.decoder(), first.side(), 0, false, slot.build().toArray(),
                label.build().toArray(), first.classes(),
                sets.stream().flatMap(set -> set.format.skipped().stream()).toList(), first.facts()),
                sets.stream().map(set -> set.data.getFirst()).toList(), each);
    }

    /// Packs a set that is square already, with its masks.
    public static void pack(ImageSet set, Path file) throws IOException {
        int n = set.size();
        int plane = set.side() * set.side();
        var format = new PackedFormat(0, set.side(), n, set.hasMasks(), IntStream.range(0, n).toArray(),
                IntStream.range(0, n).map(set::label).toArray(), set.classes(), set.skipped(),
                List.of("generated scenes", ""));
        AtomicFile.write(file, channel -> {
            inParallel(n, i -> {
                byte[] bytes = new byte[format.record()];
                set.pixels(i, bytes, 0);
                if (set.hasMasks()) {
                    set.mask(i, bytes, 3 * plane);
                }
                PackedFormat.put(channel, ByteBuffer.wrap(bytes), format.offset(i));
            });
            format.write(channel);
        });
    }

    private interface Work {
        void at(int i) throws IOException;
    }

    /// On all cores. After a failure nothing more is begun, and it comes out when nothing is at work any more: a
    /// `forEach` that fails would go on behind the caller's back, with a file that is closed.
    private static void inParallel(int n, Work work) throws IOException {
        var failure = new AtomicReference<Exception>();
        IntStream.range(0, n).parallel().forEach(i -> {
            if (failure.get() == null) {
                try {
                    work.at(i);
                } catch (IOException | RuntimeException e) {
                    failure.compareAndSet(null, e);
                }
            }
        });
        switch (failure.get()) {
            case null -> {
            }
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Exception e -> throw new IllegalStateException(e);
        }
    }

    /// What pictures of a part are known by, once they are decoded.
    static String key(Source source, Split part, PackSettings how, int count) throws IOException {
        String text = PackedFormat.VERSION + "\n" + source.origin() + "\n" + part + "\n" + how.side() + "\n" + count
                + "\n" + how.decoder().settings() + "\n" + source.classes() + "\n" + source.fingerprint(part);
        byte[] hash = Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, 16);
    }

    /// Place and part of what was packed here, for people.
    public List<String> facts() {
        return format.facts();
    }

    /// Some of a packed part: the same as would be packed if only so many were wanted.
    private static final class Chosen extends ImageSets.Subset {
        private final List<Unread> skipped;

        Chosen(PackedSet all, Stretches stretches) {
            this(all, stretches, new ArrayList<>());
        }

        private Chosen(PackedSet all, Stretches stretches, List<Unread> skipped) {
            super(all, choose(all.format, stretches, skipped));
            this.skipped = List.copyOf(skipped);
        }

        /// @param skipped takes the reasons of what was tried
        private static int[] choose(PackedFormat all, Stretches stretches, List<Unread> skipped) {
            var chosen = IntStream.builder();
            for (int place = 0; place < stretches.count(); place++) {
                int failed = 0;
                int entry = stretches.candidate(place, 0);
                int at = Arrays.binarySearch(all.slot(), entry);
                while (entry >= 0 && at < 0) {
                    skipped.add(all.skipped().get(entry - (-at - 1))); // those before it that are there
                    entry = stretches.candidate(place, ++failed);
                    at = Arrays.binarySearch(all.slot(), entry);
                }
                if (entry >= 0) {
                    chosen.add(at);
                }
            }
            return chosen.build().toArray();
        }

        @Override
        public List<Unread> skipped() {
            return skipped;
        }
    }

    @Override
    public int size() {
        return format.slot().length;
    }

    @Override
    public int side() {
        return format.side();
    }

    @Override
    public List<String> classes() {
        return format.classes();
    }

    @Override
    public int label(int i) {
        return format.label()[i];
    }

    @Override
    public void pixels(int i, byte[] rgbPlanar, int at) {
        copy(i, 0, 3 * side() * side(), rgbPlanar, at);
    }

    @Override
    public boolean hasMasks() {
        return format.masks();
    }

    @Override
    public void mask(int i, byte[] mask, int at) {
        if (!hasMasks()) {
            throw new UnsupportedOperationException("this image set has no object masks: use generated scenes");
        }
        int plane = side() * side();
        copy(i, 3 * plane, plane, mask, at);
    }

    @Override
    public List<Unread> skipped() {
        return format.skipped();
    }

    private void copy(int i, int from, int length, byte[] out, int at) {
        int slot = format.slot()[i];
        MemorySegment.copy(data.get(slot / each), ValueLayout.JAVA_BYTE, format.offset(slot % each) + from, out, at,
                length);
    }
}
