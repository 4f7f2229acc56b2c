package dev.triptych.data.source;

import dev.triptych.data.archive.Archive;
import dev.triptych.data.archive.FileStart;
import dev.triptych.data.archive.FileStart.Kind;
import dev.triptych.data.archive.TarArchive;
import dev.triptych.data.archive.ZipArchive;
import dev.triptych.data.file.ImageException;
import dev.triptych.io.Sha256;
import dev.triptych.recipe.DataSection.Parts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Files that hold pictures, of one kind, sorted into parts by their names: `train-000003.tar`,
/// `data/test-00000-of-00001.parquet`, `val.zip`, `train/0000.parquet`. They are one file; or the files of a folder,
/// down to its third level; or what a pattern names, `DIR/train-{000000..000123}.tar` as WebDataset writes it.
///
/// @param place what was asked for
/// @param kind of all of them
/// @param train to learn from, in the order of their paths
/// @param test to judge with; empty where names tell no parts
/// @param remarks what was found by itself
record PictureFiles(Path place, Kind kind, List<Path> train, List<Path> test, List<String> remarks) {
    private static final int DEEP = 3;
    private static final List<String> NAMES = List.of(".tar", ".tar.gz", ".tgz", ".zip", ".parquet");
    private static final Pattern IDX = Pattern.compile(".*idx[13]-ubyte(\\.gz)?");
    private static final Pattern RANGE = Pattern.compile("(.*)\\{([0-9]{1,9})\\.\\.([0-9]{1,9})}(.*)", Pattern.DOTALL);
    private static final List<String> TEST = List.of("test", "t10k", "val", "valid", "validation");

