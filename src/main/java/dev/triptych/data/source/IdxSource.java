package dev.triptych.data.source;

import dev.triptych.data.archive.IdxFile;
import dev.triptych.data.file.ImageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Files of MNIST's format idx: `train-images-idx3-ubyte` with `train-labels-idx1-ubyte`, `t10k-..` (or `test-..`) for
/// testing, plain or by gzip. Pictures are as they are stored (those of EMNIST lie on their side). Without files of
/// labels there are none.
public final class IdxSource implements Source {
    private final PictureFiles files;
    private final Map<Split, Part> parts = new HashMap<>();
    private final List<String> classes;
    private final int[] numbers = new int[1 << 8];

    /// @param labels null where there are none
    private record Part(IdxFile pictures, byte[] labels) {
        int count() {
            return Math.toIntExact(pictures.count());
        }
    }

    IdxSource(PictureFiles files) throws IOException {
        this.files = files;
        for (var part : Split.values()) {
            if (!files.of(part).isEmpty()) {
                parts.put(part, part(files.of(part)));
            }
        }
        var train = parts.get(Split.TRAIN);
        var found = new TreeSet<Integer>();
        for (int i = 0; train.labels != null && i < train.labels.length; i++) {
            found.add(train.labels[i] & 0xFF);
        }
        Arrays.fill(numbers, Entry.UNLABELLED);
        var names = new ArrayList<String>();
        for (int label : found) {
            numbers[label] = names.size();
            names.add(Integer.toString(label));
        }
        classes = List.copyOf(names);
        var test = parts.get(Split.TEST);
        for (int i = 0; !classes.isEmpty() && test != null && i < test.count(); i++) {
            if (test.labels == null || numbers[test.labels[i] & 0xFF] < 0) {
                throw new ImageException(test.pictures.file(), "picture " + i + " has "
                        + (test.labels == null ? "no label" : "the label " + (test.labels[i] & 0xFF))
                        + ", expected one of " + classes, "Add the file of labels that belongs to it");
            }
        }
    }

    private Part part(List<Path> of) throws IOException {
        IdxFile pictures = null;
        IdxFile labels = null;
        for (Path file : of) {
            var idx = IdxFile.of(file);
            if ((idx.dimensions() == 1 ? labels : pictures) != null) {
                throw new ImageException(file,
                        "it is a second file of " + (idx.dimensions() == 1 ? "labels" : "pictures")
                                + " beside " + (idx.dimensions() == 1 ? labels : pictures).file().getFileName(),
                        "Give a folder with one set");
            }
            if (idx.dimensions() == 1) {
                labels = idx;
            } else {
                pictures = idx;
            }
        }
        if (pictures == null || pictures.count() == 0 || pictures.count() > Integer.MAX_VALUE - 8) {
            throw new ImageException(of.getFirst(), pictures == null
                    ? "there is no file of pictures beside it"
                    : "it has " + pictures.count() + " pictures, expected 1 to " + (Integer.MAX_VALUE - 8),
                    "Expected train-images-idx3-ubyte with train-labels-idx1-ubyte");
        }
        if (labels != null && labels.count() != pictures.count()) {
            throw new ImageException(labels.file(), "it has " + labels.count() + " labels, and "
                    + pictures.file().getFileName() + " " + pictures.count() + " pictures",
                    "Give files that belong together");
        }
        return new Part(pictures, labels == null ? null : labels.labels());
    }

    @Override
    public String kind() {
        return "idx files" + (classes.isEmpty() ? " without labels" : "");
    }

    @Override
    public String origin() {
        return files.origin();
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public boolean hasTest() {
        return parts.containsKey(Split.TEST);
    }

    @Override
    public Survey survey(Split part) {
        var own = parts.get(part);
        long[] perClass = new long[classes.size()];
        for (int i = 0; perClass.length > 0 && i < own.count(); i++) {
            perClass[numbers[own.labels[i] & 0xFF]]++;
        }
        return new Survey(own.count(), perClass, new TreeMap<>());
    }

    @Override
    public Walk walk(Split part) throws IOException {
        var own = parts.get(part);
        var idx = own.pictures;
        var numbers = idx.numbers();
        return new Walk() {
            private int next;
            private byte[] content;

            @Override
            public Entry next() throws IOException {
                content = null;
                if (next == own.count()) {
                    idx.requireEnd(numbers);
                    return null;
                }
                content = idx.next(numbers);
                return entry(part, next++);
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(content);
            }

            @Override
            public void close() throws IOException {
                numbers.close();
            }
        };
    }

    private Entry entry(Split part, int i) {
        var own = parts.get(part);
        int label = classes.isEmpty() ? Entry.UNLABELLED : numbers[own.labels[i] & 0xFF];
        return new Entry(files.name(own.pictures.file()) + "#" + i, label, own.pictures.each(),
                Shards.place(part.ordinal(), i), new Entry.Samples(own.pictures.width(), own.pictures.height(), 1));
    }

    @Override
    public boolean reopens() {
        return parts.values().stream().noneMatch(part -> part.pictures.packed());
    }

    @Override
    public InputStream open(Entry entry) throws IOException {
        if (!reopens()) {
            throw new UnsupportedOperationException(origin() + " is compressed: it is read in sequence alone");
        }
        return parts.get(Split.values()[Shards.shard(entry.place())]).pictures.open(Shards.within(entry.place()));
    }

    @Override
    public boolean stored() {
        return true;
    }

    @Override
    public String fingerprint(Split part) throws IOException {
        return files.fingerprint(files.of(part));
    }

    @Override
    public List<String> remarks() {
        var remarks = new ArrayList<>(files.remarks());
        if (classes.isEmpty()) {
            remarks.add("No labels: there is no file of labels (idx1) beside the pictures.");
        }
        return remarks;
    }
}
