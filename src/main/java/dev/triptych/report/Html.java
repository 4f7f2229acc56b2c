package dev.triptych.report;

import dev.triptych.io.AtomicFile;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Pieces of a page that stands alone: no script, nothing fetched, light and dark, from 320 pixels of width on.
public final class Html {
    /// Lines of charts, distinct in both modes.
    private static final String[] COLOURS = {"#1976d8", "#d1480f", "#1f8a4c", "#8a3ffc", "#b28600", "#d03a78",
            "#00838f", "#8d6e63"};
    /// Where a PNG has its width, and the pixels below which a picture is not scaled down.
    private static final int WIDTH_IN_PNG = 16;
    private static final int NARROWEST = 760;
    private static final String STYLE = """
            :root{color-scheme:light dark;--ink:#1d2126;--pale:#5c6570;--paper:#fff;--line:#d5d9de;--soft:#f3f5f7;
            --link:#0b57b0;--shade:#0006;--mark:#e3f1e6}
            @media(prefers-color-scheme:dark){:root{--ink:#e4e7ea;--pale:#a2abb5;--paper:#15181c;--line:#3a4149;
            --soft:#1f242a;--link:#7db4ff;--shade:#fff7;--mark:#1c3a26}}
            *{box-sizing:border-box}
            body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:0 auto;padding:16px;
            max-width:1180px;overflow-wrap:anywhere}
            a{color:var(--link)}h1{font-size:1.5rem;margin:.2em 0}h2{font-size:1.15rem;margin:1.6em 0 .5em}
            p,li{max-width:75ch}.pale,td.pale{color:var(--pale)}
            .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,320px),1fr));gap:14px}
            figure{margin:0;background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:8px;
            min-width:0}
            figcaption{font-weight:600;font-size:.9rem}
            svg{width:100%;height:auto;display:block}
            .meaning{margin:0;font-size:.85rem;color:var(--pale)}
            svg text{font-size:10px;fill:var(--pale)}.h rect,.h circle{fill:transparent}.h text{visibility:hidden}
            .h:hover rect{fill:var(--pale);fill-opacity:.15}.h:hover circle{fill:var(--ink)}
            .h:hover text{visibility:visible;fill:var(--ink)}.grid{stroke:var(--line)}
            .mark{stroke:var(--pale);stroke-dasharray:3 3}polyline{fill:none;stroke-width:1.5}
            img{max-width:100%;height:auto;display:block;background:#fff}
            .wide{overflow-x:auto;--under:var(--paper);background:linear-gradient(90deg,var(--under) 40%,transparent),
            linear-gradient(270deg,var(--under) 40%,transparent) 100% 0,
            radial-gradient(farthest-side at 0 50%,var(--shade),transparent),
            radial-gradient(farthest-side at 100% 50%,var(--shade),transparent) 100% 0;background-repeat:no-repeat;
            background-size:40px 100%,40px 100%,16px 100%,16px 100%;background-attachment:local,local,scroll,scroll}
            figure .wide{--under:var(--soft)}table{border-collapse:collapse;font-size:.9rem}
            th,td{text-align:left;padding:3px 12px 3px 0;border-bottom:1px solid var(--line);vertical-align:top}
            td.n,th.n{padding-left:8px;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
            td{overflow-wrap:normal;word-break:normal;min-width:4em}td:first-child{min-width:9em}
            pre{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:10px;overflow-x:auto;
            font-size:.85rem}pre.recipe{columns:3 19rem;white-space:pre-wrap}
            .warning{border-left:4px solid #d1480f;padding-left:10px}.legend{margin:4px 0 0;font-size:.85rem}
            .legend span{margin-right:10px}.wide+.wide{margin-top:1em}
            .best{font-weight:700}td.best{background:var(--mark)}
            td .unit,.unit{color:var(--pale);font-weight:400}
            dt{font-weight:600;margin-top:.5em}dd{margin:0 0 0 1em;max-width:75ch}
            """;

    private Html() {
    }

