package dev.triptych.data.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageException;
import dev.triptych.data.source.Split;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Pictures with label maps: numbers as they are stored, and folders that are not as they should be.
class SegmentationFolderTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void paint() throws IOException {
        for (String part : List.of("train", "test")) {
            Files.createDirectories(folder.resolve(part + "annot"));
            Files.createDirectories(folder.resolve(part));
            for (int i = 0; i < 2; i++) {
                save(part + "/" + i + ".jpg", new BufferedImage(4, 2, BufferedImage.TYPE_INT_RGB), "jpg");
                save(part + "annot/" + i + ".png", grey(0, 1, 2, 11, 200, 3, 1, 0), "png");
            }
        }
    }

    private void save(String name, BufferedImage image, String format) throws IOException {
        ImageIO.write(image, format, folder.resolve(name).toFile());
    }

    private static BufferedImage grey(int... ids) {
        var image = new BufferedImage(4, ids.length / 4, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSamples(0, 0, 4, ids.length / 4, 0, ids);
        return image;
    }

    private SegmentationFolder open(Split split, int ignored) throws IOException {
        return new SegmentationFolder(folder, split, ignored, 1 << 20);
    }

    private void refused(String... parts) {
        refused(Split.TRAIN, parts);
    }

    private void refused(Split split, String... parts) {
        var e = assertThrows(ImageException.class, () -> open(split, 200));
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), () -> "'" + part + "' in " + e.getMessage());
        }
    }

    @Test
    void greyLevelsArePlainNumbers() throws IOException {
        var set = open(Split.TRAIN, 200);
        assertEquals(2, set.size());
        assertEquals(12, set.classes().size(), "0 to 11 without names");
        assertArrayEquals(new int[]{0, 1, 2, 11, -1, 3, 1, 0}, set.sample(1).labels());
        assertEquals("1.jpg", set.sample(1).name());
        assertEquals(201, open(Split.TEST, 255).classes().size());
    }

    @Test
    void placesInAPaletteAreNumbersToo() throws IOException {
        byte[] random = {9, 120, -3, 77};
        var model = new IndexColorModel(2, 4, random, random, random);
        var image = new BufferedImage(4, 2, BufferedImage.TYPE_BYTE_BINARY, model);
        image.getRaster().setSamples(0, 0, 4, 2, 0, new int[]{0, 1, 2, 3, 3, 2, 1, 0});
        save("trainannot/0.png", image, "png");
        var wide = new BufferedImage(4, 2, BufferedImage.TYPE_USHORT_GRAY);
        wide.getRaster().setSamples(0, 0, 4, 2, 0, new int[]{0, 1, 2, 300, 3, 2, 1, 0});
        save("trainannot/1.png", wide, "png");
        var set = open(Split.TRAIN, 300);
        assertArrayEquals(new int[]{0, 1, 2, 3, 3, 2, 1, 0}, set.sample(0).labels());
        assertArrayEquals(new int[]{0, 1, 2, -1, 3, 2, 1, 0}, set.sample(1).labels());
    }

    @Test
    void namesAndTheFolderOfTests() throws IOException {
        Files.writeString(folder.resolve("classes.txt"), String.join("\n",
                IntStream.range(0, 12).mapToObj(i -> "kind " + i).toList()) + "\n\n");
        assertEquals("kind 11", open(Split.TRAIN, 200).classes().getLast());
        Files.move(folder.resolve("test"), folder.resolve("val"));
        Files.move(folder.resolve("testannot"), folder.resolve("valannot"));
        assertEquals(2, open(Split.TEST, 200).size());
        Files.writeString(folder.resolve("classes.txt"), "a\nb\nc\n");
        refused("0.png", "class number 11", "0 to 2", "200", "classes.txt");
        Files.writeString(folder.resolve("classes.txt"), "\n");
        refused("classes.txt", "0 lines");
        Files.writeString(folder.resolve("classes.txt"), "a\n \nc\n\n");
        refused("classes.txt", "line 2 of 3 is blank", "class 1");
        Files.write(folder.resolve("classes.txt"), new byte[]{(byte) 0xC3, 0x28, 10});
        refused("classes.txt", "UTF-8");
    }

    /// A table of classes by classes is made of what the maps hold, in both parts.
    @ParameterizedTest
    @EnumSource(Split.class)
    void moreClassesThanAreCounted(Split split) throws IOException {
        var wide = new BufferedImage(4, 2, BufferedImage.TYPE_USHORT_GRAY);
        wide.getRaster().setSamples(0, 0, 4, 2, 0, new int[]{0, 1, 2, 999, 3, 2, 1, 0});
        String map = (split == Split.TRAIN ? "train" : "test") + "annot/1.png";
        save(map, wide, "png");
        assertEquals(1000, open(split, 200).classes().size());
        wide.getRaster().setSample(3, 0, 0, 65535);
        save(map, wide, "png");
        refused(split, "1.png", "class number 65535", "0 to 999", "--ignore-label 65535");
    }

    @ParameterizedTest
    @EnumSource(Split.class)
    void picturesThatCannotBeRead(Split split) throws IOException {
        Path picture = folder.resolve(split == Split.TRAIN ? "train" : "test").resolve("1.jpg");
        byte[] good = Files.readAllBytes(picture);
        Files.write(picture, Arrays.copyOf(good, 60));
        refused(split, "1.jpg", "truncated");
        Files.write(picture, new byte[0]);
        refused(split, "1.jpg", "it is empty");
    }

    @Test
    void foldersThatAreIncomplete() throws IOException {
        Files.delete(folder.resolve("trainannot/1.png"));
        refused("1.jpg", "no label map");
        Files.delete(folder.resolve("trainannot/0.png"));
        Files.delete(folder.resolve("trainannot"));
        refused("trainannot", "Expected DIR/train");
        var nothing = assertThrows(ImageException.class,
                () -> new SegmentationFolder(folder.resolve("no"), Split.TRAIN, 1, 99));
        assertTrue(nothing.getMessage().contains("no such folder"), nothing.getMessage());
        var file = assertThrows(ImageException.class,
                () -> new SegmentationFolder(folder.resolve("test/0.jpg"), Split.TRAIN, 1, 99));
        assertTrue(file.getMessage().contains("not a folder"), file.getMessage());
    }

    @Test
    void labelMapsThatCannotBeRead() throws IOException {
        Path map = folder.resolve("trainannot/0.png");
        byte[] good = Files.readAllBytes(map);
        save("trainannot/0.png", new BufferedImage(4, 2, BufferedImage.TYPE_INT_RGB), "png");
        refused("0.png", "3 samples a pixel");
        Files.write(map, Arrays.copyOf(good, good.length - 20));
        refused("0.png", "cannot be decoded");
        byte[] bomb = good.clone();
        bomb[16] = 0x7F;
        Files.write(map, bomb);
        refused("0.png", "its header promises 2130706436x2 pixels");
        byte[] flipped = good.clone();
        flipped[good.length - 20] ^= 1;
        Files.write(map, flipped);
        refused("0.png", "check sum");
        Files.copy(folder.resolve("train/0.jpg"), map, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        refused("0.png", "JPEG", "expected a PNG");
        Files.write(map, new byte[0]);
        refused("0.png", "no image");
    }

    @Test
    void aMapOfAnotherSizeAndALinkThatLeaves(@TempDir Path elsewhere) throws IOException {
        byte[] good = Files.readAllBytes(folder.resolve("trainannot/0.png"));
        save("trainannot/0.png", grey(0, 1, 2, 3), "png");
        refused("0.png", "4x1", "4x2");
        Files.write(folder.resolve("trainannot/0.png"), good);
        Path outside = elsewhere.resolve("secret.jpg");
        Files.copy(folder.resolve("train/0.jpg"), outside);
        Files.createSymbolicLink(folder.resolve("train/2.jpg"), outside);
        refused("2.jpg", "leads out of the folder");
    }
}
