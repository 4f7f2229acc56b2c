package dev.triptych.sheet;

import dev.triptych.io.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Pictures as PNG, by ImageIO's encoder: part of the JDK, and the same pixels give the same bytes.
final class Png {
    private Png() {
    }

    /// Writes a picture; the file appears whole or not at all.
    static void write(BufferedImage picture, Path file) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var writer = ImageIO.getImageWritersByFormatName("png").next();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(picture);
        } finally {
            writer.dispose();
        }
        AtomicFile.write(file, bytes.toByteArray());
    }
}
