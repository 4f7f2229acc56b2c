package dev.triptych.data.set;

import dev.triptych.data.source.EntryDecoder;

/// How one part of a source is packed.
///
/// @param side width and height to which pictures are brought
/// @param wanted how many pictures are used, drawn all over the part; 0 for all
/// @param cache where packed sets lie
/// @param decoder reads the pictures
/// @param bad what becomes of pictures that cannot be read
/// @param squares whether squares are packed; if not, each picture is decoded whenever it is used
/// @param longest bytes of a file, but for one that holds a single picture
public record PackSettings(int side, int wanted, CacheFolder cache, EntryDecoder decoder, BadImages bad,
        boolean squares, long longest) {
    /// Bytes of a file where nothing else is said.
    public static final long LONGEST = 1L << 30;

    /// Squares, in files of at most [#LONGEST] bytes.
    public PackSettings(int side, int wanted, CacheFolder cache, EntryDecoder decoder, BadImages bad) {
        this(side, wanted, cache, decoder, bad, true, LONGEST);
    }

    /// How many of so many are used.
    int count(int all) {
        return wanted == 0 ? all : Math.min(wanted, all);
    }

    /// Pictures of a file, of which there are `count` in all.
    int each(int count) {
        return Math.clamp(longest / record(), 1, Math.max(1, count));
    }

    /// Bytes of a picture.
    long record() {
        return 3L * side * side;
    }
}
