package dev.triptych.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Damaged copies of good inputs: a seed says which one and how, so that a failure can be repeated from its number.
public final class Mutations {
    private static final String[] WORDS = {"0", "-1", "1", "2147483647", "2147483648", "9223372036854775807",
            "99999999999999999999", "-0.0", "1e999", ".nan", ".inf", "null", "~", "true", "\"\"", "{}", "[]", "{", "}",
            "[", "]", ":", ",", "- ", "\n", "\t", "&a", "*a", "<<", "!!int", "|", ">", "\u0000", "\ufeff", "\"a\":",
            "__metadata__", "data_offsets", "dtype", "shape", "F32", "U8", "I64"};
    private static final int[] BYTES = {0, 1, 9, 10, 0x7F, 0x80, 0xC0, 0xFF, '{', '}', '"', '\\', ' '};

    private static final Path MEMORY = Path.of("/dev/shm");

    private final List<byte[]> good;

    /// @param good inputs that a reader takes
    public Mutations(List<byte[]> good) {
        this.good = List.copyOf(good);
    }

    /// A folder for inputs: in memory where the machine has a file system there, for a disk sees no million files.
    public static Path folder() throws IOException {
        return Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "triptych-fuzz")
                : Files.createTempDirectory("triptych-fuzz");
    }

    /// Deletes such a folder with what is in it.
    public static void delete(Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /// The input of a seed: one of the good ones after one to eight changes; one in fifty is noise.
    public byte[] of(long seed) {
        var random = new Random(seed);
        if (random.nextInt(50) == 0) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] data = good.get(random.nextInt(good.size())).clone();
        for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
            data = changed(data, random);
        }
        return data;
    }

    private byte[] changed(byte[] data, Random random) {
        if (data.length == 0) {
            return new byte[]{(byte) random.nextInt()};
        }
        int at = random.nextInt(data.length);
        switch (random.nextInt(12)) {
            case 0 -> data[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> data[at] = (byte) random.nextInt();
            case 2 -> data[at] = (byte) BYTES[random.nextInt(BYTES.length)];
            case 3 -> {
                return Arrays.copyOf(data, at);
            }
            case 4 -> {
                return splice(data, at, at, WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8));
            }
            case 5 -> {
                int end = Math.min(data.length, at + 1 + random.nextInt(16));
                return splice(data, at, end, new byte[0]);
            }
            case 6 -> { // a stretch twice
                int end = Math.min(data.length, at + 1 + random.nextInt(64));
                return splice(data, at, at, Arrays.copyOfRange(data, at, end));
            }
            case 7 -> { // a stretch of another good input
                byte[] other = good.get(random.nextInt(good.size()));
                int from = random.nextInt(other.length);
                return splice(data, at, Math.min(data.length, at + random.nextInt(32)),
                        Arrays.copyOfRange(other, from, Math.min(other.length, from + random.nextInt(64))));
            }
            case 8 -> { // one word many times: depth, width
                byte[] word = WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
                return splice(data, at, at, repeated(word, 1 << random.nextInt(9)));
            }
            case 9 -> { // a line twice, away, or further in
                int from = at;
                while (from > 0 && data[from - 1] != '\n') {
                    from--;
                }
                int end = at;
                while (end < data.length && data[end++] != '\n') {
                    // to the end of the line
                }
                return switch (random.nextInt(3)) {
                    case 0 -> splice(data, end, end, Arrays.copyOfRange(data, from, end));
                    case 1 -> splice(data, from, end, new byte[0]);
                    default -> splice(data, from, from, "  ".getBytes(StandardCharsets.UTF_8));
                };
            }
            default -> { // a number by another one
                int from = at;
                while (from < data.length && (data[from] < '0' || data[from] > '9')) {
                    from++;
                }
                int end = from;
                while (end < data.length && data[end] >= '0' && data[end] <= '9') {
                    end++;
                }
                return splice(data, from, end, WORDS[random.nextInt(12)].getBytes(StandardCharsets.UTF_8));
            }
        }
        return data;
    }

    private static byte[] repeated(byte[] word, int times) {
        byte[] out = new byte[word.length * times];
        for (int i = 0; i < out.length; i++) {
            out[i] = word[i % word.length];
        }
        return out;
    }

    private static byte[] splice(byte[] data, int from, int end, byte[] between) {
        if (data.length - (end - from) + between.length > 1 << 16) {
            return data;
        }
        byte[] out = new byte[data.length - (end - from) + between.length];
        System.arraycopy(data, 0, out, 0, from);
        System.arraycopy(between, 0, out, from, between.length);
        System.arraycopy(data, end, out, from + between.length, data.length - end);
        return out;
    }
}
