package dev.triptych.data.codes;

import dev.triptych.random.CounterRandom;
import dev.triptych.random.Stream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/// Small code files for tests: ten classes of diagonal stripes, one code in ten random.
public final class SampleCodes {
    private SampleCodes() {
    }

    /// Writes and opens a file.
    public static CodeSet write(Path file, int grid, int codes, int views, int images) {
        return write(file, grid, codes, views, images, "cd".repeat(32));
    }

    /// The same of other images.
    ///
    /// @param sha256 of the images
    public static CodeSet write(Path file, int grid, int codes, int views, int images, String sha256) {
        int n = grid * grid;
        var header = new CodeHeader(grid, codes, views, images, "train",
                List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"), "stripes", "ab".repeat(32),
                CodeHeader.UNKNOWN);
        try {
            CodeWriter.write(file, header, i -> i % 10, new CodeWriter.Source() {
                @Override
                public void codes(int first, int count, int[] out) {
                    for (int i = 0; i < count * views * n; i++) {
                        int image = first + i / views / n;
                        int cell = i % n;
                        var random = CounterRandom.of(1, Stream.CHECK, image, i % (views * n));
                        int stripe = image % 10 + (1 + image % 3) * (cell / grid) + cell % grid;
                        out[i] = random.chance(0.1f) ? random.below(codes) : stripe % codes;
                    }
                }

                @Override
                public String imagesSha256() {
                    return sha256;
                }
            });
            return CodeSet.open(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
