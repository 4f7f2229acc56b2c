package dev.triptych.data.source;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.LimitedDecoder;
import dev.triptych.data.file.RgbImage;
import java.io.IOException;

/// Makes pictures of the entries of a [Source], within the limits of a decoder. Thread-safe.
///
/// @param decoder with its limits of pixels, bytes and time
public record EntryDecoder(LimitedDecoder decoder) {
    /// Opens the bytes of an entry.
    @FunctionalInterface
    public interface Opening {
        /// As [Walk#open()].
        java.io.InputStream open() throws IOException;
    }

    /// Reads an entry.
    ///
    /// @throws ImageException where this one picture cannot be read
    /// @throws IOException where nothing more can be read
    public byte[] read(Source source, Entry entry, Opening opening) throws IOException {
        String where = source.where(entry);
        decoder.decoder().requireLength(entry.bytes(), where);
        return decoder.decoder().read(opening.open(), where);
    }

    /// Decodes what was read of an entry.
    ///
    /// @throws ImageException where it is no picture that is read
    public RgbImage decode(Source source, Entry entry, byte[] data) {
        String where = source.where(entry);
        if (entry.samples() != null) {
            return entry.samples().picture(data, where);
        }
        var outcome = decoder.decode(where, data);
        if (outcome.refusal() != null) {
            throw outcome.refusal();
        }
        return outcome.image();
    }

    /// What becomes of an entry. Never throws for what the picture is.
    public LimitedDecoder.Outcome outcome(Source source, Entry entry, Opening opening) throws IOException {
        try {
            byte[] data = read(source, entry, opening);
            return entry.samples() == null
                    ? decoder.decode(source.where(entry), data)
                    : new LimitedDecoder.Outcome("samples", entry.samples().picture(data, source.where(entry)), null);
        } catch (ImageException e) {
            return new LimitedDecoder.Outcome(null, null, e);
        }
    }

    /// What this decoder does differently from another, as text.
    public String settings() {
        return decoder.decoder().settings();
    }

    /// Version of what makes the pixels of a source, [ImageDecoder#VERSION]; 0 where they are stored as they are.
    public static int version(Source source) {
        return source.stored() ? 0 : ImageDecoder.VERSION;
    }
}
