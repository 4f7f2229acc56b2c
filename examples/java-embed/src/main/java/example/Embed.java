package example;

import dev.triptych.api.Likeness;
import dev.triptych.api.Triptych;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Trains a small run, and asks its encoder about the pictures of a folder.
public final class Embed {
    private Embed() {
    }

    public static void main(String[] args) throws IOException {
        Path pictures = Path.of(args[0]);
        Path run = Files.createTempDirectory("embed").resolve("run");
        Triptych.train("stellar-micro", null, run, step -> true, "data.train-images=32", "data.test-images=8");
        System.out.println("triptych " + Triptych.version());
        try (var encoder = Triptych.open(run); var files = Files.list(pictures)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".png")).sorted().limit(3).toList()) {
                float[] cls = encoder.encode(file).numbers("cls");
                var nearest = encoder.neighbours(file, pictures, Likeness.CLS, 1).getFirst();
                System.out.println(file.getFileName() + ": " + cls.length + " numbers, nearest " + nearest.file());
                if (!nearest.file().equals(file.getFileName().toString())) {
                    throw new IllegalStateException("a picture is nearest to itself, found " + nearest);
                }
            }
        }
    }
}
