package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.data.archive.ArchiveWriter;
import dev.triptych.data.file.ImageDecoderTest;
import dev.triptych.data.set.DataSource;
import dev.triptych.data.set.ImageSets;
import dev.triptych.data.source.Split;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Pictures of every kind of source go through the commands: sets are equal, byte by byte, whatever they come from; and
/// each kind is trained on and judged with by one of the methods.
class SourcesRunTest {
    private static final int TRAIN = 48;
    private static final int ALL = 64;
    private static final int SIDE = 16;

    @TempDir
    private Path folder;

    enum Kind {
        FOLDER, ZIP, TAR_GZ, SHARDS, IDX, PARQUET
    }

    private static int grey(int i, int x, int y) {
        return (10 * i + 3 * x + 5 * y) % 256;
    }

    private static byte[] png(int i) throws IOException {
        var image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < SIDE * SIDE; p++) {
            image.setRGB(p % SIDE, p / SIDE, grey(i, p % SIDE, p / SIDE) * 0x10101);
        }
        return ImageDecoderTest.encode(image, "png");
    }

    private static String part(int i) {
        return i < TRAIN ? "train" : "test";
    }

    private Path write(Kind kind) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        var files = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < ALL; i++) {
            files.put(part(i) + (i % 2 == 0 ? "/cat/" : "/dog/") + "%03d.png".formatted(i), png(i));
        }
        switch (kind) {
            case ZIP -> {
                return ArchiveWriter.zip(data.resolve("set.zip"), files);
            }
            case TAR_GZ -> {
                return ArchiveWriter.tar(data.resolve("set.tar.gz"), files);
            }
            case SHARDS -> {
                for (int shard = 0; shard < 4; shard++) {
                    var samples = new LinkedHashMap<String, byte[]>();
                    for (int i = 16 * shard; i < 16 * shard + 16; i++) {
                        samples.put("%03d.png".formatted(i), png(i));
                        samples.put("%03d.cls".formatted(i),
                                Integer.toString(i % 2).getBytes(StandardCharsets.US_ASCII));
                    }
                    ArchiveWriter.tar(data.resolve(part(16 * shard) + "-%06d.tar".formatted(shard)), samples);
                }
            }
            case IDX -> {
                for (int from : new int[]{0, TRAIN}) {
                    int count = from == 0 ? TRAIN : ALL - TRAIN;
                    var pixels = ByteBuffer.allocate(16 + count * SIDE * SIDE).putInt(0x803).putInt(count).putInt(SIDE)
                            .putInt(SIDE);
                    var labels = ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count);
                    for (int i = from; i < from + count; i++) {
                        labels.put((byte) (i % 2));
                        for (int p = 0; p < SIDE * SIDE; p++) {
                            pixels.put((byte) grey(i, p % SIDE, p / SIDE));
                        }
                    }
                    String name = from == 0 ? "train" : "t10k";
                    Files.write(data.resolve(name + "-images-idx3-ubyte"), pixels.array());
                    Files.write(data.resolve(name + "-labels-idx1-ubyte"), labels.array());
                }
            }
            case PARQUET -> {
                return Path.of("src/test/resources/parquet/run");
            }
            case FOLDER -> {
                for (var file : files.entrySet()) {
                    Path to = data.resolve(file.getKey());
                    Files.createDirectories(to.getParent());
                    Files.write(to, file.getValue());
                }
            }
        }
        return data;
    }

    private Cli done(Object... words) {
        Cli cli = Cli.run(words);
        assertEquals(0, cli.code(), cli::all);
        return cli;
    }

    private List<Object> words(Path data, Object... words) {
        var all = new ArrayList<Object>(List.of(words));
        all.addAll(List.of("--quiet", "data=" + data, "data.train-images=0", "data.test-images=0",
                "data.cache=" + folder.resolve("cache")));
        return all;
    }

    private Path train(String recipe, String name, Path data, Object... more) {
        Path run = folder.resolve(name);
        var words = words(data, "train", "--recipe", recipe, "--device", "plain", "--stop-after", 4, "--out", run);
        words = Cli.with(words, more);
        done(words.toArray());
        return run;
    }

    private void judge(Path run) {
        done("eval", "--run", run, "--quiet", "--device", "plain");
        assertTrue(Files.exists(run.resolve("eval.json")));
    }

    private Path tokenize(String part, Object tokenizer, Path data, Object... more) {
        Path out = folder.resolve(part + ".codes");
        var words = words(data, "tokenize", "--tokenizer", tokenizer, "--split", part, "out=" + out);
        words = Cli.with(words, more);
        done(words.toArray());
        return out;
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyKindIsTrainedOnAndJudgedWith(Kind kind) throws IOException {
        Path data = write(kind);
        for (var part : Split.values()) {
            var set = ImageSets.open(DataSource.in(data), part, SIDE, folder.resolve("sets"), false);
            var images = new ArrayList<Integer>();
            for (int i = part == Split.TRAIN ? 0 : TRAIN; i < (part == Split.TRAIN ? TRAIN : ALL); i++) {
                images.add(i);
            }
            if (kind == Kind.FOLDER) {
                images.sort(Comparator.comparing((Integer i) -> i % 2).thenComparing(i -> i));
            }
            assertEquals(images.size(), set.size());
            byte[] pixels = new byte[3 * SIDE * SIDE];
            for (int n = 0; n < images.size(); n++) {
                byte[] expected = new byte[pixels.length];
                for (int p = 0; p < pixels.length; p++) {
                    expected[p] = (byte) grey(images.get(n), p % SIDE, p / SIDE % SIDE);
                }
                set.pixels(n, pixels, 0);
                assertArrayEquals(expected, pixels, part + " " + n);
                assertEquals(images.get(n) % 2, set.label(n));
            }
        }
        switch (kind) {
            case FOLDER, ZIP -> judge(train("stellar-micro", "run", data));
            case TAR_GZ, PARQUET -> judge(train("bits-micro", "run", data));
            case SHARDS -> {
                Path run = train("vqvae-micro", "run", data);
                judge(run);
                tokenize("train", run, data, "--unaccepted");
            }
            case IDX -> {
                Path codes = tokenize("train", "kmeans", data, "data.side=16", "kmeans.codes=32", "kmeans.samples=500");
                tokenize("test", folder.resolve("train.tokenizer.safetensors"), data, "data.side=16");
                judge(train("sorcen-micro", "run", data, "sorcen.codes=" + codes));
            }
        }
    }

    /// Not a byte is written for an archive that is refused.
    @Test
    void hostileArchivesEndWithCodeTwo() throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        files.put("train/cat/../../../x.png", png(1));
        Path zip = ArchiveWriter.zip(folder.resolve("evil.zip"), files);
        Path run = folder.resolve("run");
        Cli cli = Cli.run(words(zip, "train", "--recipe", "stellar-micro", "--out", run).toArray());
        assertEquals(2, cli.code(), cli::all);
        assertTrue(
                cli.err().contains("evil.zip: it holds a file named 'train/cat/../../../x.png', which leads out of the "
                        + "archive. Pack it again"),
                cli::all);
        assertEquals(List.of("evil.zip"), Cli.files(folder));
    }
}
