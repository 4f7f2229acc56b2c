package dev.triptych.data.source;

import dev.triptych.data.archive.NameHashes;
import dev.triptych.data.file.ImageException;
import dev.triptych.io.Sha256;
import dev.triptych.recipe.DataSection.Labels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Pictures that a file lists: a path a line (`.txt`, `.lst`, `.list`), or `file,label` in a CSV or TSV file, with a
/// first row that names the columns or without. Paths are relative to the list's folder, or absolute; they may lead
/// anywhere, since somebody wrote them there. Order is that of the list.
///
/// A label of several with semicolons between them, `cat;dog`, is a class of its own, whose pictures are relevant to
/// those of every class with which it shares a label.
///
/// A list called `train.csv`, or another name with this word, has its part for testing in `test.csv` (`val`, `valid`,
/// `validation`) beside it.
public final class ListSource implements Source {
    private static final List<String> ENDINGS = List.of(".csv", ".tsv", ".txt", ".lst", ".list");
    private static final List<String> TEST = List.of("test", "val", "valid", "validation");

    private final Path list;
    private final Path test;
    private final FolderFiles.Links links = new FolderFiles.Links(null);
    private final boolean labelled;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> classes;
    private final Map<Split, Listing> listings = new EnumMap<>(Split.class);

    private record Listing(Survey survey, String fingerprint) {
    }

    /// Reads the classes of a list.
    ///
    /// @throws ImageException where it is no list of this form
    public ListSource(Path list, SourceOptions options) throws IOException {
        this.list = list;
        this.test = options.parts() == dev.triptych.recipe.DataSection.Parts.NONE ? null : beside(list);
        var names = new HashSet<String>();
        boolean any = false;
        try (var rows = new ListRows(list)) {
            for (var row = rows.next(); row != null; row = rows.next()) {
                boolean label = row.label() != null && !row.label().isEmpty();
                if (options.labels() != Labels.NONE && rows.labelled() && label == names.isEmpty() && any) {
                    throw new ImageException(list, "row " + row.line() + (label
                            ? " has a label, those before it have none"
                            : " has no label, those before it have some"), "Label all of them, or use none: "
                                    + "data.labels=none");
                }
                any = true;
                if (label) {
                    names.add(row.label());
                }
            }
        }
        if (!any) {
            throw new ImageException(list, "it lists no pictures", "Write a path in each line");
        }
        labelled = options.labels() != Labels.NONE && !names.isEmpty();
        if (labelled && test != null && SeveralLabels.areIn(names)) {
            names.addAll(combined(names));
        }
        boolean whole = names.stream().allMatch(name -> name.matches("\\d{1,9}"));
        classes = labelled
                ? names.stream().sorted(whole
                        ? Comparator.comparingInt(Integer::parseInt)
                        : Comparator.naturalOrder()).toList()
                : List.of();
        classes.forEach(name -> numbers.put(name, numbers.size()));
    }

    /// Classes of the test part that training does not have, but whose labels it has, each: of several labels, few
    /// combinations are in both.
    private List<String> combined(Collection<String> names) throws IOException {
        var known = names.stream().flatMap(name -> SeveralLabels.of(name).stream()).collect(Collectors.toSet());
        var found = new ArrayList<String>();
        try (var rows = new ListRows(test)) {
            for (var row = rows.next(); row != null; row = rows.next()) {
                if (row.label() != null && !row.label().isEmpty() && known.containsAll(SeveralLabels.of(row.label()))) {
                    found.add(row.label());
                }
            }
        }
        return found;
    }

    /// Whether a file is a list by its name.
    public static boolean isHere(Path file) {
        String name = file.getFileName() == null ? "" : file.getFileName().toString().toLowerCase(Locale.ROOT);
        return Files.isRegularFile(file) && ENDINGS.stream().anyMatch(name::endsWith);
    }

