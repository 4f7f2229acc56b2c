package dev.triptych.sheet;

import dev.triptych.io.AtomicFile;
import dev.triptych.measure.feature.FeatureSpace;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the features of test images are like: left a map of the images by their first two principal components, in the
/// colours of their classes; right how kNN takes one class for another, in percent of each class.
///
/// @param space the features
/// @param classes their names; empty where there are no labels, and then nothing is coloured or confused
public record FeatureSheet(FeatureSpace space, List<String> classes) {
    /// More classes than have names here.
    private static final int NAMED = 20;
    /// Cells that are large enough for a number.
    private static final int NUMBERED = 12;
    private static final int MARGIN = 24;
    private static final int SIDE = 420;
    private static final int LABELS = 150;
    private static final int TITLE_SIZE = 20;
    private static final int TEXT_SIZE = 12;
    private static final int LINE = 18;
    private static final int LONGEST_NAME = 22;
    private static final int COLUMNS = 2;
    private static final int DOT = 6;
    private static final Color INK = new Color(0x22262b);
    private static final Color PALE_INK = new Color(0x5c6570);
    private static final Color FRAME = new Color(0xd5d9de);
    private static final Color NONE = new Color(0xf3f5f7);
    private static final int ALL = 0x1f5fa8;

    /// Copies the names.
    public FeatureSheet {
        classes = List.copyOf(classes);
    }

    /// Draws it into a file, which appears whole or not at all.
    ///
    /// @return a remark when the machine has no font
    public Optional<String> write(String title, Path file) throws IOException {
        var drawing = draw(title);
        AtomicFile.write(file, Png.bytes(drawing.picture(), drawing.parts()));
        return drawing.remark();
    }

