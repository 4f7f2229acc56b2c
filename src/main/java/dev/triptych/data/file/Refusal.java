package dev.triptych.data.file;

import java.util.Locale;

/// Why a file is not decoded, by name.
public enum Refusal {
    /// A link whose target lies outside the data folder.
    LINK_LEAVES_FOLDER,
    /// A link to a folder inside the data folder, which is listed at its own place.
    LINKED_FOLDER,
    /// A pipe, a device or a socket.
    NOT_A_FILE,
    /// It cannot be opened or read.
    UNREADABLE,
    /// No bytes at all.
    EMPTY,
    /// More bytes than are read.
    TOO_MANY_BYTES,
    /// Its first bytes are those of no image format.
    NOT_AN_IMAGE,
    /// An image format that is known, but not read.
    OTHER_FORMAT,
    /// A header that promises no pixels.
    NO_PIXELS,
    /// A header that promises more pixels than are decoded.
    TOO_MANY_PIXELS,
    /// More memory than this Java has.
    TOO_LITTLE_MEMORY,
    /// Decoding takes longer than is allowed.
    TOO_SLOW,
    /// A variant of its format that is known and not read.
    UNSUPPORTED,
    /// Its decoder gives up: it is damaged, or of an unknown variant.
    UNDECODABLE,
    /// An archive's file whose name leads out of it, or is no text.
    UNSAFE_NAME,
    /// A link in an archive.
    ARCHIVED_LINK,
    /// Two files of an archive with one name.
    DUPLICATE_NAME,
    /// More files in an archive than are listed.
    TOO_MANY_FILES,
    /// An archive that unpacks to more than its length allows.
    UNPACKS_TOO_LARGE,
    /// An archive that is truncated, or not as its format has it.
    DAMAGED_ARCHIVE,
    /// A folder or set that is not as it should be.
    UNUSABLE_SET;

    /// The name in listings: `too-many-pixels`.
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
