package dev.triptych.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.methods.Methods;
import dev.triptych.train.MetricsLog;
import dev.triptych.train.Provenance;
import dev.triptych.train.RunException;
import dev.triptych.train.RunFolder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/// The page of a run, read as XML, which it is too.
class RunReportTest {
    @TempDir
    private Path folder;

    /// A run with everything a page can show, and text that would break it.
    static RunFolder run(Path path, double learningRate) throws IOException {
        var recipe = Methods.RECIPES.load("stellar-micro", List.of("optimizer.lr=" + learningRate)).recipe();
        var run = RunFolder.create(path, recipe, new Provenance(Map.of("cpu", "<b>&\"quick\"", "flags",
                List.of("-a", "-b"))));
        try (var log = MetricsLog.open(run.metrics())) {
            for (int step = 1; step <= 1000; step++) {
                log.write("train", step, Map.of("stage", step < 400 ? "prior" : "main", "epoch", step / 10.0, "images",
                        step * 8L, "total", step == 500 ? Double.NaN : 3 + 1.0 / step, "lr", learningRate,
                        "entropy of <L>", step * 1e-9));
            }
            log.write("warning", 700, Map.of("text", "collapse: <script>alert(1)</script>"));
            log.write("change", 600, Map.of("text", "head drawn anew"));
            log.write("end", 1000, Map.of("seconds", 90.0, "images/s", 88.9, "stopped", false));
        }
        Files.writeString(path.resolve("eval.json"), """
                {"facts": {"classes": "6"}, "figures": [
                 {"what": "kNN on S", "value": 41.234, "unit": "%", "protocol": "cosine, k = 20",
                  "baselines": {"raw pixels": 36.1, "untrained": null}},
                 {"what": "kNN on L", "value": 30.5, "unit": "%", "protocol": "",
                  "baselines": {"untrained encoder": 28.25, "raw pixels": 36.1}},
                 {"what": "entropy", "value": 0.51234, "unit": "nats", "protocol": "",
                  "baselines": {"untrained encoder": 12.5}},
                 {"what": "PSNR", "value": null, "unit": "dB", "protocol": "", "baselines": {}}]}
                """);
        ImageIO.write(new BufferedImage(900, 30, BufferedImage.TYPE_INT_RGB), "png",
                path.resolve("sheet.png").toFile());
        return run;
    }