    /// Draws it.
    Sheet.Drawing draw(String title) {
        Optional<String> remark = Sheet.fontProblem();
        var text = Lettering.find();
        boolean labelled = !classes.isEmpty();
        boolean named = labelled && classes.size() <= NAMED;
        int top = MARGIN + LINE + 2 * LINE;
        int legend = named ? (classes.size() + COLUMNS - 1) / COLUMNS * LINE + 8 : 0;
        int width = 2 * MARGIN + SIDE + (labelled ? MARGIN + (named ? LABELS : 0) + SIDE : 0);
        int height = top + SIDE + LINE + 8 + legend + MARGIN;
        var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var parts = new ArrayList<Png.Part>();
        var graphics = picture.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, width, height);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING,
                    RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setColor(INK);
            text.draw(graphics, title, MARGIN, MARGIN + TITLE_SIZE, Font.BOLD, TITLE_SIZE);
            var plane = space.plane();
            text.draw(graphics, "Test images by " + space.by(), MARGIN, top - 8, Font.BOLD, TEXT_SIZE);
            map(graphics, plane, top);
            parts.add(new Png.Part(MARGIN, top, SIDE, SIDE));
            graphics.setColor(PALE_INK);
            text.draw(graphics, String.format(Locale.ROOT, "first two principal components, %.0f %% and %.0f %% of the "
                    + "variance", 100 * plane.share()[0], 100 * plane.share()[1]), MARGIN, top + SIDE + LINE,
                    Font.PLAIN, TEXT_SIZE);
            if (labelled) {
                int left = 2 * MARGIN + SIDE + (named ? LABELS : 0);
                confusion(graphics, text, left, top, named);
                parts.add(new Png.Part(left, top, SIDE, SIDE));
            }
            if (named) {
                legend(graphics, text, top + SIDE + LINE + 8, parts);
            }
        } finally {
            graphics.dispose();
        }
        return new Sheet.Drawing(picture, parts, remark);
    }

    private void map(Graphics2D graphics, FeatureSpace.Plane plane, int top) {
        graphics.setColor(NONE);
        graphics.fillRect(MARGIN, top, SIDE, SIDE);
        double[] low = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        double[] high = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (double[] place : plane.places()) {
            for (int c = 0; c < 2; c++) {
                low[c] = Math.min(low[c], place[c]);
                high[c] = Math.max(high[c], place[c]);
            }
        }
        double scale = (SIDE - 4.0 * DOT) / Math.max(1e-12, Math.max(high[0] - low[0], high[1] - low[1]));
        for (int i = 0; i < plane.places().length; i++) {
            double[] place = plane.places()[i];
            double x = MARGIN + SIDE / 2.0 + (place[0] - (low[0] + high[0]) / 2) * scale;
            double y = top + SIDE / 2.0 - (place[1] - (low[1] + high[1]) / 2) * scale;
            graphics.setColor(classes.isEmpty()
                    ? PALE_INK
                    : new Color(Cell.segmentColour(plane.labels()[i]) | 0xcc000000, true));
            graphics.fill(new Ellipse2D.Double(x - DOT / 2.0, y - DOT / 2.0, DOT, DOT));
        }
    }

    private void confusion(Graphics2D graphics, Lettering text, int left, int top, boolean named) {
        int n = classes.size();
        int[][] counts = space.confusion(n);
        graphics.setColor(INK);
        text.draw(graphics, "True class (rows), taken by kNN for (columns), %", left - (named ? LABELS : 0), top - 8,
                Font.BOLD, TEXT_SIZE);
        double cell = (double) SIDE / n;
        for (int r = 0; r < n; r++) {
            int all = 0;
            for (int count : counts[r]) {
                all += count;
            }
            int y = top + (int) Math.round(r * cell);
            int y1 = top + (int) Math.round((r + 1) * cell);
            for (int c = 0; c < n; c++) {
                int x = left + (int) Math.round(c * cell);
                int x1 = left + (int) Math.round((c + 1) * cell);
                double share = all == 0 ? 0 : (double) counts[r][c] / all;
                graphics.setColor(new Color(Colormap.mix(NONE.getRGB() & 0xffffff, ALL, share)));
                graphics.fillRect(x, y, x1 - x, y1 - y);
                graphics.setColor(FRAME);
                graphics.drawRect(x, y, x1 - x, y1 - y);
                if (n <= NUMBERED && counts[r][c] > 0) {
                    String number = String.format(Locale.ROOT, "%.0f", 100 * share);
                    graphics.setColor(share > 0.5 ? Color.WHITE : INK);
                    text.draw(graphics, number, (x + x1 - text.width(number, Font.PLAIN, TEXT_SIZE)) / 2,
                            (y + y1) / 2 + TEXT_SIZE / 3, Font.PLAIN, TEXT_SIZE);
                }
            }
            if (named) {
                String name = (r + 1) + "  " + cut(classes.get(r));
                graphics.setColor(INK);
                text.draw(graphics, name, left - 8 - text.width(name, Font.PLAIN, TEXT_SIZE),
                        (y + y1) / 2 + TEXT_SIZE / 3, Font.PLAIN, TEXT_SIZE);
                String number = Integer.toString(r + 1);
                int middle = left + (int) Math.round((r + 0.5) * cell);
                text.draw(graphics, number, middle - text.width(number, Font.PLAIN, TEXT_SIZE) / 2, top + SIDE + LINE,
                        Font.PLAIN, TEXT_SIZE);
            }
        }
    }

    private void legend(Graphics2D graphics, Lettering text, int top, List<Png.Part> parts) {
        for (int c = 0; c < classes.size(); c++) {
            int x = MARGIN + c % COLUMNS * (SIDE / COLUMNS);
            int y = top + c / COLUMNS * LINE;
            graphics.setColor(new Color(Cell.segmentColour(c)));
            graphics.fillRect(x, y + 5, 10, 10);
            parts.add(new Png.Part(x, y + 5, 10, 10));
            graphics.setColor(INK);
            text.draw(graphics, (c + 1) + "  " + cut(classes.get(c)), x + 16, y + 15, Font.PLAIN, TEXT_SIZE);
        }
    }

    private static String cut(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
    }
}