    /// Text with the characters escaped that mean something in a page.
    public static String text(Object value) {
        return String.valueOf(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /// A path below the page's folder, as a link to it.
    static String address(String path) {
        return text(URLEncoder.encode(path, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/"));
    }

    /// A whole page.
    public static String page(String title, String body) {
        return page(title, "", body);
    }

    /// A whole page that is loaded again every so many seconds.
    static String reloading(String title, int seconds, String body) {
        return page(title, "<meta http-equiv=\"refresh\" content=\"" + seconds + "\" />\n", body);
    }

    private static String page(String title, String head, String body) {
        var colours = new StringBuilder();
        for (int i = 0; i < COLOURS.length; i++) {
            colours.append("polygon.s").append(i).append("{fill-opacity:.15;fill:").append(COLOURS[i]).append("}\n");
            colours.append("polyline.s").append(i).append("{stroke:").append(COLOURS[i]).append("}.legend .s").append(i)
                    .append("::before{content:\"\\25CF \";color:").append(COLOURS[i]).append("}\n");
        }
        return """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8" />
                <meta name="viewport" content="width=device-width,initial-scale=1" />
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
                style-src 'unsafe-inline'" />
                """ + head + "<title>" + text(title) + "</title>\n<style>\n" + STYLE + colours
                + "</style></head>\n<body>\n" + body
                + "</body></html>\n";
    }

    static String heading(String text) {
        return "<h2>" + text(text) + "</h2>\n";
    }

    /// Names and values in two columns.
    static String pairs(Map<String, ?> pairs) {
        var out = new StringBuilder("<div class=\"wide\" tabindex=\"0\"><table>\n");
        pairs.forEach((name, value) -> out.append("<tr><td class=\"pale\">").append(text(name)).append("</td><td>")
                .append(text(value instanceof List<?> list
                        ? String.join(" ", list.stream().map(String::valueOf).toList())
                        : value == null ? "unknown" : value))
                .append("</td></tr>\n"));
        return out.append("</table></div>\n").toString();
    }

    /// A table; its columns but the first hold numbers, except those in `wordy`.
    static String table(List<String> header, List<List<String>> rows, List<Integer> wordy) {
        var out = new StringBuilder("<div class=\"wide\" tabindex=\"0\"><table><thead><tr>");
        for (int c = 0; c < header.size(); c++) {
            out.append(c == 0 || wordy.contains(c) ? "<th>" : "<th class=\"n\">").append(text(header.get(c)))
                    .append("</th>");
        }
        out.append("</tr></thead><tbody>\n");
        for (List<String> row : rows) {
            out.append("<tr>");
            for (int c = 0; c < row.size(); c++) {
                out.append(c == 0 || wordy.contains(c) ? "<td>" : "<td class=\"n\">").append(text(row.get(c)))
                        .append("</td>");
            }
            out.append("</tr>\n");
        }
        return out.append("</tbody></table></div>\n").toString();
    }

    /// A PNG inside the page, a sheet in its dark form too; one that is wide scrolls on a narrow screen, for its text
    /// would be too small.
    static String picture(String caption, byte[] png) throws IOException {
        int width = ByteBuffer.wrap(png).getInt(WIDTH_IN_PNG);
        String image = "<img alt=\"" + text(caption) + "\" style=\"min-width:" + Math.min(width, NARROWEST)
                + "px\" src=\"" + data(png) + "\" />";
        var dark = DarkSheet.of(png);
        return "<figure><figcaption>" + text(caption) + "</figcaption><div class=\"wide\" tabindex=\"0\">"
                + (dark.isEmpty()
                        ? image
                        : "<picture><source media=\"(prefers-color-scheme:dark)\" srcset=\"" + data(dark.get())
                                + "\" />" + image + "</picture>")
                + "</div></figure>\n";
    }

    private static String data(byte[] png) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    }

    static void write(Path file, String page) throws IOException {
        AtomicFile.write(file, page.getBytes(StandardCharsets.UTF_8));
    }
}