    /// What a path names that is no folder.
    ///
    /// @throws ImageException where nothing is there, or no kind that is known
    static PictureFiles of(Path place, SourceOptions options) throws IOException {
        var files = new ArrayList<Path>();
        expand(place.toString(), place, files);
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new ImageException(file, Files.exists(file) ? "it is not a file" : "there is no such file",
                        files.size() == 1
                                ? "Give a folder or an archive of pictures"
                                : "The pattern " + place
                                        + " asks for " + files.size() + " files");
            }
        }
        var kind = kind(place, files);
        Path labels = place.resolveSibling(place.getFileName().toString().replace("images", "labels")
                .replace("idx3", "idx1"));
        if (kind == Kind.IDX && files.size() == 1 && !labels.equals(place) && Files.isRegularFile(labels)) {
            return new PictureFiles(place, kind, List.of(place, labels), List.of(), List.of());
        }
        return files.size() == 1
                ? new PictureFiles(place, kind, files, List.of(), List.of())
                : parted(place, kind, files, options);
    }

    private static void expand(String pattern, Path place, List<Path> files) {
        var range = RANGE.matcher(pattern);
        if (!range.matches() || Files.exists(place)) {
            files.add(Path.of(pattern));
            return;
        }
        long from = Long.parseLong(range.group(2));
        long end = Long.parseLong(range.group(3));
        if (end < from || end - from >= Shards.MOST) {
            throw new ImageException(place, "it names the files " + from + " to " + end + ", expected 1 to "
                    + Shards.MOST + " of them, upwards", "Write {000000..000123}");
        }
        for (long n = from; n <= end; n++) {
            String number = Long.toString(n);
            expand(range.group(1) + "0".repeat(Math.max(0, range.group(2).length() - number.length())) + number
                    + range.group(4), place, files);
        }
    }

    /// The archives of a folder that holds no pictures itself; null where there are none.
    static PictureFiles in(Path folder, SourceOptions options) throws IOException {
        List<Path> files;
        try (var all = Files.walk(folder, DEEP)) {
            files = all.filter(PictureFiles::isNamed).filter(Files::isRegularFile).sorted().toList();
        }
        if (files.isEmpty()) {
            return null;
        }
        var links = FolderFiles.Links.of(folder, options.followLinks());
        for (Path file : files) {
            links.require(file);
        }
        return parted(folder, kind(folder, files), files, options);
    }

    private static boolean isNamed(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && (NAMES.stream().anyMatch(name::endsWith) || IDX.matcher(name).matches());
    }

    private static Kind kind(Path place, List<Path> files) throws IOException {
        Kind kind = null;
        for (Path file : files) {
            var own = FileStart.kind(file);
            if (own == Kind.OTHER) {
                throw new ImageException(file,
                        "it is not a folder, and by its first bytes none of ZIP, tar (plain or by gzip), "
                                + "Parquet and idx",
                        "Unpack it, and give the folder");
            }
            var alike = own == Kind.TAR_GZ ? Kind.TAR : own;
            if (kind != null && kind != alike) {
                throw new ImageException(place,
                        "it holds files of two kinds, " + files.getFirst().getFileName() + " and "
                                + file.getFileName(),
                        "Give one of them, or a folder of one kind");
            }
            kind = alike;
        }
        return kind;
    }

    private static PictureFiles parted(Path place, Kind kind, List<Path> files, SourceOptions options) {
        if (files.size() > Shards.MOST) {
            throw new ImageException(place, "it holds " + files.size() + " archives, expected at most " + Shards.MOST,
                    "Pack them in larger shards");
        }
        var train = named(place, files, List.of("train", "training"));
        String testName = TEST.stream().filter(name -> !named(place, files, List.of(name)).isEmpty()).findFirst()
                .orElse(null);
        if (options.parts() == Parts.NONE || train.isEmpty() && testName == null) {
            return new PictureFiles(place, kind, files, List.of(), List.of());
        }
        var test = testName == null ? List.<Path>of() : named(place, files, List.of(testName));
        if (train.isEmpty()) {
            throw new ImageException(place, "its files are of the part " + testName + " by their names, and none is to "
                    + "learn from", "Add files named train; or give data.parts=none to use what is there");
        }
        var others = files.stream().filter(file -> !train.contains(file) && !test.contains(file))
                .map(file -> file.getFileName().toString()).toList();
        return new PictureFiles(place, kind, train, test, others.isEmpty()
                ? List.of()
                : List.of("Beside train" + (testName == null ? "" : " and " + testName) + ", not looked at: "
                        + ArchiveLayout.some(others) + "."));
    }

    /// The files of a part: by their own names, else by a folder.
    private static List<Path> named(Path place, List<Path> files, List<String> part) {
        return files.stream().filter(file -> {
            Path below = file.startsWith(place) ? place.relativize(file) : file.getFileName();
            for (int n = below.getNameCount() - 1; n >= 0; n--) {
                String found = part(below.getName(n).toString());
                if (found != null) {
                    return part.contains(found);
                }
            }
            return false;
        }).toList();
    }

    private static String part(String name) {
        for (String word : name.toLowerCase(Locale.ROOT).split("[^a-z0-9]+")) {
            String letters = word.equals("t10k") ? word : word.replaceFirst("[0-9]+$", "");
            if (letters.equals("train") || letters.equals("training") || TEST.contains(letters)) {
                return letters;
            }
        }
        return null;
    }

    String origin() {
        return place.toAbsolutePath().normalize().toString();
    }

    String kindName() {
        return kind == Kind.ZIP ? "ZIP" : kind == Kind.TAR ? "tar" : kind == Kind.IDX ? "idx" : "Parquet";
    }

    List<Path> of(Split part) {
        return part == Split.TRAIN ? train : test;
    }

    /// The archives of a part.
    List<Archive> archives(Split part) throws IOException {
        var archives = new ArrayList<Archive>();
        for (Path file : of(part)) {
            archives.add(kind == Kind.ZIP
                    ? new ZipArchive(file)
                    : new TarArchive(file, FileStart.kind(file) == Kind.TAR_GZ));
        }
        return archives;
    }

    /// Name of a file within the place.
    String name(Path file) {
        return (file.startsWith(place) && !file.equals(place) ? place.relativize(file) : file.getFileName()).toString();
    }

    /// A text that changes with a part's files: names, lengths, times.
    String fingerprint(List<Path> part) throws IOException {
        var hash = Sha256.digest();
        for (Path file : part) {
            hash.update((name(file) + "\t" + Files.size(file) + "\t" + Files.getLastModifiedTime(file).toMillis()
                    + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return kind + " " + HexFormat.of().formatHex(hash.digest());
    }
}
