package dev.triptych.data.source;

import dev.triptych.data.archive.Archive;
import dev.triptych.data.archive.Member;
import dev.triptych.data.archive.Members;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.LeftOut;
import dev.triptych.recipe.DataSection.Labels;
import dev.triptych.recipe.DataSection.Parts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Pictures in ZIP or tar archives, one or many (shards), with classes by folders, by the files beside them
/// (WebDataset), or without. Pictures come in the order of the archives' names and of each archive itself.
public final class ArchiveSource implements Source {
    /// Pictures of one sample.
    private static final int MOST_IN_SAMPLE = 1000;

    private final PictureFiles files;
    /// Those to learn from, then those to judge with: the number of an archive here is its shard.
    private final List<Archive> all;
    private final List<Archive> train;
    private final List<Archive> test;
    private final ArchiveLayout layout;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final ArchiveListing listing;
    private ArchiveListing testListing;

    /// Goes through the archives of the training part once.
    ///
    /// @throws ImageException where they are not as they should be
    ArchiveSource(PictureFiles files, SourceOptions options) throws IOException {
        this.files = files;
        train = files.archives(Split.TRAIN);
        test = files.archives(Split.TEST);
        all = Stream.concat(train.stream(), test.stream()).toList();
        listing = ArchiveListing.of(train);
        if (listing.folders().isEmpty()) {
            throw new ImageException(files.place(), "it holds no pictures"
                    + (listing.leftOut(false).isEmpty() ? "" : ", but " + LeftOut.text(listing.leftOut(false))),
                    "Give archives of image files");
        }
        boolean parts = test.isEmpty() && options.parts() != Parts.NONE;
        layout = ArchiveLayout.of(files.place(), listing, options, parts);
        layout.classes().forEach(name -> numbers.put(name, numbers.size()));
    }

    @Override
    public String kind() {
        int n = all.size();
        return (n == 1 ? "" : n + " ") + files.kindName() + (n == 1 ? " archive" : " archives")
                + (layout.classes().isEmpty()
                        ? " without labels"
                        : layout.keyed() ? " of labelled samples" : " of class folders");
    }

    @Override
    public String origin() {
        return files.origin();
    }

    @Override
    public List<String> classes() {
        return layout.classes();
    }

    @Override
    public boolean hasTest() {
        return !test.isEmpty() || layout.test() != null;
    }

    private List<Archive> archives(Split part) {
        return part == Split.TEST && !test.isEmpty() ? test : train;
    }

    private synchronized ArchiveListing listing(Split part) throws IOException {
        if (part == Split.TRAIN || test.isEmpty()) {
            return listing;
        }
        if (testListing == null) {
            testListing = ArchiveListing.of(test);
        }
        return testListing;
    }

    /// The folder that holds a part.
    private String root(Split part) throws IOException {
        if (part == Split.TRAIN) {
            return layout.train();
        }
        return test.isEmpty()
                ? layout.test()
                : ArchiveLayout.root(listing(part), layout.classes().stream().map(ArchiveListing::first).toList());
    }

    @Override
    public Survey survey(Split part) throws IOException {
        var listed = listing(part);
        var leftOut = new TreeMap<>(part == Split.TEST && test.isEmpty()
                ? new TreeMap<String, Long>()
                : listed.leftOut(layout.keyed()));
        long[] perClass = new long[layout.classes().size()];
        if (layout.keyed() && listed.withoutLabel() != null) {
            throw new ImageException(listed.withoutLabel(), "it has no label, as the pictures to learn from have",
                    "Pack it again, with a file .cls next to it; or use no labels: data.labels=none");
        }
        if (layout.keyed() && layout.test() == null) {
            listed.labels().forEach((name, n) -> perClass[number(name, files.place())] += n);
            return new Survey(Arrays.stream(perClass).sum(), perClass, leftOut);
        }
        if (layout.keyed()) {
            return walked(part, perClass, leftOut);
        }
        long pictures = 0;
        for (var folder : listed.folders().entrySet()) {
            if (ArchiveListing.rest(root(part), folder.getKey()) == null) {
                continue;
            }
            String name = layout.labels() == Labels.NONE ? "" : layout.className(root(part), folder.getKey());
            if (name == null) {
                leftOut.merge("beside the class folders", folder.getValue(), Long::sum);
                continue;
            }
            pictures += folder.getValue();
            if (layout.labels() != Labels.NONE) {
                perClass[number(name, folder.getKey())] += folder.getValue();
            }
        }
        return new Survey(pictures, perClass, leftOut);
    }

    /// Labels beside the pictures, and parts by folders: counted by a walk.
    private Survey walked(Split part, long[] perClass, SortedMap<String, Long> leftOut) throws IOException {
        try (var walk = walk(part)) {
            for (var entry = walk.next(); entry != null; entry = walk.next()) {
                perClass[entry.label()]++;
            }
        }
        return new Survey(Arrays.stream(perClass).sum(), perClass, leftOut);
    }