    private static Path beside(Path list) {
        String name = list.getFileName().toString();
        int at = name.toLowerCase(Locale.ROOT).lastIndexOf("train");
        if (at < 0) {
            return null;
        }
        return TEST.stream().map(part -> list.resolveSibling(name.substring(0, at) + part + name.substring(at + 5)))
                .filter(Files::isRegularFile).findFirst().orElse(null);
    }

    @Override
    public String kind() {
        return labelled ? "a list of files with labels" : "a list of files";
    }

    @Override
    public String origin() {
        return list.toAbsolutePath().normalize().toString();
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public boolean hasTest() {
        return test != null;
    }

    @Override
    public List<String> remarks() {
        var remarks = new ArrayList<String>();
        if (test != null) {
            remarks.add("The part for testing is " + test.getFileName() + " beside it.");
        }
        if (!labelled) {
            remarks.add("No labels: the list gives none.");
        }
        return remarks;
    }

    @Override
    public Survey survey(Split part) throws IOException {
        return listing(part).survey;
    }

    @Override
    public String fingerprint(Split part) throws IOException {
        return listing(part).fingerprint;
    }

    private synchronized Listing listing(Split part) throws IOException {
        var known = listings.get(part);
        if (known != null) {
            return known;
        }
        var hash = Sha256.digest();
        var seen = new NameHashes();
        long[] perClass = new long[classes.size()];
        long pictures = 0;
        try (var walk = walk(part)) {
            for (var entry = walk.next(); entry != null; entry = walk.next()) {
                if (!seen.add(entry.name())) {
                    throw new ImageException(file(part), "it lists " + entry.name() + " twice",
                            "Remove one of the two lines");
                }
                pictures++;
                if (labelled) {
                    perClass[entry.label()]++;
                }
                hash.update((entry.name() + "\t" + entry.label() + "\t" + entry.bytes() + "\t" + modified(entry) + "\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
        var listing = new Listing(new Survey(pictures, perClass, new TreeMap<>()),
                HexFormat.of().formatHex(hash.digest()));
        listings.put(part, listing);
        return listing;
    }

    private Path file(Split part) {
        return part == Split.TRAIN ? list : test;
    }

    private Path resolve(String name) {
        try {
            return list.resolveSibling(name);
        } catch (java.nio.file.InvalidPathException e) {
            throw new ImageException(list, "it lists '" + name + "', which can be no path: " + e.getReason(),
                    "Correct the line");
        }
    }

    private long modified(Entry entry) throws IOException {
        Path file = resolve(entry.name());
        return Files.exists(file) ? Files.getLastModifiedTime(file).toMillis() : 0;
    }

    private Entry entry(Split part, ListRows.Row row) {
        long bytes;
        try {
            bytes = Files.readAttributes(resolve(row.file()), BasicFileAttributes.class).size();
        } catch (IOException e) {
            bytes = -1; // said when it is opened
        }
        if (!labelled) {
            return Entry.file(row.file(), Entry.UNLABELLED, bytes);
        }
        var number = numbers.get(row.label());
        if (number == null) {
            throw new ImageException(file(part), "row " + row.line() + " has the label '" + row.label()
                    + "', which training does not have", "Correct it, or use no labels: data.labels=none");
        }
        return Entry.file(row.file(), number, bytes);
    }

    @Override
    public Walk walk(Split part) throws IOException {
        var rows = new ListRows(file(part));
        return new Walk() {
            private Entry at;

            @Override
            public Entry next() throws IOException {
                var row = rows.next();
                at = row == null ? null : entry(part, row);
                return at;
            }

            @Override
            public InputStream open() throws IOException {
                return ListSource.this.open(at);
            }

            @Override
            public void close() throws IOException {
                rows.close();
            }
        };
    }

    @Override
    public boolean reopens() {
        return true;
    }

    @Override
    public InputStream open(Entry entry) throws IOException {
        return links.open(resolve(entry.name()));
    }

    @Override
    public String where(Entry entry) {
        return resolve(entry.name()).toString();
    }
}
