package dev.triptych.data.set;

import dev.triptych.data.source.EntryDecoder;

/// How one part of a source is packed.
///
/// @param side width and height to which pictures are brought
/// @param wanted how many pictures are used, drawn all over the part; 0 for all
/// @param cache where packed sets lie
/// @param decoder reads the pictures
/// @param bad what becomes of pictures that cannot be read
public record PackSettings(int side, int wanted, CacheFolder cache, EntryDecoder decoder, BadImages bad) {
    /// How many of so many are used.
    int count(int all) {
        return wanted == 0 ? all : Math.min(wanted, all);
    }
}
