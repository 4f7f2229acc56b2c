package dev.triptych.data.source;

import dev.triptych.data.archive.Archive;

/// Places in one of many files as one number: 20 bits for the file, 43 for the place within.
final class Shards {
    /// Files that can be told apart.
    static final int MOST = 1 << 20;

    private Shards() {
    }

    static long place(int shard, long within) {
        return shard * Archive.MAX_LENGTH + within;
    }

    static int shard(long place) {
        return (int) (place / Archive.MAX_LENGTH);
    }

    static long within(long place) {
        return place % Archive.MAX_LENGTH;
    }
}
