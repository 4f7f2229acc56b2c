package dev.triptych.data.set;

import dev.triptych.data.file.FileWalk;
import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.ImageKind;
import dev.triptych.data.file.JpegDecoder;
import dev.triptych.data.file.LimitedDecoder;
import dev.triptych.data.file.Refusal;
import dev.triptych.data.file.RgbImage;
import dev.triptych.data.source.Split;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Pictures in `DIR/train` and `DIR/test` (`val` counts as test where there is no `test`), their label maps in
/// `DIR/trainannot` and `DIR/testannot` under the same names with the ending .png: the layout of CamVid. A label map
/// has one sample a pixel, the number of its class; one number may be left out of every count. Class names are the
/// lines of `DIR/classes.txt`; without it classes are called by their numbers, and there are as many as training has.
///
/// Every picture and every label map is decoded once when the set is opened, so that a wrong one is refused before
/// anything is computed.
public final class SegmentationFolder implements SegmentationSet {
    private static final int MOST_CLASSES = 1000;
    private static final long MAX_BYTES = 1L << 28;
    private static final Duration TIME = Duration.ofSeconds(20);
    private static final String LAYOUT = "Expected DIR/train with DIR/trainannot, DIR/test (or val) with DIR/testannot";

    private final LimitedDecoder decoder;
    private final ImageDecoder limits;
    private final long maxPixels;
    private final int ignored;
    private final List<Pair> pairs = new ArrayList<>();
    private final List<String> classes;

    private record Pair(String name, Path picture, Path labels) {
    }

    /// Lists one part of a folder and checks its label maps.
    ///
    /// @param ignored the class number that does not count; negative for none
    /// @param maxPixels largest picture that is decoded
    /// @throws ImageException where the folder has not the form described above, or a label map does not fit
    /// @throws IOException where it cannot be listed
    public SegmentationFolder(Path folder, Split split, int ignored, long maxPixels) throws IOException {
        this.maxPixels = maxPixels;
        this.ignored = ignored;
        limits = new ImageDecoder(maxPixels, MAX_BYTES, JpegDecoder.raster());
        decoder = new LimitedDecoder(limits, TIME);
        if (!Files.isDirectory(folder)) {
            throw new ImageException(folder, Files.exists(folder) ? "it is not a folder" : "there is no such folder",
                    LAYOUT);
        }
        list(folder, part(folder, split));
        classes = names(folder);
    }

    private static String part(Path folder, Split split) {
        String part = split.name().toLowerCase(Locale.ROOT);
        return split == Split.TEST && !Files.isDirectory(folder.resolve(part)) ? "val" : part;
    }

    private void list(Path folder, String part) throws IOException {
        Path pictures = folder.resolve(part);
        Path labels = folder.resolve(part + "annot");
        for (Path needed : List.of(pictures, labels)) {
            if (!Files.isDirectory(needed)) {
                throw new ImageException(folder, "it has no folder " + needed.getFileName(), LAYOUT);
            }
        }
        var maps = new HashSet<Path>();
        FileWalk.over(labels, found -> maps.add(checked(found)));
        FileWalk.over(pictures, found -> {
            Path picture = checked(found);
            String name = pictures.relativize(picture).toString();
            if (!ImageKind.hasImageName(name)) {
                return;
            }
            Path map = labels.resolve(name.replaceFirst("\\.[^.]*$", ".png"));
            if (!maps.contains(map)) {
                throw new ImageException(picture, "it has no label map; expected " + map, LAYOUT);
            }
            pairs.add(new Pair(name, picture, map));
        });
        if (pairs.isEmpty()) {
            throw new ImageException(pictures, "it holds no images", LAYOUT);
        }
    }

    private static Path checked(FileWalk.Found found) {
        if (found.refusal() != null) {
            throw found.refusal();
        }
        return found.file();
    }

    private List<String> names(Path folder) throws IOException {
        Path file = folder.resolve("classes.txt");
        boolean named = Files.isRegularFile(file);
        List<String> names = named ? lines(file) : List.of();
        if (named && (names.isEmpty() || names.size() > MOST_CLASSES)) {
            throw new ImageException(file, "it has " + names.size() + " lines, expected a class name in each, 1 to "
                    + MOST_CLASSES, "Write one name a line, in the order of the class numbers");
        }
        int limit = named ? names.size() : MOST_CLASSES;
        int largest = -1;
        for (Pair pair : pairs) {
            for (int id : read(pair).map().ids()) {
                if (id != ignored && id >= limit) {
                    throw new ImageException(pair.labels(), "it holds the class number " + id + ", expected 0 to "
                            + (limit - 1) + (ignored < 0 ? "" : ", or " + ignored + ", which does not count"),
                            named
                                    ? "Name it in " + file + ", or leave it out of the counts: --ignore-label " + id
                                    : "Leave it out of the counts: --ignore-label " + id);
                }
                largest = id == ignored ? largest : Math.max(largest, id);
            }
        }
        if (largest < 0) {
            throw new ImageException(folder, "no pixel of its label maps counts (all are " + ignored + ")",
                    "Give another --ignore-label");
        }
        return named ? names : IntStream.rangeClosed(0, largest).mapToObj(i -> "class " + i).toList();
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            var lines = new ArrayList<>(Files.readAllLines(file).stream().map(String::strip).toList());
            while (!lines.isEmpty() && lines.getLast().isEmpty()) {
                lines.removeLast();
            }
            int blank = lines.indexOf("");
            if (blank >= 0) {
                throw new ImageException(file, "line " + (blank + 1) + " of " + lines.size()
                        + " is blank, expected a class name", "The name of class " + blank + " belongs there");
            }
            return lines;
        } catch (CharacterCodingException e) {
            throw new ImageException(Refusal.UNREADABLE, file, "it is not text in UTF-8",
                    "Write one class name a line", e);
        }
    }

    @Override
    public int size() {
        return pairs.size();
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public Sample sample(int i) {
        Pair pair = pairs.get(i);
        var read = read(pair);
        int[] labels = read.map().ids();
        for (int p = 0; p < labels.length; p++) {
            labels[p] = labels[p] == ignored ? IGNORED : labels[p];
        }
        return new Sample(pair.name(), read.picture(), labels);
    }

    private record Read(RgbImage picture, LabelMap map) {
    }

    /// Decodes a picture and its label map, which must be of one size.
    private Read read(Pair pair) {
        var outcome = decoder.decode(pair.picture());
        if (outcome.image() == null) {
            throw outcome.refusal();
        }
        var picture = outcome.image();
        var map = LabelMap.read(pair.labels(), limits, maxPixels);
        if (map.width() != picture.width() || map.height() != picture.height()) {
            throw new ImageException(pair.labels(), "it has " + map.width() + "x" + map.height()
                    + " pixels, its picture " + picture.width() + "x" + picture.height(),
                    "Label maps and pictures must be of one size");
        }
        return new Read(picture, map);
    }
}
