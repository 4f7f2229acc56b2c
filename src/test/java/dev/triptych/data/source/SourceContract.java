package dev.triptych.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.ImageDecoderTest;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.LimitedDecoder;
import dev.triptych.data.set.BadImages;
import dev.triptych.data.set.CacheFolder;
import dev.triptych.data.set.PackSettings;
import dev.triptych.data.set.PackedSet;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every [Source] promises, on a small one that a subclass makes of the pictures that it is given.
abstract class SourceContract {
    static final EntryDecoder DECODER = new EntryDecoder(
            new LimitedDecoder(ImageDecoder.standard(), Duration.ofSeconds(60)));
    /// Side of the pictures that a subclass is to write.
    private static final int SIDE = 8;

    @TempDir
    Path folder;

    /// A picture that is to be in a source.
    ///
    /// @param label class it has; [Entry#UNLABELLED] where the source knows none
    /// @param level grey of all of its pixels
    record Wanted(String name, int label, int level) {
        /// The picture as a PNG file of [#SIDE] pixels.
        byte[] png() throws IOException {
            return png(SIDE, SIDE);
        }

        byte[] png(int width, int height) throws IOException {
            var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            for (int i = 0; i < width * height; i++) {
                image.setRGB(i % width, i / width, level * 0x10101);
            }
            return ImageDecoderTest.encode(image, "png");
        }
    }

    /// Makes the source anew on the disk, in the same place, and opens it. Its pictures, in the order of the walk:
    /// [#wanted].
    ///
    /// @param extra a picture beyond those of [#wanted], to be put into the part for training; null for none
    abstract Source make(Wanted extra) throws IOException;

    /// What [#make] puts in without `extra`; of a source without a part for testing, none there.
    abstract List<Wanted> wanted(Split part);

    /// Whether one picture can be damaged where the others stay: [#damage] does it.
    abstract boolean damages();

    /// Makes the source with the picture `victim` of the training part unreadable, and opens it.
    abstract Source damage(int victim) throws IOException;

    final List<Split> parts(Source source) {
        return source.hasTest() ? List.of(Split.TRAIN, Split.TEST) : List.of(Split.TRAIN);
    }

    static List<Entry> all(Source source, Split part) throws IOException {
        var entries = new ArrayList<Entry>();
        try (var walk = source.walk(part)) {
            for (var entry = walk.next(); entry != null; entry = walk.next()) {
                entries.add(entry);
            }
            assertNull(walk.next(), "behind the last there is none, however often it is asked");
        }
        return entries;
    }

    @Test
    void saysWhatItIs() throws IOException {
        try (var source = make(null)) {
            assertFalse(source.kind().isBlank());
            assertTrue(Path.of(source.origin()).isAbsolute(), source.origin());
            assertEquals(new HashSet<>(source.classes()).size(), source.classes().size(), "names differ");
            assertEquals(source.hasTest(), !wanted(Split.TEST).isEmpty());
        }
    }

    @Test
    void aWalkGivesEveryPictureInOrder() throws IOException {
        try (var source = make(null)) {
            for (var part : parts(source)) {
                var wanted = wanted(part);
                var names = new HashSet<String>();
                try (var walk = source.walk(part)) {
                    for (var want : wanted) {
                        var entry = walk.next();
                        assertNotNull(entry, want.name);
                        assertTrue(entry.name().contains(want.name), entry.name() + " should be " + want.name);
                        assertEquals(want.label, entry.label(), entry.name());
                        assertTrue(names.add(entry.name()), entry.name() + " twice");
                        assertFalse(source.where(entry).isBlank());
                        byte[] data = DECODER.read(source, entry, walk::open);
                        assertTrue(entry.bytes() == -1 || entry.bytes() == data.length, entry.toString());
                        byte[] planes = DECODER.decode(source, entry, data).planes();
                        assertEquals(want.level, planes[0] & 0xFF, entry.name());
                        assertEquals(want.level, planes[planes.length - 1] & 0xFF, entry.name());
                    }
                    assertNull(walk.next());
                }
            }
        }
    }

    @Test
    void labelsAreClasses() throws IOException {
        try (var source = make(null)) {
            for (var part : parts(source)) {
                for (var entry : all(source, part)) {
                    assertTrue(source.classes().isEmpty()
                            ? entry.label() == Entry.UNLABELLED
                            : entry.label() >= 0 && entry.label() < source.classes().size(), entry.toString());
                }
            }
        }
    }

    @Test
    void aSurveyCountsWhatAWalkGives() throws IOException {
        try (var source = make(null)) {
            for (var part : parts(source)) {
                var entries = all(source, part);
                for (int time = 0; time < 2; time++) {
                    var survey = source.survey(part);
                    assertEquals(entries.size(), survey.pictures());
                    assertArrayEquals(IntStream.range(0, source.classes().size())
                            .mapToLong(c -> entries.stream().filter(e -> e.label() == c).count()).toArray(),
                            survey.perClass());
                }
            }
            assertEquals(wanted(Split.TRAIN).size() + wanted(Split.TEST).size(), source.pictures(), "each once");
        }
    }

