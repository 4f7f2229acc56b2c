package dev.triptych.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/// A line chart as inline SVG, drawn for a width of 360 and scaled by the page; colours come from the page's style, so
/// that it is readable in light and dark. Values that are not finite interrupt their line. Of more points than pixels,
/// the lowest and highest of each stretch are kept, so that no spike is lost.
///
/// Under the pointer, steps and values are shown, by the style alone.
///
/// @param title what is drawn
/// @param meaning a line about it; empty for none
/// @param series lines over one x
/// @param marks where stages begin
record Chart(String title, String meaning, List<Series> series, List<Mark> marks) {
    private static final int WIDTH = 360;
    private static final int HEIGHT = 186;
    private static final int LEFT = 52;
    private static final int RIGHT = 8;
    private static final int TOP = 26;
    private static final int BOTTOM = 22;
    private static final int COLUMNS = 150;
    /// Stretches that show their values under the pointer.
    private static final int HOVERED = 40;
    /// Values that are named there.
    private static final int NAMED = 3;

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

    /// A chart without a word about it.
    Chart(String title, List<Series> series, List<Mark> marks) {
        this(title, "", series, marks);
    }

    /// The chart as a figure element.
    String html() {
        var x = series.stream().flatMap(line -> line.points.stream()).mapToDouble(p -> p[0]).summaryStatistics();
        double[] values = series.stream().flatMapToDouble(line -> DoubleStream.concat(
                line.points.stream().mapToDouble(p -> p[1]),
                line.band.stream().flatMapToDouble(p -> DoubleStream.of(p[1], p[2])))).filter(Double::isFinite)
                .toArray();
        String name = Html.text(title);
        String words = meaning.isEmpty() ? "" : "<p class=\"meaning\">" + Html.text(meaning) + "</p>";
        if (values.length == 0) {
            return "<figure><figcaption>" + name + "</figcaption>" + words + "<p>no finite value</p></figure>\n";
        }
        var frame = new Frame(Axis.steps(x.getMin(), x.getMax()), Axis.around(values));
        var out = new StringBuilder("<figure><figcaption>").append(name)
                .append(frame.y.log() ? " <span class=\"pale\">by powers</span>" : "").append("</figcaption>")
                .append(words).append("<svg viewBox=\"0 0 ").append(WIDTH).append(' ').append(HEIGHT)
                .append("\" role=\"img\" aria-label=\"").append(name).append("\">");
        axes(frame, out);
        marks(frame, out);
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
        hovered(frame, out);
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

    private static void axes(Frame frame, StringBuilder out) {
        for (Axis.Tick tick : frame.y.ticks()) {
            double y = frame.y(tick.value());
            out.append(
                    format("<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT, y,
                            y))
                    .append(format("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 5, y + 4,
                            tick.label()));
        }
        for (Axis.Tick tick : frame.x.ticks()) {
            double x = frame.x(tick.value());
            out.append(format("<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>", x, HEIGHT - 5,
                    x > WIDTH - 30 ? "end" : "middle", tick.label()));
        }
    }

    /// Where stages begin; the first one, at the left end, has its name alone.
    private void marks(Frame frame, StringBuilder out) {
        for (Mark mark : marks) {
            double x = frame.x(mark.x);
            boolean inside = mark.x > frame.x.from() && mark.x < frame.x.to();
            if (inside) {
                out.append(format("<line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>", x, x, TOP,
                        HEIGHT - BOTTOM));
            }
            if (inside || marks.size() > 1 && mark.x == frame.x.from()) {
                out.append(format("<text x=\"%.1f\" y=\"%d\">", x + 3, TOP - 4)).append(Html.text(mark.name))
                        .append("</text>");
            }
        }
    }

    /// Stretches of the axis that light up with what is there.
    private void hovered(Frame frame, StringBuilder out) {
        var longest = series.stream().map(Series::points).max(Comparator.comparingInt(List::size)).orElseThrow();
        int count = Math.min(HOVERED, longest.size());
        double width = (double) (WIDTH - LEFT - RIGHT) / count;
        for (int i = 0; i < count; i++) {
            double[] at = longest.get((int) ((i + 0.5) * longest.size() / count));
            double x = Math.clamp(frame.x(at[0]) - width / 2, LEFT, WIDTH - RIGHT - width);
            var said = new ArrayList<String>();
            var dots = new StringBuilder();
            for (Series line : series) {
                var near = line.points.stream().min(Comparator.comparingDouble(p -> Math.abs(p[0] - at[0])));
                if (near.isPresent() && Double.isFinite(near.get()[1])) {
                    dots.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>", frame.x(near.get()[0]),
                            frame.y(near.get()[1])));
                }
                if (near.isPresent() && said.size() < NAMED) {
                    said.add((line.name.isEmpty() ? "" : line.name + " ") + (Double.isFinite(near.get()[1])
                            ? Axis.number(near.get()[1])
                            : "not finite"));
                }
            }
            out.append(format("<g class=\"h\"><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>", x, TOP, width,
                    HEIGHT - TOP - BOTTOM)).append(dots)
                    .append(format("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", WIDTH - RIGHT, 9))
                    .append(Html.text(Axis.number(at[0]) + ": " + String.join(", ", said))).append("</text></g>");
        }
    }

    private record Frame(Axis x, Axis y) {
        double x(double v) {
            return LEFT + x.share(v) * (WIDTH - LEFT - RIGHT);
        }

        double y(double v) {
            return TOP + (1 - y.share(v)) * (HEIGHT - TOP - BOTTOM);
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

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
