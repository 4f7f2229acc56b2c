package dev.triptych.bench.shards;

import dev.triptych.data.source.SourceOptions;
import dev.triptych.data.source.Sources;
import dev.triptych.data.source.Split;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// Writes shards of labelled samples as WebDataset has them, and lists them: `ManyEntries DIR ENTRIES PER_SHARD`. An
/// entry in two is a picture, the other its label. Or a list of pictures that there are not: `ManyEntries FILE.csv
/// ROWS`. `docs/archives.md` has the commands and the figures.
public final class ManyEntries {
    private static final int CLASSES = 1000;

    private ManyEntries() {
    }

    /// Writes what is not there yet, then lists.
    public static void main(String[] args) throws IOException {
        Path place = Path.of(args[0]);
        int entries = Integer.parseInt(args[1]);
        if (!Files.exists(place)) {
            if (args.length == 2) {
                write(place, entries);
            } else {
                write(Files.createDirectories(place), entries / 2, Integer.parseInt(args[2]) / 2);
            }
        }
        long begun = System.nanoTime();
        try (var source = Sources.open(place, SourceOptions.AUTO)) {
            long pictures = source.survey(Split.TRAIN).pictures() + source.survey(Split.TEST).pictures();
            long listed = System.nanoTime();
            System.out.printf("%s, %d classes: %d pictures with a label each listed in %.0f s%n", source.kind(),
                    source.classes().size(), pictures, (listed - begun) * 1e-9);
            long walked = 0;
            try (var walk = source.walk(Split.TRAIN)) {
                for (var entry = walk.next(); entry != null; entry = walk.next()) {
                    walked++;
                }
            }
            System.out.printf("%d of them, those to learn from, gone through in %.0f s%n", walked,
                    (System.nanoTime() - listed) * 1e-9);
        }
        long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == java.lang.management.MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
        System.out.printf("heap: at most %d MiB allowed, peaks of its pools together %d MiB%n",
                Runtime.getRuntime().maxMemory() >> 20, peak >> 20);
    }

    private static void write(Path list, int rows) throws IOException {
        try (var lines = Files.newBufferedWriter(list)) {
            lines.write("file,label\n");
            for (int i = 0; i < rows; i++) {
                lines.write("pictures/%04d/n%08d_%07d.jpg,class %d\n".formatted(i % CLASSES, i % CLASSES, i,
                        i % CLASSES));
            }
        }
    }

    private static void write(Path folder, int samples, int perShard) throws IOException {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "png", bytes);
        byte[] png = bytes.toByteArray();
        int shards = Math.ceilDiv(samples, perShard);
        for (int shard = 0; shard < shards; shard++) {
            Path file = folder.resolve("train-%06d.tar".formatted(shard));
            try (var tar = new TarArchiveOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20))) {
                for (int i = shard * perShard; i < Math.min(samples, (shard + 1) * perShard); i++) {
                    put(tar, "%08d.cls".formatted(i),
                            Integer.toString(i % CLASSES).getBytes(StandardCharsets.US_ASCII));
                    put(tar, "%08d.png".formatted(i), png);
                }
            }
        }
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
