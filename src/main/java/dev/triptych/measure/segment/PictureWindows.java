package dev.triptych.measure.segment;

import dev.triptych.data.file.RgbImage;

/// The square windows that cover a picture of any size: the picture scaled to a short side, windows of the encoder's
/// size spread evenly over it, so that they overlap where the picture is no multiple of them.
///
/// @param scaled the picture as the windows see it
/// @param side of a window, pixels
/// @param patch side of a patch, pixels
/// @param height of the picture itself
/// @param width of the picture itself
record PictureWindows(RgbImage scaled, int side, int patch, int height, int width) {
    private static final int MOST = 4096;

    /// The windows of a picture.
    ///
    /// @param shortSide to which it is scaled, at least `side`
    /// @throws IllegalArgumentException where there would be too many
    static PictureWindows of(RgbImage picture, int shortSide, int side, int patch) {
        double stretch = (double) Math.max(picture.width(), picture.height())
                / Math.min(picture.width(), picture.height());
        double most = (shortSide / (double) side + 1) * (shortSide * stretch / side + 1);
        if (most > MOST) {
            throw new IllegalArgumentException("it has " + picture.width() + "x" + picture.height() + " pixels, which "
                    + "takes more than " + MOST + " windows of " + side + " px; expected fewer. Lower --short-side, or "
                    + "cut the picture");
        }
        return new PictureWindows(picture.withShortSide(shortSide), side, patch, picture.height(), picture.width());
    }

    int rows() {
        return (scaled.height() + side - 1) / side;
    }

    int columns() {
        return (scaled.width() + side - 1) / side;
    }

    int count() {
        return rows() * columns();
    }

    int grid() {
        return side / patch;
    }

    int top(int window) {
        return start(window / columns(), rows(), scaled.height());
    }

    int left(int window) {
        return start(window % columns(), columns(), scaled.width());
    }

    private int start(int i, int count, int length) {
        return count == 1 ? 0 : (int) ((long) i * (length - side) / (count - 1));
    }

    /// The class of each patch of a window, by most of the pixels that lie in it; -1 where most of them do not count.
    ///
    /// @param labels of the picture, (height x width)
    int[] patchLabels(int window, int[] labels, int classes) {
        int grid = grid();
        var of = new int[grid * grid];
        var votes = new int[classes + 1];
        for (int n = 0; n < of.length; n++) {
            java.util.Arrays.fill(votes, 0);
            int y0 = top(window) + n / grid * patch;
            int x0 = left(window) + n % grid * patch;
            for (int y = pixel(y0, height, scaled.height()); y <= last(y0, height, scaled.height()); y++) {
                for (int x = pixel(x0, width, scaled.width()); x <= last(x0, width, scaled.width()); x++) {
                    votes[1 + labels[y * width + x]]++;
                }
            }
            int best = 0;
            for (int c = 1; c <= classes; c++) {
                best = votes[c] > votes[best] ? c : best;
            }
            of[n] = best - 1;
        }
        return of;
    }

    private int last(int at, int length, int scaledLength) {
        return Math.max(pixel(at, length, scaledLength), pixel(at + patch, length, scaledLength) - 1);
    }

    private static int pixel(int at, int length, int scaledLength) {
        return Math.min(length - 1, (int) ((long) at * length / scaledLength));
    }

    /// The class of each pixel of the picture at its full size: scores of patches, interpolated bilinearly within a
    /// window and added up where windows overlap; the largest sum wins.
    ///
    /// @param scores of every window, (windows, grid x grid, classes)
    int[] classes(float[] scores, int classes) {
        var rowTaps = Tap.of(height, scaled.height(), rows(), side, patch, i -> start(i, rows(), scaled.height()));
        var columnTaps = Tap.of(width, scaled.width(), columns(), side, patch,
                i -> start(i, columns(), scaled.width()));
        int grid = grid();
        var predicted = new int[height * width];
        var sum = new double[classes];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                java.util.Arrays.fill(sum, 0);
                for (Tap r : rowTaps[y]) {
                    for (Tap c : columnTaps[x]) {
                        int base = (r.window() * columns() + c.window()) * grid * grid;
                        add(sum, scores, base + r.cell() * grid + c.cell(), classes, r.weight() * c.weight());
                    }
                }
                int best = 0;
                for (int k = 1; k < classes; k++) {
                    best = sum[k] > sum[best] ? k : best;
                }
                predicted[y * width + x] = best;
            }
        }
        return predicted;
    }

    private static void add(double[] sum, float[] scores, int patch, int classes, double weight) {
        for (int k = 0; k < classes; k++) {
            sum[k] += weight * scores[patch * classes + k];
        }
    }

    /// Along one axis, a patch from which a pixel takes scores.
    ///
    /// @param window along the axis
    /// @param cell of the window's grid
    /// @param weight of it, in (0, 1]
    private record Tap(int window, int cell, double weight) {
        /// The taps of each pixel: two neighbouring cells in every window that covers it.
        static Tap[][] of(int length, int scaledLength, int windows, int side, int patch,
                java.util.function.IntUnaryOperator start) {
            var taps = new Tap[length][];
            int grid = side / patch;
            for (int i = 0; i < length; i++) {
                var list = new java.util.ArrayList<Tap>();
                double at = (i + 0.5) * scaledLength / length;
                for (int w = 0; w < windows; w++) {
                    double inside = at - start.applyAsInt(w);
                    if (inside < 0 || inside >= side) {
                        continue;
                    }
                    double g = Math.clamp(inside / patch - 0.5, 0, grid - 1);
                    int cell = Math.min((int) g, Math.max(0, grid - 2));
                    double share = g - cell;
                    if (share < 1) {
                        list.add(new Tap(w, cell, 1 - share));
                    }
                    if (share > 0) {
                        list.add(new Tap(w, cell + 1, share));
                    }
                }
                taps[i] = list.toArray(Tap[]::new);
            }
            return taps;
        }
    }
}
