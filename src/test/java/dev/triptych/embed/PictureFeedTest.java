package dev.triptych.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.ImageDecoderTest;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.file.LimitedDecoder;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.Source;
import dev.triptych.data.source.SourceOptions;
import dev.triptych.data.source.Sources;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFeedTest {
    private static final EntryDecoder DECODER = new EntryDecoder(
            new LimitedDecoder(ImageDecoder.standard(), Duration.ofSeconds(60)));
    /// What there is to learn from, then what there is to judge with; of each the classes in order.
    private static final List<String> ALL = List.of("TRAIN train/cat/b.png 1", "TRAIN train/cat/c.png 2",
            "TRAIN train/dog/a.png 3", "TEST test/cat/a.png 4", "TEST test/dog/b.png 5");

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        for (String words : ALL) {
            String[] word = words.split(" ");
            var image = new BufferedImage(5, 4, BufferedImage.TYPE_INT_RGB);
            for (int i = 0; i < 20; i++) {
                image.setRGB(i % 5, i / 5, Integer.parseInt(word[2]) * 0x10101);
            }
            Path file = folder.resolve(word[1]);
            Files.createDirectories(file.getParent());
            Files.write(file, ImageDecoderTest.encode(image, "png"));
        }
    }

    private static List<String> fed(Source source, int skipped, int batch) throws IOException {
        var fed = new ArrayList<String>();
        try (var feed = new PictureFeed(source, DECODER, 3)) {
            feed.skip(skipped);
            for (var next = feed.next(batch); !next.isEmpty(); next = feed.next(batch)) {
                assertTrue(next.size() <= batch);
                next.forEach(p -> fed.add(p.split() + " " + p.entry().name() + " " + p.pixels()[26]));
            }
        }
        return fed;
    }

    /// The part that is learnt from comes first, in batches of any size, and behind whatever was done before.
    @Test
    void picturesComeInOrder() throws IOException {
        try (var source = Sources.whole(folder, SourceOptions.AUTO)) {
            for (int batch = 1; batch <= 6; batch++) {
                for (int skipped = 0; skipped <= ALL.size(); skipped++) {
                    assertEquals(ALL.subList(skipped, ALL.size()), fed(source, skipped, batch));
                }
            }
            assertTrue(assertThrows(ImageException.class, () -> fed(source, 6, 1)).getMessage()
                    .contains("it has 5 pictures, fewer than the 6"));
        }
    }
}
