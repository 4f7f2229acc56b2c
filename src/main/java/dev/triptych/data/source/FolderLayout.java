package dev.triptych.data.source;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.ImageKind;
import dev.triptych.data.file.LeftOut;
import dev.triptych.recipe.DataSection.Labels;
import dev.triptych.recipe.DataSection.Parts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// How the pictures of a folder lie: its parts, and where classes come from.
///
/// @param train folder of the pictures to learn from: the folder itself where it has no parts
/// @param test folder of those to judge with; null where there is none
/// @param labels never [Labels#AUTO]
/// @param classes names, in order; empty where there are none
/// @param remarks what was found by itself
record FolderLayout(Path train, Path test, Labels labels, List<String> classes, List<String> remarks) {
    /// Looks at a folder.
    ///
    /// @throws ImageException where it is none, or can be taken in two ways
    static FolderLayout of(Path folder, SourceOptions options, FolderFiles.Links links) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new ImageException(folder, Files.exists(folder) ? "it is not a folder" : "there is no such folder",
                    "Give a folder of images: flat, <class>/, or train/<class>/ and test/<class>/");
        }
        var remarks = new ArrayList<String>();
        Path train = folder;
        Path test = null;
        if (options.parts() != Parts.NONE) {
            var parts = parts(folder);
            if (parts.train() == null && parts.test() == null) {
                Path inner = inner(folder);
                if (inner != null) {
                    remarks.add("All lies in " + inner.getFileName() + ": its folders are the parts.");
                    folder = inner;
                    parts = parts(folder);
                }
            }
            train = parts.train() == null ? null : folder.resolve(parts.train());
            test = parts.test() == null ? null : folder.resolve(parts.test());
            requireClear(folder, train, test, options.parts(), links);
            if (train != null) {
                aside(folder, train, test, remarks);
            }
            train = train == null ? folder : train;
        }
        for (Path part : test == null ? List.of(train) : List.of(train, test)) {
            links.require(part);
        }
        var labels = labels(train, options.labels(), remarks);
        var classes = classes(train, labels, links);
        lookalikes(classes, train, remarks);
        return new FolderLayout(train, test, labels, classes, List.copyOf(remarks));
    }

    private static PartNames parts(Path folder) throws IOException {
        return PartNames.of(folder, FolderFiles.folders(folder).stream().map(path -> path.getFileName().toString())
                .toList());
    }

    /// The one folder of a folder without pictures, as of an unpacked archive, if it holds the parts; else null.
    ///
    /// @throws ImageException where several have parts of their own: taken as classes, they would be learnt from with
    ///         their pictures for testing
    private static Path inner(Path folder) throws IOException {
        var folders = FolderFiles.folders(folder);
        var parted = new ArrayList<Path>();
        for (Path path : folders) {
            var below = parts(path);
            if (below.train() != null && below.test() != null) {
                parted.add(path);
            }
        }
        if (parted.isEmpty() || folders.size() == 1 && FolderFiles.picturesIn(folder) == 0) {
            return parted.isEmpty() ? null : parted.getFirst();
        }
        throw new ImageException(folder,
                "its folders " + some(parted.stream().map(path -> path.getFileName().toString())
                        .toList()) + " have parts to learn from and to judge with of their own",
                "Expected train/<class>/ and test/<class>/: give one of them, or move them; or give data.parts=none to "
                        + "take all of it as one part");
    }

    /// A folder called train may be a part or a class; where both can be, somebody has to say it.
    private static void requireClear(Path folder, Path train, Path test, Parts parts, FolderFiles.Links links)
            throws IOException {
        if (parts == Parts.FOLDERS && train == null) {
            throw new ImageException(folder, "it has no folder train, though data.parts is folders",
                    "Expected train and test; leave data.parts out to have one part made two");
        }
        if (parts == Parts.FOLDERS || train == null && test == null || train != null && test != null) {
            return;
        }
        var others = new ArrayList<String>();
        for (Path other : FolderFiles.folders(folder)) {
            boolean picture = new FolderFiles(other, links, new LeftOut()).next() != null;
            if (picture && !other.equals(train) && !other.equals(test)) {
                others.add(other.getFileName().toString());
            }
        }
        String name = (train == null ? test : train).getFileName().toString();
        if (train == null) {
            throw new ImageException(folder, "it has a folder " + name + " and no folder train; it may be a part, "
                    + "or a class like any other",
                    "Add train; or give data=" + folder.resolve(name) + " to use " + name
                            + " alone, or data.parts=none if it is a class");
        }
        if (!others.isEmpty()) {
            throw new ImageException(folder, "it has a folder " + name + " beside " + some(others)
                    + ", and none for testing; it may be a part, or a class like the others",
                    "Give data.parts=none if it is a class, data.parts=folders if it is the part to learn from (the "
                            + "others are not looked at then)");
        }
    }

    private static String some(List<String> names) {
        int shown = 3;
        return names.stream().limit(shown).collect(Collectors.joining(", "))
                + (names.size() > shown ? " and " + (names.size() - shown) + " more" : "");
    }

    /// Says what lies beside the parts and is not looked at.
    private static void aside(Path folder, Path train, Path test, List<String> remarks) throws IOException {
        var others = FolderFiles.folders(folder).stream().filter(path -> !path.equals(train) && !path.equals(test))
                .map(path -> path.getFileName().toString()).toList();
        if (!others.isEmpty()) {
            remarks.add("Beside " + train.getFileName() + (test == null ? "" : " and " + test.getFileName())
                    + ", not looked at: " + some(others) + ".");
        }
        long loose = FolderFiles.picturesIn(folder);
        if (loose > 0) {
            remarks.add("Beside " + train.getFileName() + ", not looked at: " + loose + " pictures directly in "
                    + folder + ".");
        }
    }

    /// Where classes come from, found where nobody says it.
    private static Labels labels(Path train, Labels asked, List<String> remarks) throws IOException {
        var folders = FolderFiles.folders(train);
        long loose = asked == Labels.AUTO ? FolderFiles.picturesIn(train) : 0;
        if (asked == Labels.AUTO && (loose > 0 || folders.isEmpty())) {
            remarks.add("No labels: "
                    + (folders.isEmpty()
                            ? "the pictures lie in no folders."
                            : loose + " pictures lie beside " + folders.size() + " folders. If these are classes: "
                                    + "data.labels=folders."));
            return Labels.NONE;
        }
        if (asked == Labels.AUTO || asked == Labels.FOLDERS) {
            return Labels.FOLDERS;
        }
        return asked;
    }

    private static List<String> classes(Path train, Labels labels, FolderFiles.Links links) throws IOException {
        return switch (labels) {
            case NONE -> List.of();
            case NESTED -> {
                var names = new TreeSet<String>();
                var files = new FolderFiles(train, links, new LeftOut());
                for (var found = files.next(); found != null; found = files.next()) {
                    names.add(nested(train, found.path()));
                }
                yield List.copyOf(names);
            }
            default -> {
                var names = new ArrayList<String>();
                for (Path folder : FolderFiles.folders(train)) {
                    requireKnown(folder);
                    names.add(folder.getFileName().toString());
                }
                if (names.isEmpty()) {
                    throw new ImageException(train, "it has no class folders",
                            "Expected <class>/ with image files; or data.labels=none to use pictures without classes");
                }
                yield names;
            }
        };
    }

    /// The folder that holds a picture, below the part: `animals/cat`.
    static String nested(Path part, Path picture) {
        Path folder = part.relativize(picture).getParent();
        if (folder == null) {
            return ".";
        }
        var names = new ArrayList<String>();
        for (Path name : folder) {
            names.add(name.toString());
        }
        for (Path at = picture.getParent(); !at.equals(part); at = at.getParent()) {
            requireKnown(at);
        }
        return String.join("/", names);
    }

    /// Refuses a folder whose name gives a class no name.
    private static void requireKnown(Path folder) {
        if (!FileNames.known(folder)) {
            throw new ImageException(folder, FileNames.reason(folder)
                    + "; as a class it has no name, and two such classes would become one", FileNames.remedy());
        }
    }

    /// Says which names look alike and are not, as one letter and as a letter and its accent.
    private static void lookalikes(List<String> classes, Path train, List<String> remarks) {
        var seen = new HashMap<String, String>();
        for (String name : classes) {
            String other = seen.putIfAbsent(Normalizer.normalize(name, Normalizer.Form.NFC), name);
            if (other != null) {
                remarks.add("Two classes whose names look alike: '" + other + "' (bytes "
                        + FileNames.hex(train.resolve(other)) + ") and '" + name + "' (bytes "
                        + FileNames.hex(train.resolve(name)) + "). If they are one, put their files together.");
            }
        }
    }

    /// The class of a picture of a part; [Entry#UNLABELLED] where there are none.
    ///
    /// @throws ImageException where training has no such class
    int label(Path part, Path picture, java.util.Map<String, Integer> numbers) {
        if (labels == Labels.NONE) {
            return Entry.UNLABELLED;
        }
        Path below = part.relativize(picture);
        String name = labels == Labels.NESTED ? nested(part, picture) : below.getName(0).toString();
        var number = numbers.get(name);
        if (number == null) {
            Path folder = labels == Labels.NESTED ? picture.getParent() : part.resolve(below.getName(0));
            throw new ImageException(folder, "training has no class of this name, only " + some(classes),
                    "Rename or remove the folder, or add it to train; or use no labels at all: data.labels=none");
        }
        return number;
    }

    /// What a class folder without pictures is told.
    static ImageException empty(Path folder) {
        return new ImageException(folder, "the class folder has no images",
                "Remove it, or put " + ImageKind.READ + " files into it; or use no labels: data.labels=none");
    }
}
