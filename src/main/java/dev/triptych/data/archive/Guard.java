package dev.triptych.data.archive;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/// What every file of an archive must keep to, asked of one after the other: names that stay in the archive and differ,
/// and limits of number and bytes.
final class Guard {
    private static final String AGAIN = "Pack it again from the pictures alone";

    private final Archive archive;
    private final long length;
    /// Null where names given twice are not looked for.
    private final NameHashes names;
    private long files;
    private long unpacked;

    Guard(Archive archive, boolean checked) throws IOException {
        this.archive = archive;
        length = Files.size(archive.file());
        names = checked ? new NameHashes() : null;
        if (length >= Archive.MAX_LENGTH) {
            throw refused(Refusal.TOO_MANY_BYTES, "it has " + length + " bytes, expected fewer than "
                    + Archive.MAX_LENGTH, "Split it into shards");
        }
    }

    /// Length of the archive itself.
    long length() {
        return length;
    }

    /// The name of a file or folder, cleaned of `.`.
    ///
    /// @throws ImageException where it leads out of the archive, or is no text
    String name(String raw) {
        var parts = new ArrayList<String>();
        for (String part : raw.split("/", -1)) {
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        boolean leaves = parts.stream().anyMatch(part -> part.equals("..") || part.startsWith("..\\")
                || part.endsWith("\\..") || part.contains("\\..\\"));
        if (leaves || raw.startsWith("/") || raw.startsWith("\\") || raw.matches("(?s)[A-Za-z]:.*")) {
            throw refused(Refusal.UNSAFE_NAME, "it holds a file named '" + printable(raw)
                    + "', which leads out of the archive", AGAIN + ", with names relative to their folder");
        }
        if (raw.indexOf('\uFFFD') >= 0 || raw.chars().anyMatch(c -> c < ' ')) {
            throw refused(Refusal.UNSAFE_NAME, "it holds a file named '" + printable(raw)
                    + "', which is no text in UTF-8", "Pack it again with names in UTF-8");
        }
        return String.join("/", parts);
    }

    /// The next file of the archive.
    ///
    /// @throws ImageException where it is one too many, or breaks a rule
    Member admit(String raw, long bytes, long place) throws IOException {
        String name = name(raw);
        if (name.isEmpty() || raw.endsWith("/")) {
            throw refused(Refusal.UNSAFE_NAME, "it holds a file named '" + printable(raw) + "', expected a name",
                    AGAIN);
        }
        if (++files > Archive.MAX_FILES) {
            throw refused(Refusal.TOO_MANY_FILES, "it holds more than " + Archive.MAX_FILES + " files",
                    "Split it into shards");
        }
        if (bytes < 0) {
            throw damaged("'" + printable(raw) + "' in it has a length of " + bytes + " bytes", null);
        }
        unpack(bytes);
        if (names != null && !names.add(name)) {
            requireNew(name, files);
        }
        return new Member(name, bytes, place);
    }

    /// Counts bytes that the archive unpacks to.
    void unpack(long bytes) {
        unpacked = Math.addExact(unpacked, bytes);
        if (unpacked > Archive.FREE && unpacked / Archive.MAX_RATIO > length) {
            throw refused(Refusal.UNPACKS_TOO_LARGE, "its " + length + " bytes unpack to " + unpacked
                    + " or more, expected at most " + Archive.MAX_RATIO + " times as many",
                    "If it is what you mean, unpack it yourself and give the folder");
        }
    }

    /// Two names may have one hash: only a name that really was there before is refused.
    private void requireNew(String name, long number) throws IOException {
        try (var before = archive.members(false)) {
            long n = 1;
            for (var member = before.next(); n < number && member != null; member = before.next(), n++) {
                if (member.name().equals(name)) {
                    throw refused(Refusal.DUPLICATE_NAME, "it holds two files named '" + name + "', number " + n
                            + " and number " + number, AGAIN + ": which of the two is meant cannot be known");
                }
            }
        }
    }

    /// A link, which is never followed.
    ImageException link(String raw, String target) {
        return refused(Refusal.ARCHIVED_LINK, "it holds a link, '" + printable(raw) + "'"
                + (target.isEmpty() ? "" : " to '" + printable(target) + "'") + ", expected files alone",
                "Pack it again with what links lead to (tar --dereference --hard-dereference; zip does so by itself)");
    }

    /// The archive is not as its format has it.
    ImageException damaged(String reason, Throwable cause) {
        return damaged(archive.file(), reason, cause);
    }

    static ImageException damaged(Path file, String reason, Throwable cause) {
        return new ImageException(Refusal.DAMAGED_ARCHIVE, file, reason, "Copy, download or pack it again", cause);
    }

    ImageException refused(Refusal refusal, String reason, String remedy) {
        return new ImageException(refusal, archive.file(), reason, remedy, null);
    }

    static String printable(String raw) {
        int longest = 200;
        return raw.substring(0, Math.min(raw.length(), longest)).replaceAll("\\p{Cntrl}", "?");
    }

    /// What an exception of a library says.
    static String reason(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
