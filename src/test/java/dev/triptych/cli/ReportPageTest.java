package dev.triptych.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.report.Browser;
import dev.triptych.report.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pages of real runs in a real browser, opened from disk: at 400 and at 1280 pixels of width, in light and in dark.
/// `-Dscreens=DIR` keeps what the browser shows.
class ReportPageTest {
    private static final String ALTS = "return Array.from(document.images).map(i => i.alt)";

    private static final String UNEXPLAINED = "return Array.from(document.querySelectorAll('.charts figure'))"
            + ".filter(f => !f.querySelector('.meaning')).map(f => f.querySelector('figcaption').textContent)";
    private static final String SCROLLED = "return getComputedStyle(document.querySelector('.wide'))"
            + ".backgroundImage.includes('radial-gradient')";

    private static final String SHOWN = "return Array.from(document.querySelectorAll('.h text'))"
            + ".filter(t => getComputedStyle(t).visibility == 'visible').map(t => t.textContent)";
    private static final String MIDDLE = """
            const g = document.querySelector('.h rect');
            g.scrollIntoView({block: 'center'});
            const r = g.getBoundingClientRect();
            return [r.x + r.width / 2, r.y + r.height / 2]""";

    @TempDir
    private Path folder;

    private static void ok(Object... words) {
        Cli cli = Cli.run(words);
        assertEquals(0, cli.code(), cli::all);
    }

    private Path train(String recipe, Object... more) {
        Path run = folder.resolve(recipe);
        var words = new ArrayList<Object>(List.of("train", "--recipe", recipe, "--quiet", "--out", run));
        words = Cli.with(words, more);
        ok(words.toArray());
        return run;
    }

    private Path tokenize(String tokenizer, String split, Object... more) {
        Path codes = folder.resolve(split + ".codes");
        var words = new ArrayList<Object>(List.of("tokenize", "--quiet", "--tokenizer", tokenizer, "--split", split,
                "data.side=16", "data.train-images=32", "data.test-images=16",
                "data.cache=" + folder.resolve("packed"), "out=" + codes));
        words = Cli.with(words, more);
        ok(words.toArray());
        return codes;
    }

    /// A run of each method, evaluated, and two of them side by side.
    private List<Path> pages() throws IOException {
        var pages = new ArrayList<Path>();
        for (String recipe : List.of("stellar-micro", "bits-micro")) {
            Path run = train(recipe, "data.train-images=32", "data.test-images=8", "training.log-every=1");
            ok("eval", "--run", run, "--quiet", "--no-pixels");
            pages.add(run.resolve("report.html"));
        }
        Path codes = tokenize("kmeans", "train", "kmeans.codes=32", "kmeans.samples=1000");
        tokenize(folder.resolve("train.tokenizer.safetensors").toString(), "test");
        Path sorcen = train("sorcen-micro", "sorcen.codes=" + codes, "--stop-after", 2);
        ok("eval", "--run", sorcen, "--quiet", "--samples", 4, "--iterations", 2);
        pages.add(sorcen.resolve("report.html"));
        Path compared = Files.createDirectory(folder.resolve("compared")).resolve("compare.html");
        ok("compare", folder.resolve("stellar-micro"), folder.resolve("bits-micro"), "--out", compared);
        pages.add(compared);
        ok("runs", folder);
        pages.add(folder.resolve("index.html"));
        return pages;
    }

    @Test
    void pagesAreWholeReadableAndAlone() throws IOException {
        String screens = System.getProperty("screens");
        try (var browser = Browser.start(folder.resolve("profile"))) {
            for (Path page : pages()) {
                assertEquals(List.of(), Page.faults(browser, page, screens == null ? null : Path.of(screens)),
                        page::toString);
            }
            browser.open(folder.resolve("stellar-micro/report.html"));
            assertEquals(List.of(), browser.run(UNEXPLAINED), "every curve has a line that says what it means");
            browser.open(folder.resolve("bits-micro/report.html"));
            assertEquals(List.of(), browser.run(UNEXPLAINED), "every curve has a line that says what it means");
            assertEquals(List.of("What single bits mean, across classes",
                    "Retrieval: queries and what lies nearest to them",
                    "Features: a map of the test images, and which class is taken for which"),
                    browser.run(ALTS));
            browser.open(folder.resolve("sorcen-micro/report.html"));
            assertEquals(List.of("Generated images, and test images through the tokenizer",
                    "Retrieval: queries and what lies nearest to them",
                    "Features: a map of the test images, and which class is taken for which"), browser.run(ALTS));
            assertEquals(List.of(), browser.run(UNEXPLAINED), "every curve has a line that says what it means");
            hover(browser);
            assertEquals(true, browser.run(SCROLLED), "a table that is too wide shows it");
        }
    }

    /// Under the pointer a curve shows its values, and only there.
    private static void hover(Browser browser) throws IOException {
        assertEquals(List.of(), browser.run(SHOWN));
        browser.width(1280);
        var at = (List<?>) browser.run(MIDDLE);
        browser.point(((Number) at.get(0)).doubleValue(), ((Number) at.get(1)).doubleValue());
        var shown = (List<?>) browser.run(SHOWN);
        assertEquals(1, shown.size(), shown::toString);
        assertTrue(shown.getFirst().toString().matches("[12]: .*\\d"), shown::toString);
        browser.point(1, 1);
        assertEquals(List.of(), browser.run(SHOWN));
    }

    /// Every check can fail.
    @Test
    void faultsAreFound() throws IOException {
        Path page = Files.writeString(folder.resolve("bad.html"), """
                <!DOCTYPE html><html><head><meta charset="utf-8"></head>
                <body style="background:#fff;color:#000"><p style="width:1500px">wide</p>
                <p style="color:#999">pale</p><p style="font-size:7px">small</p>
                <svg viewBox="0 0 9 9"><polyline points="0,0 9,9" style="stroke:#eee"/></svg>
                <img alt="broken" src="data:image/png;base64,AAAA"><img alt="far" src="https://127.0.0.1:9/far.png">
                <script>undefinedFunction()</script></body></html>
                """);
        try (var browser = Browser.start(folder.resolve("profile"))) {
            String faults = String.join("\n", Page.faults(browser, page, null));
            for (String fault : List.of("light, 400 px: the page is 15", "dark, 1280 px: P reaches to 15",
                    "the text \"pale\" rgb(153, 153, 153) on 255,255,255 has a contrast of 2.85",
                    "the text \"small\" is 7.0 px high", "the line rgb(238, 238, 238)", "the picture broken is not",
                    "the picture far is not", "undefinedFunction is not defined",
                    "it asks for https://127.0.0.1:9/far.png")) {
                assertTrue(faults.contains(fault), () -> fault + " in\n" + faults);
            }
        }
    }
}
