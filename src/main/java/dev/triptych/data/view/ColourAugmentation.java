package dev.triptych.data.view;

import dev.triptych.random.CounterRandom;

/// Colour augmentation of planar images in [0,1], in the order of STELLAR's recipe and of DINO's: jitter (brightness,
/// contrast, saturation, hue in random order, each clamped), grayscale, Gaussian blur, solarisation, clamp, NaN to 0.
///
/// The four jitter operations are torchvision's and kornia's `ColorJitter`: multiply; blend with the mean grey of the
/// image; blend with grey; turn the hue. Grey is 0.299 R + 0.587 G + 0.114 B. Blur reflects at the edges without
/// repeating them. Solarisation is PIL's `ImageOps.solarize`: on bytes, 128 and above are subtracted from 255.
public final class ColourAugmentation {
    /// Half of the range: as a byte, between 127 and 128.
    private static final float SOLARISE_FROM = 0.5f;

    private final ColourSettings settings;
    private float[] line = new float[0];

    /// One draw: which operations, in which order, how strong.
    ///
    /// @param order order of the operations 0 brightness, 1 contrast, 2 saturation, 3 hue
    public record Draw(boolean jitter, int[] order, float brightness, float contrast, float saturation, float hue,
            boolean grey, boolean blur, float sigma, boolean solarise) {
    }

    /// Not thread-safe: an instance holds scratch memory.
    public ColourAugmentation(ColourSettings settings) {
        this.settings = settings;
    }

    /// Draws one image's colours. Always takes the same number of draws, so that settings do not shift each other.
    public Draw draw(CounterRandom random) {
        return new Draw(random.chance(settings.jitter()), random.permutation(4), around(random, settings.brightness()),
                around(random, settings.contrast()), around(random, settings.saturation()),
                random.uniform(-settings.hue(), settings.hue()), random.chance(settings.grayscale()),
                random.chance(settings.blur()) && settings.blurKernel() > 0,
                random.uniform(settings.sigmaLo(), settings.sigmaHi()), random.chance(settings.solarise()));
    }

    private static float around(CounterRandom random, float strength) {
        return random.uniform(1 - strength, 1 + strength);
    }

    /// Applies a draw in place to three planes of side x side at `x[at ..]`.
    public void apply(Draw draw, float[] x, int at, int side) {
        int n = side * side;
        if (draw.jitter) {
            for (int operation : draw.order) {
                switch (operation) {
                    case 0 -> brightness(x, at, n, draw.brightness);
                    case 1 -> contrast(x, at, n, draw.contrast);
                    case 2 -> saturation(x, at, n, draw.saturation);
                    default -> hue(x, at, n, draw.hue);
                }
            }
        }
        if (draw.grey) {
            saturation(x, at, n, 0);
        }
        if (draw.blur) {
            blur(x, at, side, draw.sigma);
        }
        if (draw.solarise) {
            solarise(x, at, n);
        }
        for (int i = at; i < at + 3 * n; i++) {
            x[i] = clamp(x[i]);
        }
    }

    private static void brightness(float[] x, int at, int n, float factor) {
        for (int i = at; i < at + 3 * n; i++) {
            x[i] = clamp(x[i] * factor);
        }
    }

    private static void contrast(float[] x, int at, int n, float factor) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += grey(x, at + i, n);
        }
        float mean = (float) (sum / n);
        for (int i = at; i < at + 3 * n; i++) {
            x[i] = clamp(factor * x[i] + (1 - factor) * mean);
        }
    }

    private static void saturation(float[] x, int at, int n, float factor) {
        for (int i = at; i < at + n; i++) {
            float rest = (1 - factor) * grey(x, i, n);
            x[i] = clamp(factor * x[i] + rest);
            x[i + n] = clamp(factor * x[i + n] + rest);
            x[i + 2 * n] = clamp(factor * x[i + 2 * n] + rest);
        }
    }

    /// Turns the hue by `shift` turns in HSV: value V and chroma stay, the position on the six-sided colour wheel
    /// moves.
    private static void hue(float[] x, int at, int n, float shift) {
        for (int i = at; i < at + n; i++) {
            float r = x[i];
            float g = x[i + n];
            float b = x[i + 2 * n];
            float high = Math.max(r, Math.max(g, b));
            float chroma = high - Math.min(r, Math.min(g, b));
            if (chroma <= 0) {
                continue; // grey has no hue
            }
            float sector;
            if (high == r) {
                sector = (g - b) / chroma;
            } else if (high == g) {
                sector = 2 + (b - r) / chroma;
            } else {
                sector = 4 + (r - g) / chroma;
            }
            sector += 6 * shift + 12;
            x[i] = channel(sector + 5, high, chroma);
            x[i + n] = channel(sector + 3, high, chroma);
            x[i + 2 * n] = channel(sector + 1, high, chroma);
        }
    }

    private static float channel(float sector, float high, float chroma) {
        // sector modulo 6, without the slow `%`. Rounding may end a little below 0 instead of at 6: both give the same.
        float k = sector - 6 * (int) (sector * (1 / 6f));
        return high - chroma * Math.max(0, Math.min(1, Math.min(k, 4 - k)));
    }

    private static void solarise(float[] x, int at, int n) {
        for (int i = at; i < at + 3 * n; i++) {
            x[i] = x[i] >= SOLARISE_FROM ? 1 - x[i] : x[i];
        }
    }

    private void blur(float[] x, int at, int side, float sigma) {
        int radius = settings.blurKernel() / 2;
        if (radius >= side) {
            throw new IllegalArgumentException("blur kernel " + settings.blurKernel() + " is too wide for crops of "
                    + side + " pixels: expected at most " + (2 * side - 1));
        }
        float[] kernel = kernel(radius, sigma);
        if (line.length < side + 2 * radius) {
            line = new float[side + 2 * radius];
        }
        for (int c = 0; c < 3; c++) {
            int plane = at + c * side * side;
            for (int k = 0; k < side; k++) {
                blurLine(x, plane + k * side, 1, side, kernel);
            }
            for (int k = 0; k < side; k++) {
                blurLine(x, plane + k, side, side, kernel);
            }
        }
    }

    private void blurLine(float[] x, int first, int stride, int side, float[] kernel) {
        int radius = kernel.length / 2;
        for (int i = -radius; i < side + radius; i++) {
            int inside = i < 0 ? -i : i >= side ? 2 * (side - 1) - i : i;
            line[i + radius] = x[first + inside * stride];
        }
        for (int i = 0; i < side; i++) {
            float sum = 0;
            for (int k = 0; k < kernel.length; k++) {
                sum += kernel[k] * line[i + k];
            }
            x[first + i * stride] = sum;
        }
    }

    private static float[] kernel(int radius, float sigma) {
        double[] weight = new double[2 * radius + 1];
        double sum = 0;
        for (int k = 0; k < weight.length; k++) {
            weight[k] = StrictMath.exp(-(k - radius) * (k - radius) / (2.0 * sigma * sigma));
            sum += weight[k];
        }
        float[] kernel = new float[weight.length];
        for (int k = 0; k < kernel.length; k++) {
            kernel[k] = (float) (weight[k] / sum);
        }
        return kernel;
    }

    private static float grey(float[] x, int red, int n) {
        return 0.299f * x[red] + 0.587f * x[red + n] + 0.114f * x[red + 2 * n];
    }

    /// Into [0,1]; NaN becomes 0.
    private static float clamp(float value) {
        return value >= 0 ? Math.min(1, value) : 0;
    }
}