    @Test
    void walksDoNotKnowEachOther() throws IOException {
        try (var source = make(null)) {
            try (var one = source.walk(Split.TRAIN)) {
                var first = one.next();
                Entry second;
                try (var other = source.walk(Split.TRAIN)) {
                    assertEquals(first, other.next());
                    second = other.next();
                }
                assertNotEquals(first, second);
                assertArrayEquals(DECODER.read(source, first, one::open), DECODER.read(source, first, one::open),
                        "opened again while the walk stands on it");
                assertEquals(second, one.next());
            }
            assertEquals(all(source, Split.TRAIN), all(source, Split.TRAIN));
        }
    }

    /// Any order, any thread.
    @Test
    void anEntryIsFoundAgain() throws IOException {
        try (var source = make(null)) {
            var contents = new java.util.LinkedHashMap<Entry, byte[]>();
            for (var part : parts(source)) {
                try (var walk = source.walk(part)) {
                    for (var entry = walk.next(); entry != null; entry = walk.next()) {
                        contents.put(entry, DECODER.read(source, entry, walk::open));
                    }
                }
            }
            var shuffled = new ArrayList<>(contents.entrySet());
            Collections.shuffle(shuffled, new Random(1));
            if (!source.reopens()) {
                assertThrows(UnsupportedOperationException.class, () -> source.open(shuffled.getFirst().getKey()));
                return;
            }
            var failure = new AtomicReference<Throwable>();
            shuffled.stream().parallel().forEach(e -> {
                try {
                    assertArrayEquals(e.getValue(), DECODER.read(source, e.getKey(), () -> source.open(e.getKey())));
                } catch (IOException | AssertionError thrown) {
                    failure.compareAndSet(null, thrown);
                }
            });
            assertNull(failure.get());
        }
    }

    @Test
    void theFingerprintFollowsTheContent() throws IOException {
        Map<Split, String> before = new java.util.EnumMap<>(Split.class);
        long pictures;
        try (var source = make(null)) {
            pictures = source.survey(Split.TRAIN).pictures();
            for (var part : parts(source)) {
                before.put(part, source.fingerprint(part));
                assertEquals(before.get(part), source.fingerprint(part));
                assertTrue(before.get(part).length() < 10_000);
            }
        }
        try (var source = make(new Wanted("zzz", wanted(Split.TRAIN).getFirst().label, 123))) {
            assertEquals(pictures + 1, source.survey(Split.TRAIN).pictures());
            assertNotEquals(before.get(Split.TRAIN), source.fingerprint(Split.TRAIN));
        }
    }

    /// One picture that cannot be read is refused by its own name, and the walk goes on.
    @Test
    void aBadPictureIsRefusedAlone() throws IOException {
        if (!damages()) {
            return; // records of fixed length have no damage of their own
        }
        int victim = 1;
        try (var source = damage(victim); var walk = source.walk(Split.TRAIN)) {
            int i = 0;
            for (var entry = walk.next(); entry != null; entry = walk.next(), i++) {
                var picture = entry;
                if (i == victim) {
                    assertTrue(assertThrows(ImageException.class, () -> DECODER.decode(source, picture,
                            DECODER.read(source, picture, walk::open))).getMessage().contains(source.where(picture)));
                } else {
                    assertDoesNotThrow(() -> DECODER.decode(source, picture,
                            DECODER.read(source, picture, walk::open)));
                }
            }
            assertEquals(wanted(Split.TRAIN).size(), i);
        }
    }

    @Test
    void heldOutPicturesAreNotLearntFrom() throws IOException {
        try (var source = HeldOut.of(make(null))) {
            assertTrue(source.hasTest());
            var train = all(source, Split.TRAIN);
            var test = all(source, Split.TEST);
            assertEquals(train.size(), source.survey(Split.TRAIN).pictures());
            assertEquals(test.size(), source.survey(Split.TEST).pictures());
            var both = new HashSet<>(train);
            both.retainAll(test);
            assertEquals(new HashSet<>(), both);
            assertEquals(wanted(Split.TRAIN).size() + wanted(Split.TEST).size(), train.size() + test.size());
            assertFalse(test.isEmpty());
        }
    }

    /// The pixels come out of the packed file, each at its place with its label.
    @Test
    void isPacked() throws IOException {
        try (var source = make(null)) {
            var set = PackedSet.open(source, Split.TRAIN, new PackSettings(4, 0,
                    new CacheFolder(folder.resolve("cache")), DECODER, BadImages.STOP), _ -> {
                    });
            var wanted = wanted(Split.TRAIN);
            assertEquals(wanted.size(), set.size());
            assertEquals(source.classes(), set.classes());
            byte[] pixels = new byte[3 * 16];
            for (int i = 0; i < wanted.size(); i++) {
                set.pixels(i, pixels, 0);
                assertEquals(wanted.get(i).level, pixels[7] & 0xFF, wanted.get(i).name);
                assertEquals(Math.max(0, wanted.get(i).label), set.label(i));
            }
        }
        // nothing is held open that would keep a folder from being deleted
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Collections.reverseOrder()).filter(f -> !f.equals(folder)).toList()) {
                Files.delete(file);
            }
        }
    }
}
