package dev.triptych.data.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Says which files of a folder are pictures to be decoded, and counts the others by what they are, so that nothing is
/// left out without a word. A name that ends like a picture's is enough; a file of any other name is one if its first
/// bytes are those of PNG, JPEG, GIF or WebP, or, where the name has no extension, of TIFF (cameras' raw files begin so
/// too, but have extensions). BMP and PNM begin as text may, so their names decide. Names that begin with a dot are
/// left out. Not for several threads.
public final class LeftOut {
    private static final int FIRST_BYTES = 16;
    private static final String HIDDEN = "hidden";
    private static final String BARE = "without extension";

    private final SortedMap<String, Integer> counts = new TreeMap<>();

    /// Whether a file is to be decoded; if not, it is counted.
    public boolean takes(Path file) {
        String name = file.getFileName().toString();
        if (name.startsWith(".")) {
            return count(HIDDEN);
        }
        if (ImageKind.hasImageName(name)) {
            return true;
        }
        int dot = name.lastIndexOf('.');
        boolean bare = dot < 1 || dot == name.length() - 1;
        var kind = Files.isRegularFile(file) ? content(file) : ImageKind.UNKNOWN; // a pipe would be read for ever
        if (kind.isRead() && (bare || kind != ImageKind.TIFF)) {
            return true;
        }
        String extension = bare ? BARE : "*" + name.substring(dot).toLowerCase(Locale.ROOT);
        return count(kind.isRead() || kind == ImageKind.UNKNOWN
                ? extension
                : extension + " (" + kind.title() + ", not read)");
    }

    /// The kind by first bytes that text does not have.
    private static ImageKind content(Path file) {
        byte[] data;
        try (var in = Files.newInputStream(file)) {
            data = in.readNBytes(FIRST_BYTES);
        } catch (IOException e) {
            return ImageKind.UNKNOWN;
        }
        var kind = ImageKind.of(data);
        boolean text = kind == ImageKind.BMP || kind == ImageKind.PNM || kind == ImageKind.PAM || kind == ImageKind.PFM
                || kind == ImageKind.JPEG && (data.length < 3 || data[2] != (byte) 0xFF);
        return text ? ImageKind.UNKNOWN : kind;
    }

    private boolean count(String what) {
        counts.merge(what, 1, Integer::sum);
        return false;
    }

    /// How many files were left out.
    public int files() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// How many of what: `*.txt`, `*.heic (HEIF, not read)`, `hidden`, `without extension`.
    public SortedMap<String, Integer> counts() {
        return Collections.unmodifiableSortedMap(counts);
    }

    /// For people: `14 files are no pictures that are read: 12 *.txt, 2 hidden`; empty where nothing was left out.
    public String text() {
        return counts.isEmpty()
                ? ""
                : files() + (files() == 1 ? " file is no picture" : " files are no pictures")
                        + " that " + (files() == 1 ? "is" : "are") + " read: " + counts.entrySet().stream()
                                .map(entry -> entry.getValue() + " " + entry.getKey())
                                .collect(Collectors.joining(", "));
    }
}
