package dev.triptych.data.set;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The binary version of CIFAR-10: `data_batch_1.bin` to `data_batch_5.bin` (training) and `test_batch.bin`, each
/// 10,000 records of one label byte and 3072 pixel bytes (planes R, G, B of 32 x 32).
public final class Cifar10Binary implements LabelledImages {
    private static final int SIDE = 32;
    private static final int PIXELS = 3 * SIDE * SIDE;
    private static final int RECORD = 1 + PIXELS;
    private static final int RECORDS = 10_000;
    private static final List<String> TRAIN = List.of("data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
            "data_batch_4.bin", "data_batch_5.bin");
    private static final String TEST = "test_batch.bin";
    private static final List<String> CLASSES = List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog",
            "horse", "ship", "truck");

    private final Path folder;
    private final List<byte[]> files = new ArrayList<>();
    private final StringBuilder fingerprint = new StringBuilder();
    private final int records;

    /// Reads one part into memory.
    ///
    /// @throws ImageException where a file is missing, has another length or holds a label above 9
    public Cifar10Binary(Path folder, Split split) throws IOException {
        this(folder, split, RECORDS);
    }

    /// @param records of each file
    Cifar10Binary(Path folder, Split split, int records) throws IOException {
        this.folder = folder;
        this.records = records;
        for (Path file : files(folder, split)) {
            ImageFolder.refuseEscape(file, folder.toRealPath());
            long length = Files.size(file);
            if (length != (long) RECORD * records) {
                throw wrongLength(file, length, records); // before anything is read
            }
            byte[] bytes = Files.readAllBytes(file);
            check(file, bytes, records);
            files.add(bytes);
            fingerprint.append(file.getFileName()).append('\t').append(length).append('\t')
                    .append(Files.getLastModifiedTime(file).toMillis()).append('\n');
        }
    }

    /// Checks the length and every label.
    private static void check(Path file, byte[] bytes, int records) {
        if (bytes.length != RECORD * records) {
            throw wrongLength(file, bytes.length, records);
        }
        for (int r = 0; r < records; r++) {
            if (bytes[r * RECORD] < 0 || bytes[r * RECORD] >= CLASSES.size()) {
                throw new ImageException(file, "record " + r + " has the label " + (bytes[r * RECORD] & 0xFF)
                        + ", expected 0 to 9", "Unpack the CIFAR-10 binary version again");
            }
        }
    }

    private static ImageException wrongLength(Path file, long length, int records) {
        return new ImageException(file, "it has " + length + " bytes, expected " + RECORD * records + " (" + records
                + " records of " + RECORD + ")", "Unpack the CIFAR-10 binary version again");
    }

    /// Whether a folder holds this data set, or a part of it.
    public static boolean isHere(Path folder) {
        return Stream.concat(TRAIN.stream(), Stream.of(TEST)).anyMatch(name -> Files.exists(folder.resolve(name)));
    }

    private static List<Path> files(Path folder, Split split) {
        List<String> names = split == Split.TEST ? List.of(TEST) : TRAIN;
        List<String> missing = names.stream().filter(name -> !Files.exists(folder.resolve(name))).toList();
        if (!missing.isEmpty()) {
            throw new ImageException(folder, "it lacks " + String.join(", ", missing) + "; expected "
                    + String.join(", ", names),
                    "Give the folder cifar-10-batches-bin of the CIFAR-10 binary version, unpacked completely");
        }
        return names.stream().map(folder::resolve).toList();
    }

    @Override
    public int size() {
        return files.size() * records;
    }

    @Override
    public List<String> classes() {
        return CLASSES;
    }

    @Override
    public int label(int i) {
        return files.get(i / records)[i % records * RECORD];
    }

    @Override
    public RgbImage image(int i) {
        int at = i % records * RECORD + 1;
        return new RgbImage(SIDE, SIDE, Arrays.copyOfRange(files.get(i / records), at, at + PIXELS));
    }

    @Override
    public String fingerprint() {
        return fingerprint.toString();
    }

    @Override
    public int decoder() {
        return 0;
    }

    @Override
    public String origin() {
        return folder.toAbsolutePath().normalize().toString();
    }
}
