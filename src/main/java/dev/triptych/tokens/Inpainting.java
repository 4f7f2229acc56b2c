package dev.triptych.tokens;

import dev.triptych.data.file.ImageDecoder;
import dev.triptych.data.file.ImageException;
import dev.triptych.data.set.PictureSet;
import dev.triptych.method.InputException;
import java.nio.file.Path;

/// A picture of which a part is generated anew (Sorcen section 6.1 from known codes on): the codes that lie in a
/// rectangle are unknown, all others stay.
///
/// @param picture its file
/// @param left the rectangle's left edge, as a share of the picture's width
/// @param top its upper edge
/// @param width of it
/// @param height of it
public record Inpainting(Path picture, double left, double top, double width, double height) {
    /// The middle quarter of a picture.
    static Inpainting middle(Path picture) {
        return new Inpainting(picture, 0.25, 0.25, 0.5, 0.5);
    }

    /// Another rectangle.
    ///
    /// @param text left, upper edge, width and height, as in `0.25,0.25,0.5,0.5`
    /// @throws InputException if it is none, or does not lie in the picture
    Inpainting within(String word, String text) {
        String[] parts = text.split(",");
        double[] r = new double[4];
        boolean fits = parts.length == 4;
        for (int i = 0; fits && i < 4; i++) {
            try {
                r[i] = Double.parseDouble(parts[i].strip());
            } catch (NumberFormatException e) {
                fits = false;
            }
            fits &= r[i] >= 0 && r[i] <= 1;
        }
        if (!fits || r[2] == 0 || r[3] == 0 || r[0] + r[2] > 1 + 1e-9 || r[1] + r[3] > 1 + 1e-9) {
            throw new InputException("'" + word + "': expected left, upper edge, width and height of a rectangle as "
                    + "shares of the picture, such as mask=0.25,0.25,0.5,0.5. Change the value.");
        }
        return new Inpainting(picture, r[0], r[1], r[2], r[3]);
    }

    /// The picture's pixels (3, side, side).
    ///
    /// @throws InputException if it cannot be read
    public float[] pixels(int side) {
        var set = new PictureSet(side);
        try {
            set.add(picture.toString(), ImageDecoder.standard().decode(picture));
        } catch (ImageException e) {
            throw new InputException("'from=" + picture + "': " + e.getMessage());
        }
        float[] pixels = new float[3 * side * side];
        set.images(new int[]{0}, pixels, 0);
        return pixels;
    }

    /// A picture's codes (N), unknown where a cell's centre lies in the rectangle, and at one cell at least.
    ///
    /// @param codes of the whole picture (N)
    /// @param mask the id of an unknown code
    public int[] start(int[] codes, int mask) {
        int grid = (int) Math.round(Math.sqrt(codes.length));
        int[] ids = codes.clone();
        int unknown = 0;
        for (int i = 0; i < ids.length; i++) {
            if (covers((i % grid + 0.5) / grid, (i / grid + 0.5) / grid)) {
                ids[i] = mask;
                unknown++;
            }
        }
        if (unknown == 0) {
            throw new InputException("mask=" + left + "," + top + "," + width + "," + height + " holds the centre of "
                    + "no code of " + grid + " x " + grid + "; expected one at least. Enlarge it.");
        }
        return ids;
    }

    /// A picture (3, side, side) with the rectangle grey, for the eye.
    public float[] hidden(float[] pixels, int side) {
        float[] grey = pixels.clone();
        for (int i = 0; i < grey.length; i++) {
            if (covers((i % side + 0.5) / side, (i / side % side + 0.5) / side)) {
                grey[i] = 0.5f;
            }
        }
        return grey;
    }

    /// Whether a point, in shares of the picture, lies in the rectangle.
    private boolean covers(double x, double y) {
        return x >= left && x < left + width && y >= top && y < top + height;
    }
}
