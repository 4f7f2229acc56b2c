package dev.triptych.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.cli.Main;
import dev.triptych.io.Json;
import dev.triptych.methods.Methods;
import dev.triptych.train.Provenance;
import dev.triptych.train.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The list of runs, in the terminal and as a page.
class RunListTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /// Two runs, the older one evaluated, a damaged one, and a folder that is none.
    @BeforeEach
    void runs() throws IOException {
        var begun = new LinkedHashMap<String, Object>(Map.of("command-line",
                List.of("train", "--recipe", "mine.yaml", "data=photos"), "started", "2026-11-30T23:59:12Z", "images",
                "300 of 96 px, photos"));
        RunFolder.create(folder.resolve("b & c"), Methods.RECIPES.load("bits-micro", List.of()).recipe(),
                new Provenance(begun));
        begun.put("started", "2026-11-29T08:01:12Z");
        var old = RunFolder.create(folder.resolve("arm/seed-1"),
                Methods.RECIPES.load("stellar-micro", List.of()).recipe(), new Provenance(begun));
        Files.writeString(old.metrics(), "{\"kind\":\"train\",\"step\":12,\"stage\":\"main\"}\n");
        Files.writeString(old.path().resolve("eval.json"), """
                {"figures": [
                 {"what": "share", "value": 99.0, "unit": "%", "protocol": "", "baselines": {}},
                 {"what": "kNN on S", "value": 41.234, "unit": "%", "protocol": "",
                  "baselines": {"raw pixels": 36.1, "untrained encoder": 30.5}},
                 {"what": "kNN on CLS", "value": 48.5, "unit": "%", "protocol": "",
                  "baselines": {"untrained encoder": 31.25, "raw pixels": 36.1}}]}
                """);
        RunReport.write(old, Methods.ALL);
        Path damaged = Files.createDirectory(folder.resolve("damaged"));
        Files.writeString(damaged.resolve("recipe.yaml"), "method: nothing\n");
        Files.createDirectory(folder.resolve("none"));
    }

    private int command(Object... words) {
        return Main.execute(new PrintWriter(out), new PrintWriter(err),
                Stream.concat(Stream.of("runs"), Stream.of(words)).map(Object::toString).toArray(String[]::new));
    }

    @Test
    void theListSaysWhatEachRunIs() {
        assertEquals(0, command(folder), err::toString);
        var lines = out.toString().lines().toList();
        assertEquals(List.of("b & c", "    mine.yaml, 300 of 96 px, photos", "    step 0, begun 2026-11-30 23:59",
                "    not evaluated yet", "arm/seed-1", "    mine.yaml, 300 of 96 px, photos",
                "    step 12, begun 2026-11-29 08:01", "    kNN on CLS 48.50 %, untrained encoder 31.25 %", "damaged"),
                lines.subList(0, 9), "the newest first, the highest percentage that has the baseline");
        assertTrue(lines.get(9).contains("recipe.yaml"), lines::toString);
        assertEquals("Page: " + folder.resolve("index.html"), lines.getLast());
        for (String line : lines.subList(0, lines.size() - 1)) {
            assertTrue(line.length() <= 80 || !line.strip().contains(" "), line);
        }
    }

    @Test
    void programsGetALineEach() throws IOException {
        assertEquals(0, command(folder, "--json"), err::toString);
        var lines = out.toString().lines().toList();
        assertEquals(3, lines.size(), out::toString);
        assertEquals("b & c", Json.read(lines.getFirst()).get("run"));
        assertTrue(Json.read(lines.getLast()).get("problem").toString().contains("method"), lines::getLast);
    }

    @Test
    void thePageLinksThePages() throws IOException {
        Path page = new RunList(folder, Methods.RECIPES).write();
        String text = Files.readString(page);
        assertTrue(text.contains("<a href=\"arm/seed-1/report.html\">arm/seed-1</a>"), text);
        assertTrue(text.contains("<td>b &amp; c</td>"), "it has no page yet");
        assertFalse(text.contains("<script") || text.contains("http:") || text.contains("https:"));
        RunReport.write(RunFolder.open(folder.resolve("b & c")), Methods.ALL);
        new RunList(folder, Methods.RECIPES).write();
        assertTrue(Files.readString(page).contains("<a href=\"b%20%26%20c/report.html\">b &amp; c</a>"));
    }

    @Test
    void aFolderThatHoldsNoneIsRefused() {
        assertEquals(2, command(folder.resolve("b & c")));
        assertEquals(2, command(folder.resolve("nowhere")));
        assertTrue(err.toString().contains("b & c: this is a run; expected a folder of runs")
                && err.toString().contains("nowhere: this is not there"), err::toString);
        assertEquals(0, command(folder.resolve("none")), err::toString);
        assertTrue(out.toString().contains("No runs in"), out::toString);
        assertFalse(Files.exists(folder.resolve("none/index.html")));
    }
}
