package dev.triptych.data.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import dev.triptych.data.archive.Archive;
import dev.triptych.data.archive.Member;
import dev.triptych.data.archive.Members;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.LeftOut;
import dev.triptych.data.file.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What lies in some archives, counted in one walk: pictures of each folder, and pictures of each label where files
/// beside them name one, as WebDataset has it: `key.jpg` with `key.cls`, or `key.json` with a field `label`. Its memory
/// is that of the folders and labels, not of the pictures.
final class ArchiveListing {
    /// Different folders, or labels, that are told apart.
    private static final int MOST = 1 << 20;
    private static final int LONGEST_LABEL = 1 << 8;
    private static final int LONGEST_JSON = 1 << 16;

    private final SortedMap<String, Long> folders = new TreeMap<>();
    private final SortedMap<String, Long> labels = new TreeMap<>();
    private final SortedMap<String, Long> labelFiles = new TreeMap<>();
    private final LeftOut leftOut = new LeftOut();
    private String withoutLabel;

    /// The samples of a walk: files one after the other whose names are equal up to the first dot.
    private final class Sample {
        private String key = "";
        private String label;
        private String first;
        private long pictures;

        void begin(String next, Archive archive) {
            if (pictures > 0 && label != null) {
                count(labels, label, pictures, archive);
            } else if (pictures > 0 && withoutLabel == null) {
                withoutLabel = archive.file() + "/" + first;
            }
            key = next;
            label = null;
            pictures = 0;
        }
    }

    /// Lists archives, and looks for files of one name in each.
    static ArchiveListing of(List<Archive> archives) throws IOException {
        var listing = new ArchiveListing();
        for (var archive : archives) {
            try (var members = archive.members(true)) {
                var sample = listing.new Sample();
                for (var member = members.next(); member != null; member = members.next()) {
                    if (!key(member).equals(sample.key)) {
                        sample.begin(key(member), archive);
                    }
                    listing.add(members, member, sample, archive);
                }
                sample.begin("", archive);
            }
        }
        return listing;
    }

    private void add(Members members, Member member, Sample sample, Archive archive) throws IOException {
        String label = label(members, member, archive);
        if (label != null) {
            labelFiles.merge("*." + extension(member), 1L, Long::sum);
            boolean json = extension(member).equals("json");
            sample.label = json && sample.label != null ? sample.label : label;
        } else if (takes(members, member, leftOut)) {
            count(folders, member.folder(), 1, archive);
            sample.first = sample.pictures++ == 0 ? member.name() : sample.first;
        }
    }

    /// Whether a file is a picture; if not, it is counted.
    static boolean takes(Members members, Member member, LeftOut leftOut) {
        return isHidden(member.folder())
                ? leftOut.count("hidden folder")
                : leftOut.takes(member.lastName(), members::head);
    }

    private static boolean isHidden(String folder) {
        return folder.startsWith(".") || folder.contains("/.");
    }

    private static void count(SortedMap<String, Long> counts, String name, long more, Archive archive) {
        counts.merge(name, more, Long::sum);
        if (counts.size() > MOST) {
            throw new ImageException(Refusal.TOO_MANY_FILES, archive.file(), "its pictures have more than " + MOST
                    + " different folders or labels", "Pack them in fewer folders", null);
        }
    }

    /// The name up to the first dot, with its folder: what the files of one sample share.
    static String key(Member member) {
        int dot = member.name().indexOf('.', member.name().lastIndexOf('/') + 1);
        return dot < 0 ? member.name() : member.name().substring(0, dot);
    }

    private static String extension(Member member) {
        return member.name().substring(member.name().lastIndexOf('.') + 1);
    }

    /// The label that a file holds; null where it is none that does.
    static String label(Members members, Member member, Archive archive) throws IOException {
        return switch (extension(member)) {
            case "cls" -> {
                String text = new String(members.head(LONGEST_LABEL), StandardCharsets.UTF_8).strip();
                if (member.bytes() > LONGEST_LABEL || text.isEmpty() || text.chars().anyMatch(c -> c < ' ')) {
                    throw new ImageException(archive.file() + "/" + member.name(), "it has " + member.bytes()
                            + " bytes, expected the number or the name of a class",
                            "Pack it again; or use no labels: data.labels=none");
                }
                yield text;
            }
            case "json" -> member.bytes() > LONGEST_JSON ? null : jsonLabel(members.head(LONGEST_JSON));
            default -> null;
        };
    }

    private static String jsonLabel(byte[] json) {
        try (var in = new JsonFactory().createParser(json)) {
            if (in.nextToken() == JsonToken.START_OBJECT) {
                while (in.nextToken() == JsonToken.FIELD_NAME) {
                    boolean here = in.currentName().equals("label") || in.currentName().equals("cls");
                    var value = in.nextToken();
                    if (here && (value == JsonToken.VALUE_NUMBER_INT || value == JsonToken.VALUE_STRING)) {
                        String text = in.getText().strip();
                        return text.isEmpty() || text.length() > LONGEST_LABEL ? null : text;
                    }
                    in.skipChildren();
                }
            }
            return null;
        } catch (IOException e) {
            return null; // a description of another kind; it is counted as left out
        }
    }

    /// Pictures that lie directly in each folder.
    SortedMap<String, Long> folders() {
        return folders;
    }

    /// Pictures of each label.
    SortedMap<String, Long> labels() {
        return labels;
    }

    /// A picture that has no label; null where all have one.
    String withoutLabel() {
        return withoutLabel;
    }

    /// What is no picture.
    ///
    /// @param keyed whether labels are taken from the files beside the pictures, which are not left out then
    SortedMap<String, Long> leftOut(boolean keyed) {
        var counts = new TreeMap<>(leftOut.counts());
        if (!keyed) {
            labelFiles.forEach((what, n) -> counts.merge(what, n, Long::sum));
        }
        return counts;
    }

    /// What lies directly in a folder: names of folders that hold pictures, at any depth.
    TreeSet<String> below(String folder) {
        var names = new TreeSet<String>();
        for (String path : folders.keySet()) {
            String rest = rest(folder, path);
            if (rest != null && !rest.isEmpty()) {
                names.add(first(rest));
            }
        }
        return names;
    }

    /// The path from one folder to another; empty for itself, null where the other does not lie in it.
    static String rest(String folder, String path) {
        if (folder.isEmpty() || path.equals(folder)) {
            return folder.isEmpty() ? path : "";
        }
        return path.startsWith(folder + "/") ? path.substring(folder.length() + 1) : null;
    }

    /// The first name of a path.
    static String first(String path) {
        int slash = path.indexOf('/');
        return slash < 0 ? path : path.substring(0, slash);
    }
}