    private static Document parse(String page) {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                    .parse(new ByteArrayInputStream(page.replace("<!DOCTYPE html>", "").strip()
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        } catch (SAXException | IOException | ParserConfigurationException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    private static void assertAlone(String page) throws IOException {
        assertFalse(page.contains("<script"), "no script");
        assertFalse(page.contains("http:") || page.contains("https:"), "nothing is fetched");
        var sources = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(page);
        while (sources.find()) {
            String source = sources.group(1);
            assertTrue(source.startsWith("data:image/png;base64,"), source);
            assertNotNull(ImageIO.read(new ByteArrayInputStream(Base64.getDecoder()
                    .decode(source.substring(source.indexOf(',') + 1)))), "every picture is whole");
        }
    }

    @Test
    void thePageHoldsTheWholeRun() throws IOException {
        Path file = RunReport.write(run(folder.resolve("run"), 1e-3), Methods.ALL);
        String page = Files.readString(file);
        assertAlone(page);
        var document = parse(page);
        assertEquals(3, document.getElementsByTagName("svg").getLength(), "a curve for every number");
        assertEquals(1, document.getElementsByTagName("img").getLength());
        String text = document.getDocumentElement().getTextContent();
        for (String part : List.of("collapse: <script>alert(1)</script>", "head drawn anew", "kNN on S", "41.23",
                "36.10", "cosine, k = 20", "raw pixels", "n/a", "entropy of <L>", "method: stellar", "<b>&\"quick\"",
                "-a -b", "classes", "done at step 1000 after 1.5 minutes", "main")) {
            assertTrue(text.contains(part), part);
        }
        assertTrue(page.contains("prefers-color-scheme:dark") && page.contains("width=device-width"));
        assertTrue(page.length() < 200_000, "curves are thinned: " + page.length());
    }

    private static List<String> row(Document document, String what) {
        var rows = document.getElementsByTagName("tr");
        for (int i = 0; i < rows.getLength(); i++) {
            var cells = rows.item(i).getChildNodes();
            if (cells.item(0).getTextContent().equals(what)) {
                return IntStream.range(0, cells.getLength()).mapToObj(cells::item).map(cell -> cell.getTextContent()
                        + (((Element) cell).getAttribute("class").contains("best") ? " best" : "")).toList();
            }
        }
        throw new AssertionError(what + " has no row");
    }

    @Test
    void figuresHaveTheirUnitTheirGainAndTheBestOfTheRow() throws IOException {
        var document = parse(Files.readString(RunReport.write(run(folder.resolve("run"), 1e-3), Methods.ALL)));
        assertEquals(List.of("figure", "value", "gain", "raw pixels", "untrained", "untrained encoder"),
                row(document, "figure"));
        assertEquals(List.of("kNN on S %", "41.23 best", "–", "36.10", "n/a", "–"), row(document, "kNN on S %"));
        assertEquals(List.of("kNN on L %", "30.50", "+2.25", "36.10 best", "–", "28.25"),
                row(document, "kNN on L %"));
        assertEquals(List.of("entropy nats", "0.512", "12.500"), row(document, "entropy nats"),
                "decimals of a column alike, and nothing marked where more is not better");
    }

    @Test
    void wordsAreExplainedAndValuesShown() throws IOException {
        String page = Files.readString(RunReport.write(run(folder.resolve("run"), 1e-3), Methods.ALL));
        for (String word : List.of("S", "L", "kNN", "entropy")) {
            assertTrue(page.contains("<dt>" + word + "</dt>"), word);
        }
        assertFalse(page.contains("<dt>mAP</dt>") || page.contains("<dt>Hamming</dt>"), "what the page does not use");
        assertTrue(page.contains("<p class=\"meaning\">What training lowers"));
        assertTrue(page.contains(">prior</text>") && page.contains(">main</text>"), "where stages begin");
        var values = Pattern.compile("<g class=\"h\">.*?>([^<]*)</text></g>").matcher(page);
        assertTrue(values.find() && values.group(1).matches("\\d+: 1\\.00e-03|\\d+: 0\\.001|\\d+: \\d.*"), page);
        String chart = new Chart("c", List.of(new Chart.Series("", List.of(new double[]{0, 1},
                new double[]{1, Double.NaN}, new double[]{2, 3.25}))), List.of()).html();
        assertTrue(chart.contains(">1: not finite</text>") && chart.contains(">2: 3.250</text>"), chart);
    }

    @Test
    void thePageOfATrainingLoadsItselfAgain() throws IOException {
        var run = run(folder.resolve("run"), 1e-3);
        Path file = RunReport.writeLive(run, Methods.ALL);
        String page = Files.readString(file);
        assertAlone(page);
        assertTrue(page.contains("<meta http-equiv=\"refresh\" content=\"30\" />"));
        assertTrue(parse(page).getDocumentElement().getTextContent().contains("is being trained, step 1000;"));
        RunReport.write(run, Methods.ALL);
        assertFalse(Files.readString(file).contains("refresh"), "nothing more is to come");
    }

    @Test
    void aRunThatHasNothingYetHasAPage() throws IOException {
        var run = RunFolder.create(folder.resolve("new"), Methods.RECIPES.load("bits-micro", List.of()).recipe(),
                new Provenance(Map.of()));
        String page = Files.readString(RunReport.write(run, Methods.ALL));
        assertAlone(page);
        assertTrue(parse(page).getDocumentElement().getTextContent().contains("Not evaluated yet"));
    }

    @Test
    void runsSideBySide() throws IOException {
        run(folder.resolve("a"), 1e-3);
        run(folder.resolve("b"), 5e-4);
        var comparison = new RunComparison(List.of(folder.resolve("a"), folder.resolve("b")), Methods.RECIPES);
        assertEquals(List.of("", "a", "b"), comparison.header());
        assertEquals(1, comparison.differences().size(), comparison.differences()::toString);
        assertEquals("optimizer.lr", comparison.differences().getFirst().getFirst());
        assertEquals(List.of("kNN on S (%)", "41.23", "41.23"), comparison.figures().getFirst());
        assertTrue(comparison.figures().contains(List.of("kNN on S (%), raw pixels", "36.10", "36.10")));
        Path file = folder.resolve("compare.html");
        comparison.write(file);
        String page = Files.readString(file);
        assertAlone(page);
        assertEquals(3, parse(page).getElementsByTagName("svg").getLength());
        assertTrue(
                assertThrows(RunException.class, () -> new RunComparison(List.of(folder.resolve("a")), Methods.RECIPES))
                        .getMessage()
                        .contains("1 run to compare"));
    }
}
