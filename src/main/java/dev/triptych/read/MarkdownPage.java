package dev.triptych.read;

import dev.triptych.report.Html;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;

/// A page of Markdown as a page of HTML that stands alone: formulas as MathML, comments and words of Java and Python
/// in colours of their own.
public final class MarkdownPage {
    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
    /// A comment, a text, or a word of the language.
    private static final Map<String, Pattern> LANGUAGES = Map.of("java", Pattern.compile(
            "(?<comment>//[^\\n]*)|(?<text>\"(?:\\\\.|[^\"\\\\\\n])*\")|(?<word>\\b(?:public|private|static|final|void|"
                    + "int|long|float|double|boolean|for|while|if|else|return|new|record|var|switch|case|"
                    + "default|try|throw|null|true|false|instanceof|yield)\\b)"),
            "python", Pattern.compile(
                    "(?<comment>#[^\\n]*|\"\"\"(?s:.*?)\"\"\")|(?<text>\"[^\"\\n]*\")|(?<word>\\b(?:def|return|if|else|"
                            + "for|while|in|not|None|True|False|and|or|range)\\b)"));
    private static final String STYLE = """
            <style>body{max-width:1000px}pre code{font:12.5px/1.45 ui-monospace,Consolas,monospace}
            td code,p code,li code,summary code{font:.9em ui-monospace,Consolas,monospace}
            .c{color:#57606a;font-style:italic}.s{color:#1a7f4b}.w{color:#1f5fbf}
            @media(prefers-color-scheme:dark){.c{color:#8b949e}.s{color:#7ee2a8}.w{color:#7fb3ff}}
            details{margin:.4em 0;padding:.2em .6em;border-left:3px solid var(--line)}summary{cursor:pointer}
            h2{border-top:1px solid var(--line);padding-top:1em}math{font-size:1.25em;margin:.6em 0;overflow-x:auto}
            .wide td{min-width:0}td:first-child{min-width:2.5em}</style>
            """;

    private MarkdownPage() {
    }

    /// The page.
    public static String html(String title, String markdown) {
        Node document = Parser.builder().extensions(EXTENSIONS).build().parse(markdown);
        String body = HtmlRenderer.builder().extensions(EXTENSIONS).nodeRendererFactory(Blocks::new).build()
                .render(document).replace("<table>", "<div class=\"wide\"><table>")
                .replace("</table>", "</table></div>");
        return Html.page(title, STYLE + body);
    }

    static String coloured(String language, String code) {
        Pattern pattern = LANGUAGES.get(language);
        if (pattern == null) {
            return Html.text(code);
        }
        var out = new StringBuilder();
        int from = 0;
        for (MatchResult match : pattern.matcher(code).results().toList()) {
            String kind = match.group(1) != null ? "c" : match.group(2) != null ? "s" : "w";
            out.append(Html.text(code.substring(from, match.start()))).append("<span class=\"").append(kind)
                    .append("\">")
                    .append(Html.text(match.group())).append("</span>");
            from = match.end();
        }
        return out.append(Html.text(code.substring(from))).toString();
    }

    /// Blocks of code and of formulas.
    private record Blocks(HtmlNodeRendererContext context) implements NodeRenderer {
        @Override
        public java.util.Set<Class<? extends Node>> getNodeTypes() {
            return java.util.Set.of(FencedCodeBlock.class);
        }

        @Override
        public void render(Node node) {
            var block = (FencedCodeBlock) node;
            String text = block.getLiteral();
            var writer = context.getWriter();
            writer.line();
            writer.raw(block.getInfo().equals("math")
                    ? TexMath.display(text)
                    : "<pre><code>" + coloured(block.getInfo(), text) + "</code></pre>");
            writer.line();
        }
    }
}
