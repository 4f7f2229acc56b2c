package dev.triptych.bits;

import dev.triptych.data.set.ClassNames;
import dev.triptych.data.set.ImageSet;
import dev.triptych.measure.code.BitStatistics;
import dev.triptych.sheet.Cell;
import dev.triptych.sheet.Colormap;
import dev.triptych.sheet.Sheet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// What single bits of a code mean, across classes (BITS, specification section 6.7e): a row for each of the eight bits
/// with the largest I(b; class), a column for each class with images of it that have the bit set, over a bar as long as
/// their share P(b = 1 | class).
///
/// @param codes of the images, in the order of `set`
/// @param set the images
/// @param images whether they are shown; without, a cell is a column as high and as bright as the share
public record BitSheet(BitStatistics codes, ImageSet set, boolean images) {
    private static final int ROWS = 8;
    /// Classes shown, the first ones of the set.
    private static final int CLASSES = 10;
    /// Images along a side of a cell.
    private static final int GRID = 2;
    private static final int PIXELS = 128;
    private static final int BAR = 3;
    private static final int GROUND = 0xF0F2F4;
    private static final int EMPTY = 0xDDE1E6;
    private static final int FILLED = 0x31688E;

    /// The sheet.
    ///
    /// @throws IllegalArgumentException where there is not one code for each image
    public Sheet sheet(String title) {
        if (codes.count() != set.size()) {
            throw new IllegalArgumentException(codes.count() + " codes for " + set.size()
                    + " images: expected one each");
        }
        if (!ClassNames.absence(set.classes()).isEmpty()) {
            return unlabelled(title);
        }
        int classes = Math.min(CLASSES, codes.classes());
        var captions = set.classes().subList(0, classes);
        double[] means = codes.means();
        double[] entropies = codes.entropies();
        double[] informations = codes.informations();
        double[][] rates = codes.classRates();
        int[] labels = codes.labels();
        var rows = new ArrayList<Sheet.Row>();
        for (int b : codes.mostInformative(ROWS)) {
            var cells = new ArrayList<Cell>();
            var notes = new ArrayList<String>();
            for (int y = 0; y < classes; y++) {
                int wanted = y;
                cells.add(images
                        ? pictures(i -> labels[i] == wanted && codes.codes().bit(i, b) == 1, rates[y][b])
                        : column(rates[y][b]));
                notes.add(Double.isNaN(rates[y][b]) ? "no images" : percent(rates[y][b]));
            }
            rows.add(new Sheet.Row(String.format(Locale.ROOT, "bit %d%np = %.2f%nH = %.2f%nI = %.3f", b, means[b],
                    entropies[b], informations[b]), cells, notes));
        }
        return new Sheet(title, captions, rows, note(classes), images ? (GRID * side() + BAR) * scale() : PIXELS / 2);
    }

    /// Without classes: of the bits of the largest entropy, images with the bit set and without.
    private Sheet unlabelled(String title) {
        double[] means = codes.means();
        double[] entropies = codes.entropies();
        var rows = new ArrayList<Sheet.Row>();
        for (int b : codes.mostEven(ROWS)) {
            var cells = new ArrayList<Cell>();
            var notes = new ArrayList<String>();
            for (int value = 1; value >= 0; value--) {
                double share = value == 1 ? means[b] : 1 - means[b];
                int wanted = value;
                cells.add(images ? pictures(i -> codes.codes().bit(i, b) == wanted, share) : column(share));
                notes.add(percent(share));
            }
            rows.add(new Sheet.Row(String.format(Locale.ROOT, "bit %d%nH = %.2f", b, entropies[b]), cells, notes));
        }
        return new Sheet(title, List.of("bit set", "bit not set"), rows, "The " + Math.min(ROWS, bits()) + " of "
                + bits() + " bits of the largest entropy H, in bits. The images have no classes. "
                + (images ? "The first images of the test set with the bit set and without; " : "Height and colour: ")
                + "share of the images, also in percent.",
                images ? (GRID * side() + BAR) * scale() : PIXELS / 2);
    }

    private String note(int classes) {
        return "The " + Math.min(ROWS, bits()) + " of " + bits() + " bits that say most about the class: largest "
                + "I(b; class), in bits. p = P(b=1), H = entropy of the bit. "
                + (images
                        ? "Images of each class with the bit set, the first of the test set; "
                        : "Height and colour: ")
                + "share of the class's images with the bit set, also in percent."
                + (classes < codes.classes() ? " The first " + classes + " of " + codes.classes() + " classes." : "");
    }

    private int bits() {
        return codes.codes().bits();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    private int side() {
        return set.side() + 1;
    }

    private int scale() {
        return Math.max(1, PIXELS / (GRID * set.side()));
    }

    /// The first images of those that are wanted, in a square, over the bar.
    private Cell pictures(IntPredicate wanted, double share) {
        int[] shown = IntStream.range(0, codes.count()).filter(wanted).limit(GRID * GRID).toArray();
        int width = GRID * side() - 1;
        int height = width + 1 + BAR;
        var rgb = Cell.plain(height, width, GROUND).rgb();
        float[] image = new float[3 * set.side() * set.side()];
        for (int k = 0; k < shown.length; k++) {
            set.images(new int[]{shown[k]}, image, 0);
            int[] pixels = Cell.image(image, 0, set.side(), set.side()).rgb();
            int at = k / GRID * side() * width + k % GRID * side();
            for (int row = 0; row < set.side(); row++) {
                System.arraycopy(pixels, row * set.side(), rgb, at + row * width, set.side());
            }
        }
        for (int x = 0; x < width; x++) {
            for (int row = height - BAR; row < height; row++) {
                rgb[row * width + x] = x < Math.round(share * width) ? FILLED : EMPTY;
            }
        }
        return new Cell(height, width, rgb);
    }

    /// A column as high as the share.
    private static Cell column(double share) {
        int side = PIXELS / 2;
        var rgb = Cell.plain(side, side, EMPTY).rgb();
        int from = side - (int) Math.round(share * side);
        Arrays.fill(rgb, from * side, rgb.length, Colormap.VIRIDIS.at(share));
        return new Cell(side, side, rgb);
    }
}
