package dev.triptych.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A line chart as inline SVG, drawn for a width of 360 and scaled by the page; colours come from the page's style, so
/// that it is readable in light and dark. Values that are not finite interrupt their line. Of more points than pixels,
/// the lowest and highest of each stretch are kept, so that no spike is lost.
///
/// @param title what is drawn
/// @param series lines over one x
/// @param marks where stages begin
record Chart(String title, List<Series> series, List<Mark> marks) {
    private static final int WIDTH = 360;
    private static final int HEIGHT = 170;
    private static final int LEFT = 52;
    private static final int RIGHT = 8;
    private static final int TOP = 10;
    private static final int BOTTOM = 22;
    private static final int COLUMNS = 150;

    /// One line.
    ///
    /// @param name for the legend; empty for a single line
    /// @param points x and y, x growing
    /// @param band x, lowest and highest around the line, x growing; empty without one
    record Series(String name, List<double[]> points, List<double[]> band) {
        /// A line without a band.
        Series(String name, List<double[]> points) {
            this(name, points, List.of());
        }
    }

    /// A vertical line with a name.
    record Mark(double x, String name) {
    }

    /// The chart as a figure element.
    String html() {
        double x0 = Double.POSITIVE_INFINITY;
        double x1 = Double.NEGATIVE_INFINITY;
        double y0 = Double.POSITIVE_INFINITY;
        double y1 = Double.NEGATIVE_INFINITY;
        for (Series line : series) {
            for (double[] p : line.points) {
                x0 = Math.min(x0, p[0]);
                x1 = Math.max(x1, p[0]);
                if (Double.isFinite(p[1])) {
                    y0 = Math.min(y0, p[1]);
                    y1 = Math.max(y1, p[1]);
                }
            }
            for (double[] p : line.band) {
                y0 = Math.min(y0, p[1]);
                y1 = Math.max(y1, p[2]);
            }
        }
        if (y0 > y1) {
            return "<figure><figcaption>" + Html.text(title) + "</figcaption><p>no finite value</p></figure>\n";
        }
        double pad = y1 > y0 ? 0.05 * (y1 - y0) : Math.max(1e-3, Math.abs(y0) * 0.1);
        var frame = new Frame(x0, Math.max(x1, x0 + 1), y0 - pad, y1 + pad);
        String name = Html.text(title);
        var out = new StringBuilder("<figure><figcaption>").append(name).append("</figcaption><svg viewBox=\"0 0 ")
                .append(WIDTH).append(' ').append(HEIGHT).append("\" role=\"img\" aria-label=\"").append(name)
                .append("\">");
        for (double tick : ticks(y0 - pad, y1 + pad)) {
            double y = frame.y(tick);
            out.append(
                    format("<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT, y,
                            y))
                    .append(format("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 5, y + 4,
                            number(tick)));
        }
        for (double tick : ticks(frame.x0, frame.x1)) {
            out.append(format("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>", frame.x(tick), HEIGHT - 5,
                    number(tick)));
        }
        for (Mark mark : marks) {
            double x = frame.x(mark.x);
            if (mark.x > frame.x0 && mark.x < frame.x1) {
                out.append(format("<line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>", x, x, TOP,
                        HEIGHT - BOTTOM)).append(format("<text x=\"%.1f\" y=\"%d\">", x + 3, TOP + 8))
                        .append(Html.text(mark.name)).append("</text>");
            }
        }
        for (int i = 0; i < series.size(); i++) {
            out.append(band(series.get(i).band, i, frame));
        }
        for (int i = 0; i < series.size(); i++) {
            for (List<double[]> piece : pieces(thinned(series.get(i).points))) {
                out.append("<polyline class=\"s").append(i % 8).append("\" points=\"");
                for (double[] p : piece) {
                    out.append(format("%.1f,%.1f ", frame.x(p[0]), frame.y(p[1])));
                }
                out.setCharAt(out.length() - 1, '"');
                out.append("/>");
            }
        }
        out.append("</svg>");
        if (series.size() > 1) {
            out.append("<p class=\"legend\">");
            for (int i = 0; i < series.size(); i++) {
                out.append("<span class=\"s").append(i % 8).append("\">").append(Html.text(series.get(i).name))
                        .append("</span> ");
            }
            out.append("</p>");
        }
        return out.append("</figure>\n").toString();
    }

    private record Frame(double x0, double x1, double y0, double y1) {
        double x(double v) {
            return LEFT + (v - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT);
        }

        double y(double v) {
            return TOP + (y1 - v) / (y1 - y0) * (HEIGHT - TOP - BOTTOM);
        }
    }

    private static String band(List<double[]> band, int number, Frame frame) {
        if (band.isEmpty()) {
            return "";
        }
        var points = new StringBuilder();
        band.forEach(p -> points.append(format("%.1f,%.1f ", frame.x(p[0]), frame.y(p[2]))));
        band.reversed().forEach(p -> points.append(format("%.1f,%.1f ", frame.x(p[0]), frame.y(p[1]))));
        return "<polygon class=\"s" + number % 8 + "\" points=\"" + points.toString().strip() + "\"/>";
    }

    /// Stretches without a value that is not finite.
    private static List<List<double[]>> pieces(List<double[]> points) {
        var pieces = new ArrayList<List<double[]>>();
        List<double[]> piece = new ArrayList<>();
        for (double[] p : points) {
            if (Double.isFinite(p[1])) {
                piece.add(p);
            } else if (!piece.isEmpty()) {
                pieces.add(piece);
                piece = new ArrayList<>();
            }
        }
        if (!piece.isEmpty()) {
            pieces.add(piece);
        }
        return pieces;
    }

    /// At most four points for each column: first, lowest, highest, and one that is not finite.
    private static List<double[]> thinned(List<double[]> points) {
        if (points.size() <= 2 * COLUMNS) {
            return points;
        }
        var kept = new ArrayList<double[]>();
        for (int column = 0; column < COLUMNS; column++) {
            var part = points.subList((int) ((long) column * points.size() / COLUMNS),
                    (int) ((column + 1L) * points.size() / COLUMNS));
            double[] low = part.getFirst();
            double[] high = part.getFirst();
            double[] broken = null;
            for (double[] p : part) {
                if (Double.isFinite(p[1])) {
                    low = p[1] >= low[1] ? low : p;
                    high = p[1] <= high[1] ? high : p;
                } else {
                    broken = p;
                }
            }
            var column4 = new ArrayList<>(List.of(part.getFirst(), low, high));
            if (broken != null) {
                column4.add(broken);
            }
            column4.sort((a, b) -> Double.compare(a[0], b[0]));
            kept.addAll(column4);
        }
        kept.add(points.getLast());
        return kept;
    }

    /// Three to six round numbers of an interval.
    private static List<Double> ticks(double from, double to) {
        double raw = (to - from) / 4;
        double unit = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = raw / unit < 1.5 ? unit : raw / unit < 3.5 ? 2 * unit : raw / unit < 7.5 ? 5 * unit : 10 * unit;
        var ticks = new ArrayList<Double>();
        for (double i = Math.ceil(from / step); i * step <= to && ticks.size() < 10; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    private static String number(double value) {
        double size = Math.abs(value);
        if (size >= 1e6 || size > 0 && size < 1e-3) {
            return format("%.0e", value).replace("e-0", "e-").replace("e+0", "e");
        }
        return value == Math.rint(value) ? format("%.0f", value) : format("%.4f", value).replaceAll("0+$", "");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
