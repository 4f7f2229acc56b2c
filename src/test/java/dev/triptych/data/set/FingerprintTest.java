package dev.triptych.data.set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.RgbImage;
import dev.triptych.io.FormatException;
import dev.triptych.io.Safetensors;
import dev.triptych.io.TensorEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {
    @TempDir
    private Path folder;

    /// Examples of words like `a1`: class a, content 1.
    private static Fingerprint of(String words) {
        var all = words.isEmpty() ? List.<String>of() : List.of(words.split(" "));
        return Fingerprint.of(all.size(), (i, digest) -> digest.update((byte) all.get(i).charAt(1)),
                i -> all.get(i).substring(0, 1));
    }

    private static String difference(String then, String now) {
        assertNotEquals(of(then).sha256(), of(now).sha256());
        return of(then).to(of(now)).toString();
    }

    @Test
    void whatBecameOfEachIsCounted() {
        String three = "a1 a2 b3";
        assertEquals("3 then, 4 now: 1 added", difference(three, "a1 a2 b3 b4"));
        assertEquals("3 then, 4 now: 1 added", difference(three, "a0 a1 a2 b3"));
        assertEquals("3 then, 2 now: 1 missing", difference(three, "a2 b3"));
        assertEquals("3 then, 3 now: 1 changed", difference(three, "a1 a4 b3"));
        assertEquals("3 then, 3 now: 1 of another class", difference(three, "a1 b2 b3"));
        assertEquals("3 then, 3 now: in another order", difference(three, "a1 b3 a2"));
        assertEquals("3 then, 3 now: 1 added, 1 missing", difference(three, "a2 b3 b4"));
        assertEquals("3 then, 4 now: 2 added, 1 missing", difference(three, "a1 a2 b4 b5"));
        assertEquals("3 then, 3 now: 1 changed, 1 of another class", difference(three, "b1 a2 b7"));
        assertEquals("3 then, 4 now: 1 added", difference(three, "a1 a1 a2 b3"), "one that is there twice");
        assertEquals("3 then, 0 now: 3 missing", difference(three, ""));
        assertEquals("3 then, 3 now", of(three).to(of(three)).toString());
    }

    /// Pixels and class names count, to the last byte; how the set keeps them does not.
    @Test
    void itIsOfPixelsAndClasses() {
        var scenes = new Scenes(1, 0, 12, 16);
        String own = Fingerprint.of(scenes).sha256();
        assertEquals(own, Fingerprint.of(MemorySet.of(scenes)).sha256());
        assertEquals(own, Fingerprint.of(ImageSets.subset(scenes, IntStream.range(0, 12).toArray())).sha256());
        assertNotEquals(own, Fingerprint.of(new Scenes(2, 0, 12, 16)).sha256());
        assertNotEquals(own, Fingerprint.of(new Scenes(1, 0, 12, 17)).sha256());
        int last = 3 * 16 * 16 - 1;
        assertNotEquals(own, Fingerprint.of(12, (i, digest) -> {
            byte[] pixels = new byte[last + 1];
            scenes.pixels(i, pixels, 0);
            pixels[last] ^= (byte) (i == 11 ? 1 : 0);
            digest.update(pixels);
        }, i -> scenes.classes().get(scenes.label(i))).sha256());
        assertNotEquals(own, Fingerprint.of(12, (i, digest) -> {
            byte[] pixels = new byte[last + 1];
            scenes.pixels(i, pixels, 0);
            digest.update(pixels);
        }, i -> scenes.classes().get(scenes.label(i)) + "s").sha256());
    }

    private static String larger(int width, int height, int last) {
        return Fingerprint.of(new ImageSets.Subset(new Scenes(1, 0, 12, 16), new int[]{3}) {
            @Override
            public RgbImage original(int i) {
                byte[] planes = new byte[3 * width * height];
                planes[planes.length - 1] = (byte) last;
                return new RgbImage(width, height, planes);
            }
        }).sha256();
    }

    /// Where crops are cut from larger pictures, what their squares have lost counts too, and so does their form.
    @Test
    void wholePicturesCount() {
        assertEquals(larger(20, 16, 0), larger(20, 16, 0));
        assertNotEquals(larger(20, 16, 0), larger(20, 16, 1));
        assertNotEquals(larger(20, 16, 0), larger(16, 20, 0));
    }

    @Test
    void itIsReadBack() throws IOException {
        Path file = folder.resolve("examples.safetensors");
        of("a1 a2 b3").write(file);
        assertEquals(of("a1 a2 b3").sha256(), Fingerprint.read(file).sha256());
        assertEquals("3 then, 3 now: 1 changed", Fingerprint.read(file).to(of("a1 a2 b4")).toString());
        Safetensors.write(file, Map.of("format", "triptych-examples-1"), List.of(
                TensorEntry.of("content", new int[]{2}, new long[2]),
                TensorEntry.of("label", new int[]{1}, new long[1])));
        assertTrue(assertThrows(FormatException.class, () -> Fingerprint.read(file)).getMessage()
                .contains("1 of them for 2 examples"));
        Safetensors.write(file, Map.of("format", "pt"), List.of());
        assertTrue(assertThrows(FormatException.class, () -> Fingerprint.read(file)).getMessage().contains("is pt"));
    }
}
