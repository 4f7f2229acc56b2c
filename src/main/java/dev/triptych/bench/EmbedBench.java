package dev.triptych.bench;

import dev.triptych.data.set.Scenes;
import dev.triptych.data.source.EntryDecoder;
import dev.triptych.data.source.Source;
import dev.triptych.device.Device;
import dev.triptych.device.Session;
import dev.triptych.embed.Embedding;
import dev.triptych.measure.time.Timing;
import dev.triptych.method.EncodedValue;
import dev.triptych.method.InputException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/// `embed` beside the encoder that it waits for: every few batches it stops, and as many batches of numbers that lie
/// in memory go through the same program. So both have the same minutes of the machine.
public final class EmbedBench implements AutoCloseable {
    private static final int BLOCK = 8;

    /// What was measured.
    ///
    /// @param pictures of the source
    /// @param embed images a second, reading, decoding and writing included
    /// @param encoder images a second of the encoder alone
    /// @param embedCpu images a second of processor time, all threads
    /// @param encoderCpu the same of the encoder alone
    /// @param early largest heap in use behind a collection among the first tenth of the pictures, in bytes
    /// @param late the same among all others
    public record Result(long pictures, double embed, double encoder, double embedCpu, double encoderCpu, long early,
            long late) {
    }

    private final Embedding embedding;
    private final Session alone;
    private final float[] images;
    private Moment resumed;
    private long blocks;
    private long pictures;
    private long sinceBlock;
    private Moment embed = new Moment(0, 0);
    private Moment encoder = new Moment(0, 0);
    private long early;
    private long late;

    /// A time of the clock and of the processor, in nanoseconds; or a span of both.
    private record Moment(long wall, long cpu) {
        static Moment now() {
            return new Moment(System.nanoTime(), Timing.cpuNanos());
        }

        Moment since(Moment before) {
            return new Moment(wall - before.wall, cpu - before.cpu);
        }

        Moment plus(Moment span) {
            return new Moment(wall + span.wall, cpu + span.cpu);
        }
    }

    private EmbedBench(Embedding embedding, Device device) throws IOException {
        this.embedding = embedding;
        alone = device.bind(embedding.programs().state(), embedding.evaluation().program());
        embedding.run().load(embedding.programs().state(), alone);
        images = new float[embedding.evaluation().input().count()];
        var random = new SplittableRandom(1);
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextDouble();
        }
    }

    /// Embeds a source into a file, and measures.
    ///
    /// @param file a new one
    /// @param progress told how many more pictures are done
    /// @throws InputException if they are too few
    public static Result measure(Embedding embedding, Source source, EntryDecoder decoder, Device device, Path file,
            LongConsumer progress) throws IOException {
        long all = source.pictures();
        int least = BLOCK * embedding.evaluation().batch();
        if (all < least) {
            throw new InputException("the source has " + all + " pictures; expected at least " + least + ", " + BLOCK
                    + " batches. Name another place, or a smaller --batch.");
        }
        try (var bench = new EmbedBench(embedding, device)) {
            bench.block(); // warms up
            bench.resumed = Moment.now();
            embedding.embed(source, decoder, device, file, done -> {
                bench.done(done, all);
                progress.accept(done);
            });
            bench.embed = bench.embed.plus(Moment.now().since(bench.resumed));
            double encoded = (double) bench.blocks * BLOCK * embedding.evaluation().batch();
            return new Result(all, all / (bench.embed.wall * 1e-9), encoded / (bench.encoder.wall * 1e-9),
                    all / (bench.embed.cpu * 1e-9), encoded / (bench.encoder.cpu * 1e-9), bench.early, bench.late);
        }
    }

    private void done(long more, long all) {
        pictures += more;
        sinceBlock += more;
        if (sinceBlock < (long) BLOCK * embedding.evaluation().batch()) {
            return;
        }
        sinceBlock = 0;
        embed = embed.plus(Moment.now().since(resumed));
        var begun = Moment.now();
        block();
        encoder = encoder.plus(Moment.now().since(begun));
        blocks++;
        System.gc();
        long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        if (pictures <= all / 10) {
            early = Math.max(early, used);
        } else {
            late = Math.max(late, used);
        }
        resumed = Moment.now();
    }

    private void block() {
        for (int i = 0; i < BLOCK; i++) {
            alone.upload(embedding.evaluation().input(), images);
            alone.run(embedding.evaluation().program());
            embedding.values().stream().map(EncodedValue::tensor).forEach(alone::download);
        }
    }

    /// Draws scenes into PNG files, twice as wide as an encoder reads them.
    public static void draw(Path folder, int count, int side) throws IOException {
        Files.createDirectories(folder);
        var scenes = new Scenes(1, 0, count, 2 * side);
        int width = scenes.side();
        IntStream.range(0, count).parallel().forEach(i -> {
            byte[] planes = new byte[3 * width * width];
            scenes.pixels(i, planes, 0);
            var image = new BufferedImage(width, width, BufferedImage.TYPE_INT_RGB);
            int plane = width * width;
            for (int at = 0; at < plane; at++) {
                image.setRGB(at % width, at / width, (planes[at] & 0xFF) << 16 | (planes[plane + at] & 0xFF) << 8
                        | planes[2 * plane + at] & 0xFF);
            }
            try {
                ImageIO.write(image, "png", folder.resolve("%06d.png".formatted(i)).toFile());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public void close() {
        alone.close();
    }
}
