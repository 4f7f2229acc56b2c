package dev.triptych.data.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Pictures as somebody has them: a folder, a list, an archive. Everything that uses pictures sees this alone.
///
/// A source is gone through in sequence ([#walk]), always in the same order, with no more in memory than it needs for
/// one step; and where it can, it finds any one picture again ([#open]). It knows nothing of sizes in pixels, of
/// squares or of batches: those are made of it by [dev.triptych.data.set].
///
/// Two parts, one to learn from and one to judge with. A source that has but one is made two by [HeldOut], which
/// [Sources] sees to. Walks and openings are safe from several threads at once. Nothing may be opened after closing.
///
/// `SourceContract`, among the tests, holds what is promised here; a new source comes with a subclass of it.
public interface Source extends AutoCloseable {
    /// What it is, for people: `class folders`, `a list of files`, `CIFAR-10, binary version`.
    String kind();

    /// Its place, absolute: with [#fingerprint] what packed pictures are known by.
    String origin();

    /// Class names, in the order of their numbers, the same for both parts; empty where there are no labels.
    List<String> classes();

    /// Whether it has a part for testing of its own. If not, [#walk] of [Split#TRAIN] gives everything, and
    /// [Split#TEST] is not asked for.
    boolean hasTest();

    /// Counts one part. May take a walk; the second time it is known.
    ///
    /// @throws dev.triptych.data.file.ImageException where the part is not as it should be
    Survey survey(Split part) throws IOException;

    /// Pictures of all parts.
    ///
    /// @throws dev.triptych.data.file.ImageException where a part is not as it should be
    default long pictures() throws IOException {
        return survey(Split.TRAIN).pictures() + (hasTest() ? survey(Split.TEST).pictures() : 0);
    }

    /// A new walk through one part.
    ///
    /// @throws dev.triptych.data.file.ImageException where the part is not as it should be
    Walk walk(Split part) throws IOException;

    /// Whether [#open] finds any entry again. If not, pictures are read while a walk stands on them.
    boolean reopens();

    /// The bytes of an entry that a walk gave, at any time and from any thread; to be closed by the caller.
    ///
    /// @throws dev.triptych.data.file.ImageException where this one picture cannot be opened
    /// @throws UnsupportedOperationException where the source does not reopen
    InputStream open(Entry entry) throws IOException;

    /// A text that changes whenever a picture of a part, a label or their order may have changed: names, sizes and
    /// times of files. Of bounded length, whatever the number of pictures.
    String fingerprint(Split part) throws IOException;

    /// Whether pixels are stored as they are, so that no decoder makes them.
    default boolean stored() {
        return false;
    }

    /// What people should know of how this source is taken, a sentence each: why there are no labels, what is held out,
    /// which folders are not looked at.
    default List<String> remarks() {
        return List.of();
    }

    /// Name of an entry for messages: where somebody finds it.
    default String where(Entry entry) {
        return origin() + "/" + entry.name();
    }

    @Override
    default void close() throws IOException {
        // most sources hold nothing open
    }
}