    private int number(String name, Object where) {
        var number = numbers.get(name);
        if (number == null) {
            throw new ImageException(files.place() + ", " + where, "training has no class '" + name + "', only "
                    + ArchiveLayout.some(layout.classes()), "Pack it again, or use no labels: data.labels=none");
        }
        return number;
    }

    @Override
    public Walk walk(Split part) throws IOException {
        return new Wandering(part);
    }

    /// A picture that waits for its label.
    ///
    /// @param content of an archive that does not reopen
    private record Waiting(Member member, byte[] content) {
    }

    private final class Wandering implements Walk {
        private final String root;
        private final int end;
        private final LeftOut aside = new LeftOut();
        private final Deque<Entry> ready = new ArrayDeque<>();
        private final Map<Entry, byte[]> contents = new HashMap<>();
        private final List<Waiting> sample = new ArrayList<>();
        private String key = "";
        private String label;
        private int at;
        private Members members;
        private Entry current;

        Wandering(Split part) throws IOException {
            boolean second = part == Split.TEST && !test.isEmpty();
            root = root(part);
            at = (second ? train.size() : 0) - 1;
            end = second ? all.size() : train.size();
        }

        @Override
        public Entry next() throws IOException {
            contents.remove(current);
            current = null;
            while (ready.isEmpty()) {
                var member = members == null ? null : members.next();
                if (member == null) {
                    finish();
                    if (ready.isEmpty() && !open(at + 1)) {
                        return null;
                    }
                } else {
                    take(member);
                }
            }
            current = ready.poll();
            return current;
        }

        /// Begins the next archive.
        private boolean open(int next) throws IOException {
            close();
            if (next >= end) {
                return false;
            }
            at = next;
            members = all.get(at).members(false);
            return true;
        }

        private void take(Member member) throws IOException {
            if (layout.keyed() && !ArchiveListing.key(member).equals(key)) {
                finish();
                key = ArchiveListing.key(member);
            }
            String said = layout.keyed() ? ArchiveListing.label(members, member, all.get(at)) : null;
            if (said != null) {
                label = member.name().endsWith(".json") && label != null ? label : said;
            } else if (ArchiveListing.takes(members, member, aside)
                    && ArchiveListing.rest(root, member.folder()) != null) {
                add(member);
            }
        }

        private void add(Member member) throws IOException {
            if (layout.keyed()) {
                sample.add(new Waiting(member, all.get(at).reopens() ? null : members.open().readAllBytes()));
                if (sample.size() > MOST_IN_SAMPLE) {
                    throw new ImageException(all.get(at).file() + "/" + member.name(), "it is picture "
                            + sample.size() + " of one sample, expected at most " + MOST_IN_SAMPLE,
                            "Files of one sample share their name up to the first dot: pack them again");
                }
                return;
            }
            if (layout.labels() == Labels.NONE) {
                ready.add(entry(member, Entry.UNLABELLED));
                return;
            }
            String name = layout.className(root, member.folder());
            if (name != null) {
                ready.add(entry(member, number(name, member.name())));
            }
        }

        /// Gives the pictures of a sample the label that lay next to them.
        private void finish() {
            for (var waiting : sample) {
                if (label == null) {
                    throw new ImageException(all.get(at).file() + "/" + waiting.member.name(),
                            "it has no label, as others have", "Pack it again, with a file .cls next to it");
                }
                var entry = entry(waiting.member, number(label, waiting.member.name()));
                ready.add(entry);
                if (waiting.content != null) {
                    contents.put(entry, waiting.content);
                }
            }
            sample.clear();
            label = null;
            key = "";
        }

        private Entry entry(Member member, int number) {
            String prefix = all.size() == 1 ? "" : files.name(all.get(at).file()) + "/";
            return new Entry(prefix + member.name(), number, member.bytes(), Shards.place(at, member.place()), null);
        }

        @Override
        public InputStream open() throws IOException {
            byte[] content = contents.get(current);
            if (content != null) {
                return new ByteArrayInputStream(content);
            }
            return reopens() ? ArchiveSource.this.open(current) : members.open();
        }

        @Override
        public void close() throws IOException {
            if (members != null) {
                members.close();
                members = null;
            }
        }
    }

    @Override
    public boolean reopens() {
        return all.stream().allMatch(Archive::reopens);
    }

    @Override
    public InputStream open(Entry entry) throws IOException {
        if (!reopens()) {
            throw new UnsupportedOperationException(origin() + " is compressed: it is read in sequence alone");
        }
        var archive = all.get(Shards.shard(entry.place()));
        return archive.open(new Member(entry.name(), entry.bytes(), Shards.within(entry.place())));
    }

    @Override
    public String fingerprint(Split part) throws IOException {
        return files.fingerprint(archives(part).stream().map(Archive::file).toList()) + "\n" + root(part) + "\n"
                + layout.labels() + layout.keyed();
    }

    @Override
    public List<String> remarks() {
        var remarks = new ArrayList<>(files.remarks());
        remarks.addAll(layout.remarks());
        return remarks;
    }
}
