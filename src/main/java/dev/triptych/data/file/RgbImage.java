package dev.triptych.data.file;

/// A decoded image: unsigned bytes, planes R, G, B of height x width.
public record RgbImage(int width, int height, byte[] planes) {
    /// Checks that the array fits the size.
    public RgbImage {
        if (width < 1 || height < 1 || planes.length != Math.multiplyExact(3, Math.multiplyExact(width, height))) {
            throw new IllegalArgumentException("an image of " + width + "x" + height + " pixels does not fit into "
                    + planes.length + " bytes: expected 3 bytes per pixel");
        }
    }

    /// The whole image scaled by antialiased bicubic resampling, its short side to `side` pixels.
    public RgbImage withShortSide(int side) {
        return SquareResize.whole(this, side);
    }

    /// Writes a square part as floats in [0, 1], planes of side x side, to `out[at ..]`.
    public void square(int left, int top, int side, float[] out, int at) {
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < side; y++) {
                Planar.toFloats(planes, (c * height + top + y) * width + left, out, at + (c * side + y) * side, side);
            }
        }
    }

    /// The image as its EXIF orientation (1 to 8) asks to show it; other numbers change nothing.
    RgbImage oriented(int orientation) {
        if (orientation < 2 || orientation > 8) {
            return this;
        }
        boolean swap = orientation >= 5;
        int w = swap ? height : width;
        int h = swap ? width : height;
        byte[] turned = new byte[planes.length];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                int column = switch (orientation) {
                    case 2, 3 -> width - 1 - x;
                    case 4 -> x;
                    case 5, 6 -> y;
                    default -> width - 1 - y;
                };
                int row = switch (orientation) {
                    case 2 -> y;
                    case 3, 4 -> height - 1 - y;
                    case 5, 8 -> x;
                    default -> height - 1 - x;
                };
                for (int c = 0; c < 3; c++) {
                    turned[(c * h + y) * w + x] = planes[(c * height + row) * width + column];
                }
            }
        }
        return new RgbImage(w, h, turned);
    }
}
