package dev.triptych.data.source;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/// Names of files as bytes and as text. Unix has bytes; Java makes text of them in the encoding of the locale, and what
/// is none becomes U+FFFD, so that two names may become one.
public final class FileNames {
    private static final char REPLACED = '\uFFFD';

    private FileNames() {
    }

    /// The encoding in which Java takes the names of files.
    public static String encoding() {
        return System.getProperty("sun.jnu.encoding", "unknown");
    }

    /// Whether the last name of a path is known exactly.
    public static boolean known(Path path) {
        String name = path.getFileName().toString();
        if (name.indexOf(REPLACED) < 0) {
            return true;
        }
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(path)));
            return text.toString().equals(name); // a name may hold U+FFFD itself
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /// The bytes of the last name of a path.
    static byte[] bytes(Path path) {
        // an URI has them, percent-encoded, where the path's text has U+FFFD
        String raw = path.toUri().getRawPath();
        String last = raw.substring(raw.lastIndexOf('/', raw.length() - 2) + 1).replaceFirst("/$", "");
        byte[] bytes = new byte[last.length()];
        int n = 0;
        for (int i = 0; i < last.length(); i++) {
            boolean coded = last.charAt(i) == '%';
            bytes[n++] = (byte) (coded ? HexFormat.fromHexDigits(last, i + 1, i + 3) : last.charAt(i));
            i += coded ? 2 : 0;
        }
        return Arrays.copyOf(bytes, n);
    }

    /// The bytes of the last name of a path in hex: `63 61 66 e9`.
    public static String hex(Path path) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes(path));
    }

    /// Why the last name of a path is not known, and what helps.
    static String reason(Path path) {
        return "the bytes of its name, " + hex(path) + ", are no text in " + encoding()
                + ", in which Java takes the names of files here";
    }

    /// What helps.
    static String remedy() {
        return encoding().equals("UTF-8")
                ? "Rename it (convmv makes UTF-8 of other encodings)"
                : "Start with ./triptych, or set LC_ALL=C.UTF-8";
    }
}
