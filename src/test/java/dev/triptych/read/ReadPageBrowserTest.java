package dev.triptych.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.report.Browser;
import dev.triptych.report.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The woven pages in a real browser: whole, alone, and with formulas that it draws. `-Dscreens=DIR` keeps what it
/// shows.
class ReadPageBrowserTest {
    @TempDir
    private Path folder;

    @Test
    void wovenPagesAreWholeReadableAndAlone() throws IOException {
        String screens = System.getProperty("screens");
        try (var browser = Browser.start(folder.resolve("profile"));
                Stream<Path> pages = Files.list(Path.of("docs/read"))) {
            for (Path markdown : pages.sorted().toList()) {
                Path page = folder.resolve(markdown.getFileName().toString().replace(".md", ".html"));
                Files.writeString(page, MarkdownPage.html("A page", Files.readString(markdown)));
                assertEquals(List.of(), Page.faults(browser, page, screens == null ? null : Path.of(screens)),
                        page::toString);
                browser.open(page);
                var flat = (Number) browser.run("return Array.from(document.querySelectorAll('math'))"
                        + ".filter(m => m.getBoundingClientRect().height < 12).length");
                assertEquals(0, flat.intValue(), () -> page + " has formulas that are not drawn");
                var folded = (Number) browser.run("return document.querySelectorAll('details:not([open])').length");
                assertTrue(folded.intValue() > 10, page::toString);
            }
        }
    }
}
