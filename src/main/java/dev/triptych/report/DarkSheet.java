package dev.triptych.report;

import dev.triptych.sheet.Png;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;

/// A sheet for pages in dark mode: its ground dark and its text light, the pictures on it as they are. A sheet says
/// where its pictures lie; of other files nothing is known, and they stay as they are.
final class DarkSheet {
    private static final int GROUND = 0x1f242a;
    private static final int INK = 0xe4e7ea;
    /// The darkest text of a sheet.
    private static final int DARKEST = 0x22;

    private DarkSheet() {
    }

    /// The dark form of a PNG file; empty where it does not say what its pictures are.
    static Optional<byte[]> of(byte[] png) throws IOException {
        List<Png.Part> kept = Png.parts(png);
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        var light = ImageIO.read(new ByteArrayInputStream(png));
        var dark = new BufferedImage(light.getWidth(), light.getHeight(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < light.getHeight(); y++) {
            for (int x = 0; x < light.getWidth(); x++) {
                dark.setRGB(x, y, turned(light.getRGB(x, y)));
            }
        }
        for (Png.Part part : kept) {
            for (int y = part.y(); y < part.y() + part.height(); y++) {
                for (int x = part.x(); x < part.x() + part.width(); x++) {
                    dark.setRGB(x, y, light.getRGB(x, y));
                }
            }
        }
        return Optional.of(Png.bytes(dark, List.of()));
    }

    /// White becomes the dark ground, the darkest text the light ink, and what is between lies between.
    private static int turned(int rgb) {
        int out = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double share = Math.clamp((255.0 - (rgb >> shift & 255)) / (255 - DARKEST), 0, 1);
            int ground = GROUND >> shift & 255;
            int ink = INK >> shift & 255;
            out |= (int) Math.round(ground + share * (ink - ground)) << shift;
        }
        return out;
    }
}
