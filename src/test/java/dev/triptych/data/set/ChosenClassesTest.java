package dev.triptych.data.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.source.Split;
import dev.triptych.data.view.CorruptedSet;
import dev.triptych.data.view.PictureCorruption;
import dev.triptych.recipe.DataSection;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Some classes of a set, and sets made worse.
class ChosenClassesTest {
    private final ImageSet scenes = ImageSets.scenes(new DataSource.Generated(1, 40, 40), Split.TRAIN, 16);

    /// Two parts of the classes are the whole set: every picture in one of them, with its own class, pixels and mask.
    @Test
    void firstAndAfterAreTheWholeSet() {
        var first = ChosenClasses.of(scenes, "first:2");
        var after = ChosenClasses.of(scenes, "after:2");
        assertEquals(scenes.classes().subList(0, 2), first.classes());
        assertEquals(scenes.classes().subList(2, scenes.classes().size()), after.classes());
        assertEquals(40, first.size() + after.size());
        int[] seen = new int[2];
        for (int i = 0; i < 40; i++) {
            int part = scenes.label(i) < 2 ? 0 : 1;
            same(i, part == 0 ? first : after, seen[part]++);
        }
    }

    private void same(int i, ImageSet part, int k) {
        assertEquals(scenes.className(i), part.className(k));
        byte[] pixels = new byte[3 * 256];
        byte[] chosen = new byte[3 * 256];
        scenes.pixels(i, pixels, 0);
        part.pixels(k, chosen, 0);
        assertArrayEquals(pixels, chosen);
        byte[] mask = new byte[256];
        byte[] chosenMask = new byte[256];
        scenes.mask(i, mask, 0);
        part.mask(k, chosenMask, 0);
        assertArrayEquals(mask, chosenMask);
    }

    /// In the order of the set, however they are named.
    @Test
    void classesByName() {
        var all = scenes.classes();
        var set = ChosenClasses.of(scenes, all.get(3) + "; " + all.get(1));
        assertEquals(List.of(all.get(1), all.get(3)), set.classes());
        long expected = IntStream.range(0, 40).filter(i -> scenes.label(i) == 1 || scenes.label(i) == 3).count();
        assertEquals(expected, set.size());
        for (int i = 0; i < set.size(); i++) {
            assertTrue(set.label(i) == 0 || set.label(i) == 1);
        }
    }

    /// A name may have commas; of names without, commas divide.
    @Test
    void commasInNamesAndBetweenThem() {
        assertEquals(List.of(scenes.classes().get(2)),
                ChosenClasses.of(scenes, scenes.classes().get(2)).classes());
        var plain = new PlainNames(scenes);
        assertEquals(List.of("class0", "class4"), ChosenClasses.of(plain, "class4, class0").classes());
    }

    /// The scenes with names without commas.
    private record PlainNames(ImageSet set) implements ImageSet {
        @Override
        public int size() {
            return set.size();
        }

        @Override
        public int side() {
            return set.side();
        }

        @Override
        public List<String> classes() {
            return IntStream.range(0, set.classes().size()).mapToObj(i -> "class" + i).toList();
        }

        @Override
        public int label(int i) {
            return set.label(i);
        }

        @Override
        public void pixels(int i, byte[] rgbPlanar, int at) {
            set.pixels(i, rgbPlanar, at);
        }

        @Override
        public boolean hasMasks() {
            return false;
        }

        @Override
        public void mask(int i, byte[] mask, int at) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void whatThereIsNotIsNamed() {
        for (String words : new String[]{"no-such", "first:0", "after:99", "", "first:2,", "first:"}) {
            String message = assertThrows(IllegalArgumentException.class, () -> ChosenClasses.of(scenes, words))
                    .getMessage();
            assertTrue(message.startsWith("'" + words + "'") && message.contains(scenes.classes().getFirst()),
                    message);
        }
    }

    /// The noise of a picture is its own, the same whenever it is read, and another in the other part.
    @Test
    void picturesAreMadeWorseTheSameWayEveryTime() {
        var noise = new PictureCorruption(DataSection.Corruption.NOISE, 5);
        var train = new CorruptedSet(scenes, noise, Split.TRAIN);
        var test = new CorruptedSet(scenes, noise, Split.TEST);
        byte[] first = train.original(7).planes();
        byte[] pixels = new byte[3 * 256 + 5];
        train.pixels(7, pixels, 5);
        assertArrayEquals(first, Arrays.copyOfRange(pixels, 5, pixels.length));
        assertFalse(Arrays.equals(first, test.original(7).planes()));
        assertFalse(Arrays.equals(first, scenes.original(7).planes()));
        int[] noiseOf7 = difference(train, 7);
        assertFalse(Arrays.equals(noiseOf7, difference(train, 8)));
        assertArrayEquals(first, MemorySet.of(train).original(7).planes());
        assertEquals(scenes.label(7), train.label(7));
    }

    private int[] difference(ImageSet worse, int i) {
        byte[] clean = scenes.original(i).planes();
        byte[] noisy = worse.original(i).planes();
        return IntStream.range(0, clean.length).map(p -> (noisy[p] & 0xFF) - (clean[p] & 0xFF)).toArray();
    }
}
