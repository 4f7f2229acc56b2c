package dev.triptych.data.set;

import dev.triptych.data.file.ImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/// The folder of packed sets: of the user's own, not of the folder that a command runs in, which may hold pictures.
///
/// @param folder it need not exist yet
/// @param free bytes that can be written there
public record CacheFolder(Path folder, ToLongFunction<Path> free) {
    private static final String PROGRAM = "triptych";
    private static final String REMEDY = "Name another folder: TRIPTYCH_CACHE=DIR, or data.cache=DIR";
    /// Packed sets, and what a killed program leaves of one.
    private static final String OURS = "[0-9a-f]{32}(-\\d+-of-\\d+)?\\.(pack|bad)"
            + "|\\.[0-9a-f]{32}(-\\d+-of-\\d+)?\\.(pack|bad)\\.\\d+\\.\\d+\\.tmp";

    /// A folder.
    public CacheFolder(Path folder) {
        this(folder, CacheFolder::usable);
    }

    /// The user's own: `TRIPTYCH_CACHE`, else `triptych` in `XDG_CACHE_HOME`, else in `.cache` of the home folder.
    ///
    /// @param environment variables
    /// @param home the home folder
    public static Path standard(Map<String, String> environment, Path home) {
        String own = environment.getOrDefault("TRIPTYCH_CACHE", "");
        String base = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (!own.isEmpty()) {
            return Path.of(own).toAbsolutePath().normalize();
        }
        return base.startsWith("/") // others are to be ignored, says the specification of that variable
                ? Path.of(base, PROGRAM)
                : home.resolve(".cache").resolve(PROGRAM);
    }

    /// The folder that a recipe means.
    ///
    /// @param named by `data.cache`; null for the user's own
    public static CacheFolder of(String named) {
        return new CacheFolder(named == null
                ? standard(System.getenv(), Path.of(System.getProperty("user.home", ".")))
                : Path.of(named));
    }

    private static long usable(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE; // some file systems do not say it
        }
    }

    /// Creates the folder, and checks that so many bytes fit in.
    ///
    /// @param what is to be written, for the message
    /// @throws ImageException where they do not
    void require(long bytes, String what) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ImageException(folder, "packed images cannot be kept there (" + e + ")", REMEDY);
        }
        long there = free.applyAsLong(folder);
        if (bytes > there) {
            throw new ImageException(folder, what + " takes " + size(bytes) + ", where " + size(there) + " are free",
                    REMEDY + " on another disk; use fewer pictures (data.train-images, data.test-images) or a smaller "
                            + "data.side; or make room: triptych cache --clear");
        }
    }

    /// Bytes for people: `3.2 MB`.
    public static String size(long bytes) {
        double value = bytes;
        String[] units = {"bytes", "kB", "MB", "GB", "TB"};
        int unit = 0;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    }

    /// The packed sets, and what is left of unfinished ones, in the order of their names; nothing else that lies there.
    public List<Path> files() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> Files.isRegularFile(file)
                    && file.getFileName().toString().matches(OURS)).sorted().toList();
        }
    }
}
