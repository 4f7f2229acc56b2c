package dev.triptych.data.set;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.ImageKind;
import dev.triptych.data.file.LeftOut;
import dev.triptych.data.file.LimitedDecoder;
import dev.triptych.data.file.Refusal;
import dev.triptych.data.file.RgbImage;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Image files in one folder per class: `DIR/{train,test}/<class>/...` (`val` counts as test where there is no `test`),
/// or `DIR/<class>/...` without parts, of which every tenth image, evenly through each class, is kept for testing.
///
/// Files count by their extension or their first bytes, as [LeftOut] has it, which counts the others. Classes (those of
/// `train`, for both parts) and files are in the order of their names. Links are followed inside the folder and refused
/// where they leave it. A class without images is an error.
public final class ImageFolder implements LabelledImages {
    private static final int HELD_OUT = 10;
    /// Of a processor, for one file.
    private static final Duration TIME = Duration.ofSeconds(10);

    private final Path folder;
    private final LimitedDecoder decoder;
    private final List<String> classes = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private final LeftOut leftOut = new LeftOut();

    private record Entry(Path file, int label, long bytes, long modified) {
    }

    /// Lists one part of a folder; nothing is decoded yet.
    ///
    /// @throws ImageException where the folder has not the form described above
    /// @throws IOException where it cannot be listed
    public ImageFolder(Path folder, Split split, ImageDecoder decoder) throws IOException {
        this(folder, split, new LimitedDecoder(decoder, TIME));
    }

    /// @param decoder with its limit of time
    public ImageFolder(Path folder, Split split, LimitedDecoder decoder) throws IOException {
        this.folder = folder;
        this.decoder = decoder;
        if (!Files.isDirectory(folder)) {
            throw new ImageException(folder, Files.exists(folder) ? "it is not a folder" : "there is no such folder",
                    "Give the folder that holds train/<class>/ and test/<class>/, or <class>/");
        }
        boolean parts = Files.isDirectory(folder.resolve("train"));
        Path root = parts ? part(folder, split) : folder;
        Path boundary = folder.toRealPath();
        refuseEscape(root, boundary);
        if (parts) {
            refuseEscape(folder.resolve("train"), boundary);
        }
        for (Path classFolder : subfolders(parts ? folder.resolve("train") : folder)) {
            classes.add(classFolder.getFileName().toString());
        }
        for (Path classFolder : subfolders(root)) {
            int label = classes.indexOf(classFolder.getFileName().toString());
            if (label < 0) {
                throw new ImageException(classFolder, "training has no class of this name, only "
                        + String.join(", ", classes), "Rename or remove the folder, or add it to train");
            }
            List<Entry> found = list(classFolder, label, boundary);
            if (found.isEmpty()) {
                throw new ImageException(classFolder, "the class folder has no images",
                        "Remove it, or put " + ImageKind.READ + " files into it");
            }
            for (int i = 0; i < found.size(); i++) {
                if (parts || i % HELD_OUT == HELD_OUT - 1 == (split == Split.TEST)) {
                    entries.add(found.get(i));
                }
            }
        }
        if (entries.isEmpty()) {
            throw new ImageException(root, classes.isEmpty()
                    ? "it has no class folders"
                    : "its classes are too small to hold out every " + HELD_OUT + "th image",
                    "Expected train/<class>/ and test/<class>/, or <class>/, with image files");
        }
    }

    /// Refuses a link that leads out of the data.
    static void refuseEscape(Path path, Path boundary) throws IOException {
        if (Files.isSymbolicLink(path) && !path.toRealPath().startsWith(boundary)) {
            throw new ImageException(Refusal.LINK_LEAVES_FOLDER, path,
                    "the link leads out of the folder to " + path.toRealPath(), "Copy the file, or remove the link",
                    null);
        }
    }

    private static Path part(Path folder, Split split) {
        String name = split.name().toLowerCase(Locale.ROOT);
        Path part = folder.resolve(name);
        if (!Files.isDirectory(part) && split == Split.TEST) {
            part = folder.resolve("val");
        }
        if (!Files.isDirectory(part)) {
            throw new ImageException(folder, "it has a train folder, but neither test nor val",
                    "Add test/<class>/ with images that training must not see");
        }
        return part;
    }

    private static List<Path> subfolders(Path root) throws IOException {
        try (Stream<Path> paths = Files.list(root)) {
            return paths.filter(p -> Files.isDirectory(p) && !p.getFileName().toString().startsWith("."))
                    .sorted(Comparator.comparing(p -> p.getFileName().toString())).toList();
        }
    }

    private List<Entry> list(Path classFolder, int label, Path boundary) throws IOException {
        List<Entry> found = new ArrayList<>();
        Files.walkFileTree(classFolder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
                            throws IOException {
                        refuseEscape(dir, boundary);
                        boolean hidden = dir.getFileName().toString().startsWith(".");
                        return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        if (leftOut.takes(file)) {
                            refuseEscape(file, boundary);
                            found.add(new Entry(file, label, attributes.size(),
                                    attributes.lastModifiedTime().toMillis()));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        found.sort(Comparator.comparing(entry -> entry.file.toString()));
        return found;
    }

    /// The files that are no pictures, of the whole folder of this part.
    public LeftOut leftOut() {
        return leftOut;
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public List<String> classes() {
        return List.copyOf(classes);
    }

    @Override
    public int label(int i) {
        return entries.get(i).label;
    }

    @Override
    public RgbImage image(int i) {
        var outcome = decoder.decode(entries.get(i).file);
        if (outcome.refusal() != null) {
            throw outcome.refusal();
        }
        return outcome.image();
    }

    @Override
    public String fingerprint() {
        var text = new StringBuilder(decoder.decoder().settings()).append('\n');
        for (Entry entry : entries) {
            text.append(folder.relativize(entry.file)).append('\t').append(entry.bytes).append('\t')
                    .append(entry.modified).append('\n');
        }
        return text.toString();
    }

    @Override
    public String origin() {
        return folder.toAbsolutePath().normalize().toString();
    }
}
