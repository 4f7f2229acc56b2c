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

    private final SortedMap<String, Long> counts = new TreeMap<>();

    /// The first bytes of a file, for one whose name does not say enough.
    @FunctionalInterface
    public interface Head {
        /// At most `length` bytes; none where there are none to be had.
        byte[] read(int length) throws IOException;
    }

    /// Whether a file is to be decoded; if not, it is counted.
    public boolean takes(Path file) {
        return takes(file.getFileName().toString(), length -> {
            if (!Files.isRegularFile(file)) {
                return new byte[0]; // a pipe would be read for ever
            }
            try (var in = Files.newInputStream(file)) {
                return in.readNBytes(length);
            }
        });
    }

    /// The same of a file that may lie anywhere.
    ///
    /// @param name without its folder
    public boolean takes(String name, Head head) {
        if (name.startsWith(".")) {
            return count(HIDDEN);
        }
        if (ImageKind.hasImageName(name)) {
            return true;
        }
        int dot = name.lastIndexOf('.');
        boolean bare = dot < 1 || dot == name.length() - 1;
        var kind = content(head);
        if (kind.isRead() && (bare || kind != ImageKind.TIFF)) {
            return true;
        }
        String extension = bare ? BARE : "*" + name.substring(dot).toLowerCase(Locale.ROOT);
        return count(kind.isRead() || kind == ImageKind.UNKNOWN
                ? extension
                : extension + " (" + kind.title() + ", not read)");
    }

    /// The kind by first bytes that text does not have.
    private static ImageKind content(Head head) {
        byte[] data;
        try {
            data = head.read(FIRST_BYTES);
        } catch (IOException e) {
            return ImageKind.UNKNOWN;
        }
        var kind = ImageKind.of(data);
        boolean text = kind == ImageKind.BMP || kind == ImageKind.PNM || kind == ImageKind.PAM || kind == ImageKind.PFM
                || kind == ImageKind.JPEG && (data.length < 3 || data[2] != (byte) 0xFF);
        return text ? ImageKind.UNKNOWN : kind;
    }

    /// Counts one more that is left out.
    ///
    /// @return false
    public boolean count(String what) {
        counts.merge(what, 1L, Long::sum);
        return false;
    }

    /// How many of what were left out: `*.txt`, `*.heic (HEIF, not read)`, `hidden`, `without extension`.
    public SortedMap<String, Long> counts() {
        return Collections.unmodifiableSortedMap(counts);
    }

    /// For people: `12 *.txt, 2 hidden`; empty where nothing was left out.
    public static String text(SortedMap<String, Long> counts) {
        return counts.entrySet().stream().map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }
}
