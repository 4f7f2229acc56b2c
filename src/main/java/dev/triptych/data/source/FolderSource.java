package dev.triptych.data.source;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.LeftOut;
import dev.triptych.io.Sha256;
import dev.triptych.recipe.DataSection.Labels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Image files in a folder, flat or nested, with or without classes, with or without parts, as [FolderLayout] finds it.
///
/// Files count by their names or their first bytes, as [LeftOut] has it, which counts the others. They come in the
/// order of their paths, so that the pictures of a class lie together.
public final class FolderSource implements Source {
    private final Path folder;
    private final FolderFiles.Links links;
    private final FolderLayout layout;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<Split, Listing> listings = new EnumMap<>(Split.class);

    private record Listing(Survey survey, String fingerprint) {
    }

    /// Looks how a folder is laid out; nothing is listed yet.
    ///
    /// @throws ImageException where it is no folder, or can be taken in two ways
    public FolderSource(Path folder, SourceOptions options) throws IOException {
        this.folder = folder;
        if (!Files.isDirectory(folder)) {
            throw new ImageException(folder, Files.exists(folder) ? "it is not a folder" : "there is no such folder",
                    "Give a folder of images: flat, <class>/, or train/<class>/ and test/<class>/");
        }
        links = FolderFiles.Links.of(folder, options.followLinks());
        layout = FolderLayout.of(folder, options, links);
        layout.classes().forEach(name -> numbers.put(name, numbers.size()));
    }

    @Override
    public String kind() {
        return switch (layout.labels()) {
            case NONE -> "a folder without labels";
            case NESTED -> "nested class folders";
            default -> "class folders";
        };
    }

    @Override
    public String origin() {
        return folder.toAbsolutePath().normalize().toString();
    }

    @Override
    public List<String> classes() {
        return layout.classes();
    }

    @Override
    public boolean hasTest() {
        return layout.test() != null;
    }

    @Override
    public Survey survey(Split part) throws IOException {
        return listing(part).survey;
    }

    @Override
    public String fingerprint(Split part) throws IOException {
        return listing(part).fingerprint;
    }

    private Path root(Split part) {
        return part == Split.TRAIN ? layout.train() : layout.test();
    }

    private synchronized Listing listing(Split part) throws IOException {
        var known = listings.get(part);
        if (known != null) {
            return known;
        }
        var leftOut = new LeftOut();
        var files = new FolderFiles(root(part), links, leftOut);
        var hash = Sha256.digest();
        long[] perClass = new long[layout.classes().size()];
        long pictures = 0;
        for (var found = files.next(); found != null; found = files.next()) {
            if (inNoClass(part, found)) {
                leftOut.count("beside the class folders");
                continue;
            }
            var entry = entry(part, found);
            hash.update((entry.name() + "\t" + entry.label() + "\t" + found.bytes() + "\t" + found.modified() + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            pictures++;
            if (perClass.length > 0) {
                perClass[entry.label()]++;
            }
        }
        requirePictures(part, pictures, perClass);
        var listing = new Listing(new Survey(pictures, perClass, leftOut.counts()),
                HexFormat.of().formatHex(hash.digest()));
        listings.put(part, listing);
        return listing;
    }

    private void requirePictures(Split part, long pictures, long[] perClass) throws IOException {
        for (int c = 0; layout.labels() == Labels.FOLDERS && c < perClass.length; c++) {
            Path classFolder = root(part).resolve(layout.classes().get(c));
            if (perClass[c] == 0 && Files.isDirectory(classFolder)) {
                throw FolderLayout.empty(classFolder);
            }
        }
        if (pictures == 0) {
            throw new ImageException(root(part), "it holds no pictures", "Give a folder of image files; `triptych "
                    + "images " + root(part) + "` says what lies there");
        }
    }

    /// Whether a picture lies beside the class folders.
    private boolean inNoClass(Split part, FolderFiles.Found found) {
        return layout.labels() == Labels.FOLDERS && found.path().getParent().equals(root(part));
    }

    private Entry entry(Split part, FolderFiles.Found found) {
        return Entry.file(name(found.path()), layout.label(root(part), found.path(), numbers), found.bytes());
    }

    private String name(Path file) {
        var name = new StringBuilder();
        for (Path step : folder.relativize(file)) {
            name.append(name.isEmpty() ? "" : "/").append(step);
        }
        // a name that is no text would not find its file again, and may be that of another
        return FileNames.known(file) ? name.toString() : name + " (bytes " + FileNames.hex(file) + ")";
    }

    @Override
    public Walk walk(Split part) throws IOException {
        var files = new FolderFiles(root(part), links, new LeftOut());
        return new Walk() {
            private Path at;

            @Override
            public Entry next() throws IOException {
                var found = files.next();
                while (found != null && inNoClass(part, found)) {
                    found = files.next();
                }
                at = found == null ? null : found.path();
                return found == null ? null : entry(part, found);
            }

            @Override
            public InputStream open() throws IOException {
                return links.open(at);
            }

            @Override
            public void close() {
                at = null;
            }
        };
    }

    @Override
    public boolean reopens() {
        return true;
    }

    @Override
    public InputStream open(Entry entry) throws IOException {
        return links.open(folder.resolve(entry.name()));
    }

    @Override
    public List<String> remarks() {
        return layout.remarks();
    }

    @Override
    public String where(Entry entry) {
        return folder.resolve(entry.name()).toString();
    }
}
