package dev.triptych.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What is wrong with a page, as a browser shows it: by width, and in light and dark. Each finding is a line.
public final class Page {
    /// Contrast of text with its background, and of lines of charts (WCAG 2.2, 1.4.3 and 1.4.11).
    private static final double TEXT = 4.5;
    private static final double LINES = 3;
    private static final int SMALLEST_TEXT = 9;
    private static final List<Integer> WIDTHS = List.of(400, 1280);
    private static final String PICTURES = """
            return Array.from(document.images).filter(i => !i.complete || i.naturalWidth == 0)
                .map(i => 'the picture ' + i.alt + ' is not there')""";
    /// What sticks out to the right, unless it lies in something that scrolls by itself.
    private static final String OVERFLOW = """
            const width = document.documentElement.clientWidth, found = [];
            if (document.documentElement.scrollWidth > width)
                found.push('the page is ' + document.documentElement.scrollWidth + ' wide, more than ' + width);
            const scrolls = e => e && (['auto', 'scroll'].includes(getComputedStyle(e).overflowX)
                || scrolls(e.parentElement));
            for (const e of document.body.querySelectorAll('*')) {
                const right = e.getBoundingClientRect().right;
                if (right > width + 0.5 && !scrolls(e.parentElement) && !e.closest('svg'))
                    found.push(e.tagName + ' reaches to ' + right);
            }
            return found""";
    private static final String CONTRAST = """
            const found = new Set();
            const parse = c => c.match(/[\\d.]+/g).map(Number);
            const linear = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
            const light = c => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
            const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
            const ground = e => {
                for (; e; e = e.parentElement) {
                    const c = parse(getComputedStyle(e).backgroundColor);
                    if (c.length < 4 || c[3] > 0) return c;
                }
                return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
            };
            const judge = (e, what, colour, least) => {
                const r = ratio(parse(colour), ground(e));
                if (!(r >= least)) found.add(what + ' ' + colour + ' on ' + ground(e) + ' has a contrast of '
                    + r.toFixed(2) + ', less than ' + least);
            };
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const e = walk.currentNode.parentElement, text = walk.currentNode.data.trim();
                if (!text || ['STYLE', 'SCRIPT'].includes(e.tagName)) continue;
                const style = getComputedStyle(e), svg = e.closest('svg');
                judge(e, 'the text "' + text.slice(0, 30) + '"', svg ? style.fill : style.color, %s);
                const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
                const size = parseFloat(style.fontSize) * scale;
                if (size < %s) found.add('the text "' + text.slice(0, 30) + '" is ' + size.toFixed(1) + ' px high');
            }
            for (const e of document.querySelectorAll('polyline'))
                judge(e, 'the line', getComputedStyle(e).stroke, %s);
            for (const e of document.querySelectorAll('.legend span'))
                judge(e, 'the mark', getComputedStyle(e, '::before').color, %s);
            return Array.from(found)""".formatted(TEXT, SMALLEST_TEXT, LINES, LINES);

    private Page() {
    }

    /// Looks at a page at 400 and 1280 pixels of width, in light and in dark.
    ///
    /// @param screens where the screenshots go; null for nowhere
    public static List<String> faults(Browser browser, Path page, Path screens) throws IOException {
        browser.console();
        browser.requests();
        var faults = new ArrayList<String>();
        for (boolean dark : new boolean[]{false, true}) {
            for (int width : WIDTHS) {
                browser.dark(dark);
                browser.width(width);
                browser.open(page);
                String where = (dark ? "dark, " : "light, ") + width + " px: ";
                if (!Boolean.valueOf(dark).equals(browser.run(
                        "return matchMedia('(prefers-color-scheme: dark)').matches"))
                        || !Long.valueOf(width).equals(browser.run("return innerWidth"))) {
                    faults.add(where + "the browser does not show it so");
                }
                for (String script : List.of(PICTURES, OVERFLOW, CONTRAST)) {
                    ((List<?>) browser.run(script)).forEach(fault -> faults.add(where + fault));
                }
                browser.console().forEach(line -> faults.add(where + "the console says " + line));
                browser.requests().stream().filter(address -> !address.equals(page.toUri().toString()))
                        .forEach(address -> faults.add(where + "it asks for " + address));
                if (screens != null) {
                    String name = page.getParent().getFileName() + "-" + width + (dark ? "-dark.png" : "-light.png");
                    Files.write(screens.resolve(name), browser.screenshot());
                }
            }
        }
        return faults;
    }
}
