package dev.triptych.report;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.triptych.io.Json;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A headless Chromium of this machine, driven by its own chromedriver over WebDriver (W3C), of which a test of pages
/// needs five commands. Nothing is downloaded: without both programs on the PATH the test is skipped, and says why.
public final class Browser implements AutoCloseable {
    private static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome");
    private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");

    private final Process driver;
    private final HttpClient http;
    private final String server;
    private final String session;

    private Browser(Process driver, HttpClient http, String server, String session) {
        this.driver = driver;
        this.http = http;
        this.server = server;
        this.session = session;
    }

    /// Starts a browser, or skips the test.
    ///
    /// @param profile folder of its own that it may write to
    public static Browser start(Path profile) throws IOException {
        var browser = BROWSERS.stream().flatMap(name -> find(name).stream()).findFirst();
        var driver = find("chromedriver");
        assumeTrue(browser.isPresent(), "no Chromium is installed (" + String.join(", ", BROWSERS) + ")");
        assumeTrue(driver.isPresent(), "no chromedriver is installed");
        var process = new ProcessBuilder(driver.get().toString(), "--port=0").redirectErrorStream(true).start();
        var http = HttpClient.newHttpClient();
        try {
            String server = "http://127.0.0.1:" + port(process);
            var arguments = List.of("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                    "--disable-background-networking", "--hide-scrollbars", "--user-data-dir=" + profile);
            var wanted = Map.of("browserName", "chrome", "goog:loggingPrefs",
                    Map.of("browser", "ALL", "performance", "ALL"), "goog:chromeOptions",
                    Map.of("binary", browser.get().toString(), "args", arguments));
            var answer = call(http, server + "/session", Map.of("capabilities", Map.of("alwaysMatch", wanted)));
            return new Browser(process, http, server, ((Map<?, ?>) answer).get("sessionId").toString());
        } catch (IOException | RuntimeException e) {
            process.destroy();
            http.close();
            throw e;
        }
    }

    private static Optional<Path> find(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable).findFirst();
    }

    private static String port(Process process) throws IOException {
        var said = new StringBuilder();
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher matcher = PORT.matcher(line);
            if (matcher.find()) {
                return matcher.group(1);
            }
            said.append(line).append('\n');
        }
        throw new IOException("chromedriver ended before it listened: " + said);
    }

    private static Object call(HttpClient http, String address, Map<String, ?> body) throws IOException {
        try {
            var request = HttpRequest.newBuilder(URI.create(address)).header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(Json.write(body, false))).build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            Object value = Json.read(answer.body()).get("value");
            if (answer.statusCode() != 200) {
                throw new IOException(address + ": " + value);
            }
            return value;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private Object call(String command, Map<String, ?> body) throws IOException {
        return call(http, server + "/session/" + session + command, body);
    }

    /// Opens a file from disk and waits until it is loaded.
    public void open(Path page) throws IOException {
        call("/url", Map.of("url", page.toUri().toString()));
    }

    /// Runs the body of a function in the page, and answers what it returns.
    public Object run(String script) throws IOException {
        return call("/execute/sync", Map.of("script", script, "args", List.of()));
    }

    private void devTools(String command, Map<String, ?> parameters) throws IOException {
        call("/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    /// Makes the page as wide as that many CSS pixels.
    public void width(int pixels) throws IOException {
        devTools("Emulation.setDeviceMetricsOverride", Map.of("width", pixels, "height", 800, "deviceScaleFactor", 1,
                "mobile", false));
    }

    /// Asks for the light or the dark mode.
    public void dark(boolean dark) throws IOException {
        devTools("Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name", "prefers-color-scheme",
                "value", dark ? "dark" : "light"))));
    }

    /// Moves the pointer to a place of what is seen.
    public void point(double x, double y) throws IOException {
        devTools("Input.dispatchMouseEvent", Map.of("type", "mouseMoved", "x", x, "y", y));
    }

    /// What the console says since the last call: errors of scripts, of loading, of the page's own policy.
    public List<String> console() throws IOException {
        var lines = new ArrayList<String>();
        for (Object line : (List<?>) call("/se/log", Map.of("type", "browser"))) {
            lines.add(((Map<?, ?>) line).get("message").toString());
        }
        return lines;
    }

    /// Addresses that were asked for since the last call, other than pictures inside the page.
    public List<String> requests() throws IOException {
        var addresses = new ArrayList<String>();
        for (Object line : (List<?>) call("/se/log", Map.of("type", "performance"))) {
            var event = (Map<?, ?>) Json.read(((Map<?, ?>) line).get("message").toString()).get("message");
            if ("Network.requestWillBeSent".equals(event.get("method"))) {
                var parameters = (Map<?, ?>) event.get("params");
                var request = (Map<?, ?>) parameters.get("request");
                // the browser's own first page may still be loading parts of itself
                if (!request.get("url").toString().startsWith("data:")
                        && !String.valueOf(parameters.get("documentURL")).startsWith("chrome:")) {
                    addresses.add(request.get("url").toString());
                }
            }
        }
        return addresses;
    }

    /// The whole page as a PNG.
    public byte[] screenshot() throws IOException {
        var size = (List<?>) run(
                "return [document.documentElement.clientWidth, document.documentElement.scrollHeight]");
        var clip = Map.of("x", 0, "y", 0, "width", size.get(0), "height", size.get(1), "scale", 1);
        var answer = call("/goog/cdp/execute", Map.of("cmd", "Page.captureScreenshot", "params",
                Map.of("captureBeyondViewport", true, "clip", clip)));
        return Base64.getDecoder().decode(((Map<?, ?>) answer).get("data").toString());
    }

    @Override
    public void close() throws IOException {
        try {
            var request = HttpRequest.newBuilder(URI.create(server + "/session/" + session)).DELETE().build();
            http.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            http.close();
            driver.destroy();
        }
    }
}
