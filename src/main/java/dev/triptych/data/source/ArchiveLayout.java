package dev.triptych.data.source;

import dev.triptych.data.file.ImageException;
import dev.triptych.recipe.DataSection.Labels;
import dev.triptych.recipe.DataSection.Parts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// How the pictures of archives lie: as [FolderLayout] has it of folders, by the paths within, or with labels in files
/// beside the pictures.
///
/// @param train folder of the pictures to learn from
/// @param test folder of those to judge with; null where the archives hold one part alone
/// @param labels never [Labels#AUTO]
/// @param keyed whether labels lie in files beside the pictures
/// @param classes names, in order; empty where there are none
/// @param remarks what was found by itself
record ArchiveLayout(String train, String test, Labels labels, boolean keyed, List<String> classes,
        List<String> remarks) {
    /// Looks at what archives hold.
    ///
    /// @param parts whether folders may be parts: not where whole archives are
    static ArchiveLayout of(Path place, ArchiveListing listing, SourceOptions options, boolean parts) {
        var remarks = new ArrayList<String>();
        String root = root(listing, parts ? PartNames.TRAIN : List.of());
        String train = root;
        String test = null;
        if (parts) {
            var names = PartNames.of(place, listing.below(root));
            String found = below(root, names.train());
            test = below(root, names.test());
            requireClear(place, listing.below(root), found, test, options.parts());
            if (found != null) {
                var others = listing.below(root);
                others.remove(ArchiveListing.first(found.substring(root.isEmpty() ? 0 : root.length() + 1)));
                if (test != null) {
                    others.remove(test.substring(root.isEmpty() ? 0 : root.length() + 1));
                }
                if (!others.isEmpty()) {
                    remarks.add("Beside the parts, not looked at: " + some(others) + ".");
                }
                train = found;
            }
        }
        boolean keyed = options.labels() == Labels.AUTO && !listing.labels().isEmpty();
        if (keyed && listing.withoutLabel() != null) {
            throw new ImageException(listing.withoutLabel(), "it has no label, though other pictures of "
                    + place.getFileName() + " have one in a file .cls or .json next to them",
                    "Pack the files of one sample next to each other (tar --sort=name); or use no labels: "
                            + "data.labels=none");
        }
        var labels = keyed ? Labels.FOLDERS : labels(listing, train, options.labels(), remarks);
        return new ArchiveLayout(train, test, labels, keyed,
                keyed ? sorted(listing.labels().keySet()) : classes(place, listing, train, labels),
                List.copyOf(remarks));
    }

    /// The innermost folder that holds all pictures, without going into a part or a class.
    ///
    /// @param closed names that are not gone into
    static String root(ArchiveListing listing, Collection<String> closed) {
        String root = "";
        while (!listing.folders().containsKey(root)) {
            var below = listing.below(root);
            if (below.size() != 1 || closed.contains(below.first()) || closed.contains(below.first()
                    .toLowerCase(Locale.ROOT))) {
                return root;
            }
            root = root.isEmpty() ? below.first() : root + "/" + below.first();
        }
        return root;
    }

    private static String below(String root, String name) {
        return name == null || root.isEmpty() ? name : root + "/" + name;
    }

    private static void requireClear(Path place, Collection<String> below, String train, String test, Parts parts) {
        if (parts == Parts.FOLDERS && train == null) {
            throw new ImageException(place, "it has no folder train, though data.parts is folders",
                    "Expected train and test; leave data.parts out to have one part made two");
        }
        if (parts == Parts.AUTO && train == null != (test == null) && below.size() > 1) {
            throw new ImageException(place,
                    "it has the folders " + some(below) + ", of train and test but one: is it a "
                            + "part, or a class like the others?",
                    "Give data.parts=none if it is a class, data.parts=folders if it is the part to learn from");
        }
        if (parts == Parts.AUTO && train == null && test != null) {
            throw new ImageException(place, "it has a folder " + test + " and none to learn from",
                    "Add train; or give data.parts=none to use what is there");
        }
    }

    private static Labels labels(ArchiveListing listing, String train, Labels asked, List<String> remarks) {
        var below = listing.below(train);
        long loose = listing.folders().getOrDefault(train, 0L);
        if (asked == Labels.AUTO && (loose > 0 || below.isEmpty())) {
            remarks.add("No labels: "
                    + (below.isEmpty()
                            ? "the pictures lie in no folders."
                            : loose + " pictures lie beside " + below.size() + " folders. If these are classes: "
                                    + "data.labels=folders."));
            return Labels.NONE;
        }
        return asked == Labels.AUTO ? Labels.FOLDERS : asked;
    }

    private static List<String> classes(Path place, ArchiveListing listing, String train, Labels labels) {
        var names = switch (labels) {
            case NONE -> List.<String>of();
            case NESTED -> listing.folders().keySet().stream().map(path -> ArchiveListing.rest(train, path))
                    .filter(rest -> rest != null).map(rest -> rest.isEmpty() ? "." : rest).sorted().toList();
            default -> List.copyOf(listing.below(train));
        };
        if (names.isEmpty() && labels != Labels.NONE) {
            throw new ImageException(place, "it has no class folders",
                    "Expected <class>/ with image files; or data.labels=none to use pictures without classes");
        }
        return names;
    }

    /// Numbers in their order, else names in theirs.
    static List<String> sorted(Collection<String> names) {
        boolean numbers = names.stream().allMatch(name -> name.matches("[0-9]{1,18}"));
        return names.stream().sorted(numbers
                ? Comparator.comparingLong((String name) -> Long.parseLong(name)).thenComparing(name -> name)
                : Comparator.naturalOrder()).toList();
    }

    static String some(Collection<String> names) {
        int shown = 3;
        return names.stream().limit(shown).collect(Collectors.joining(", "))
                + (names.size() > shown ? " and " + (names.size() - shown) + " more" : "");
    }

    /// The class by folders of a picture that lies in `folder`; null where it lies beside the class folders.
    ///
    /// @param part folder of its part
    String className(String part, String folder) {
        String rest = ArchiveListing.rest(part, folder);
        if (labels == Labels.NESTED) {
            return rest.isEmpty() ? "." : rest;
        }
        return rest.isEmpty() ? null : ArchiveListing.first(rest);
    }
}
