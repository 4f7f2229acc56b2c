package dev.triptych.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// The figures of an evaluation beside their baselines: a table for percentages and one for all else, so that the
/// numbers of a column have as many decimals each. Where higher is better, the best of a row is marked and the gain
/// over the untrained encoder given.
final class FigureTable {
    /// Figures of which more is better.
    private static final Pattern HIGHER = Pattern.compile("(kNN|linear probe|mAP|PSNR|accuracy|object mIoU).*"
            + "|mIoU.*|\\d+ labels? of a class|masked codes");

    private FigureTable() {
    }

    static void write(RunRecord run, StringBuilder out) {
        var figures = run.figures();
        out.append(Html.heading("Evaluation"));
        if (figures.isEmpty()) {
            out.append("<p>Not evaluated yet: <code>triptych eval --run</code> does.</p>\n");
            return;
        }
        table(figures.stream().filter(figure -> "%".equals(figure.get("unit"))).toList(), out);
        table(figures.stream().filter(figure -> !"%".equals(figure.get("unit"))).toList(), out);
        if (figures.stream().anyMatch(FigureTable::higher)) {
            out.append(
                    "<p class=\"pale\">Marked: the best of a row, where higher is better. Gain: over the same encoder "
                            + "before training.</p>\n");
        }
    }

    private static boolean higher(Map<?, ?> figure) {
        return HIGHER.matcher(String.valueOf(figure.get("what"))).matches();
    }

    private static void table(List<Map<?, ?>> figures, StringBuilder out) {
        if (figures.isEmpty()) {
            return;
        }
        var names = new LinkedHashSet<String>();
        var numbers = new ArrayList<Object>();
        for (var figure : figures) {
            ((Map<?, ?>) figure.get("baselines")).keySet().forEach(n -> names.add(n.toString()));
            numbers.add(figure.get("unit").equals("%") || figure.get("unit").equals("dB") ? 100 : figure.get("value"));
        }
        int decimals = numbers.stream().allMatch(n -> n instanceof Number v && Math.abs(v.doubleValue()) >= 10) ? 2 : 3;
        boolean gains = figures.stream().anyMatch(figure -> !Double.isNaN(gain(figure)));
        out.append("<div class=\"wide\" tabindex=\"0\"><table class=\"figures\"><thead><tr><th>figure</th>"
                + "<th class=\"n\">value</th>");
        if (gains) {
            out.append("<th class=\"n\">gain</th>");
        }
        names.forEach(name -> out.append("<th class=\"n\">").append(Html.text(name)).append("</th>"));
        out.append("</tr></thead><tbody>\n");
        for (var figure : figures) {
            var baselines = (Map<?, ?>) figure.get("baselines");
            double best = higher(figure) ? best(figure) : Double.NaN;
            String unit = String.valueOf(figure.get("unit"));
            out.append("<tr><td>").append(Html.text(figure.get("what")))
                    .append(unit.isEmpty() ? "" : " <span class=\"unit\">" + Html.text(unit) + "</span>")
                    .append("</td>");
            cell(figure.get("value"), decimals, best, out);
            if (gains) {
                double gain = gain(figure);
                out.append("<td class=\"n\">").append(Double.isNaN(gain)
                        ? "–"
                        : String.format(Locale.ROOT, "%+." + decimals + "f", gain)).append("</td>");
            }
            for (String name : names) {
                if (baselines.containsKey(name)) {
                    cell(baselines.get(name), decimals, best, out);
                } else {
                    out.append("<td class=\"n\">–</td>");
                }
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    private static void cell(Object value, int decimals, double best, StringBuilder out) {
        out.append(value instanceof Number n && n.doubleValue() == best ? "<td class=\"n best\">" : "<td class=\"n\">")
                .append(RunRecord.number(value, decimals)).append("</td>");
    }

    private static double best(Map<?, ?> figure) {
        double best = figure.get("value") instanceof Number value ? value.doubleValue() : Double.NaN;
        for (Object baseline : ((Map<?, ?>) figure.get("baselines")).values()) {
            best = baseline instanceof Number number ? Math.max(best, number.doubleValue()) : best;
        }
        return best;
    }

    private static double gain(Map<?, ?> figure) {
        return higher(figure) && figure.get("value") instanceof Number value
                && ((Map<?, ?>) figure.get("baselines")).get(RunRecord.UNTRAINED) instanceof Number untrained
                        ? value.doubleValue() - untrained.doubleValue()
                        : Double.NaN;
    }
}
