package dev.triptych.data.source;

import dev.triptych.data.file.ImageException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The binary version of CIFAR-10: `data_batch_1.bin` to `data_batch_5.bin` (training) and `test_batch.bin`, each
/// 10,000 records of one label byte and 3072 pixel bytes (planes R, G, B of 32 x 32).
public final class Cifar10Binary implements Source {
    private static final int SIDE = 32;
    private static final int PIXELS = 3 * SIDE * SIDE;
    private static final int RECORD = 1 + PIXELS;
    private static final int RECORDS = 10_000;
    private static final List<String> TRAIN = List.of("data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
            "data_batch_4.bin", "data_batch_5.bin");
    private static final String TEST = "test_batch.bin";
    private static final List<String> CLASSES = List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog",
            "horse", "ship", "truck");
    private static final Entry.Samples SAMPLES = new Entry.Samples(SIDE, SIDE, 3);
    private static final String AGAIN = "Unpack the CIFAR-10 binary version again";

    private final Path folder;
    private final int records;
    private final FolderFiles.Links links;

    /// The data set in a folder; its files are looked at part by part.
    ///
    /// @param followLinks whether its files may be links that lead elsewhere
    public Cifar10Binary(Path folder, boolean followLinks) throws IOException {
        this(folder, followLinks, RECORDS);
    }

    /// @param records of each file
    Cifar10Binary(Path folder, boolean followLinks, int records) throws IOException {
        this.folder = folder;
        this.records = records;
        this.links = FolderFiles.Links.of(folder, followLinks);
    }

    /// Whether a folder holds this data set, or a part of it.
    public static boolean isHere(Path folder) {
        return Stream.concat(TRAIN.stream(), Stream.of(TEST)).anyMatch(name -> Files.exists(folder.resolve(name)));
    }

    /// The files of a part, of the right length each.
    private List<Path> files(Split part) throws IOException {
        List<String> names = part == Split.TEST ? List.of(TEST) : TRAIN;
        List<String> missing = names.stream().filter(name -> !Files.exists(folder.resolve(name))).toList();
        if (!missing.isEmpty()) {
            throw new ImageException(folder, "it lacks " + String.join(", ", missing) + "; expected "
                    + String.join(", ", names),
                    "Give the folder cifar-10-batches-bin of the CIFAR-10 binary version, unpacked completely");
        }
        var files = new ArrayList<Path>();
        for (String name : names) {
            Path file = folder.resolve(name);
            links.require(file);
            long length = Files.size(file);
            if (length != (long) RECORD * records) {
                throw new ImageException(file, "it has " + length + " bytes, expected " + RECORD * records + " ("
                        + records + " records of " + RECORD + ")", AGAIN);
            }
            files.add(file);
        }
        return files;
    }

    @Override
    public String kind() {
        return "CIFAR-10, binary version";
    }

    @Override
    public String origin() {
        return folder.toAbsolutePath().normalize().toString();
    }

    @Override
    public List<String> classes() {
        return CLASSES;
    }

    @Override
    public boolean hasTest() {
        return true;
    }

    @Override
    public boolean stored() {
        return true;
    }

    @Override
    public Survey survey(Split part) throws IOException {
        long[] perClass = new long[CLASSES.size()];
        try (var walk = walk(part)) {
            for (var entry = walk.next(); entry != null; entry = walk.next()) {
                perClass[entry.label()]++;
            }
        }
        return new Survey((long) files(part).size() * records, perClass, new TreeMap<>());
    }

    @Override
    public String fingerprint(Split part) throws IOException {
        var text = new StringBuilder();
        for (Path file : files(part)) {
            text.append(file.getFileName()).append('\t').append(Files.size(file)).append('\t')
                    .append(Files.getLastModifiedTime(file).toMillis()).append('\n');
        }
        return text.toString();
    }

    @Override
    public Walk walk(Split part) throws IOException {
        return new Records(files(part));
    }

    private final class Records implements Walk {
        private final List<Path> files;
        private InputStream in;
        private int file = -1;
        private int record = records;
        private byte[] pixels;

        Records(List<Path> files) {
            this.files = files;
        }

        @Override
        public Entry next() throws IOException {
            if (record == records) {
                close();
                if (++file >= files.size()) {
                    file = files.size();
                    pixels = null;
                    return null;
                }
                in = new BufferedInputStream(Files.newInputStream(files.get(file)), 1 << 16);
                record = 0;
            }
            Path path = files.get(file);
            int label = in.read();
            pixels = in.readNBytes(PIXELS);
            if (pixels.length < PIXELS) {
                throw new EOFException(path + " ends while it is read");
            }
            if (label < 0 || label >= CLASSES.size()) {
                throw new ImageException(path, "record " + record + " has the label " + label + ", expected 0 to 9",
                        AGAIN);
            }
            var entry = new Entry(path.getFileName() + "#" + record, label, PIXELS, (long) record * RECORD + 1,
                    SAMPLES);
            record++;
            return entry;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(pixels);
        }

        @Override
        public void close() throws IOException {
            if (in != null) {
                in.close();
            }
        }
    }

    @Override
    public boolean reopens() {
        return true;
    }

    @Override
    public InputStream open(Entry entry) throws IOException {
        Path path = folder.resolve(entry.name().substring(0, entry.name().indexOf('#')));
        byte[] bytes = new byte[PIXELS];
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(entry.place());
            file.readFully(bytes);
        }
        return new ByteArrayInputStream(bytes);
    }
}
