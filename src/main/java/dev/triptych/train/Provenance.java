package dev.triptych.train;

import dev.triptych.io.Json;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What a run was made with: program, machine, flags, command line. Written once when a run starts, and once more each
/// time it is resumed.
///
/// @param values names and values in the order of the file
public record Provenance(Map<String, Object> values) {
    private static final long GIT_SECONDS = 5;

    public Provenance {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// Looks around and at the clock, for a device whose description says it all.
    ///
    /// @param device      what the programs run on, in words
    /// @param seed        the seed of the run
    /// @param commandLine the arguments of the program
    public static Provenance collect(String device, long seed, List<String> commandLine) {
        return collect(device, Map.of(), seed, commandLine);
    }

    /// Looks around and at the clock.
    ///
    /// @param device      what the programs run on, in words
    /// @param details     the same as names and values; left out if empty
    /// @param seed        the seed of the run
    /// @param commandLine the arguments of the program
    public static Provenance collect(String device, Map<String, Object> details, long seed, List<String> commandLine) {
        var values = new LinkedHashMap<String, Object>();
        var version = Provenance.class.getPackage().getImplementationVersion();
        values.put("version", version == null ? "unpackaged" : version);
        var home = codeFolder();
        values.put("commit", home == null ? null : git(home, "rev-parse", "HEAD"));
        var changes = home == null ? null : git(home, "status", "--porcelain", "--untracked-files=no");
        values.put("commit-changed", changes == null ? null : !changes.isEmpty());
        values.put("jdk", System.getProperty("java.vendor") + " " + Runtime.version());
        values.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        values.put("cpu", cpu());
        values.put("cores", Runtime.getRuntime().availableProcessors());
        values.put("max-heap-bytes", Runtime.getRuntime().maxMemory());
        values.put("jvm-flags", ManagementFactory.getRuntimeMXBean().getInputArguments());
        values.put("device", device);
        if (!details.isEmpty()) {
            values.put("device-details", details);
        }
        values.put("command-line", List.copyOf(commandLine));
        values.put("seed", seed);
        values.put("started", OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return new Provenance(values);
    }

    /// These values and one more.
    public Provenance with(String name, Object value) {
        var more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Provenance(more);
    }

    /// The content of the file.
    public String toJson() {
        return Json.write(values, true) + "\n";
    }

    private static String cpu() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name")).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    /// The folder that holds the classes or the jar; null where it is not a file.
    private static Path codeFolder() {
        var source = Provenance.class.getProtectionDomain().getCodeSource();
        try {
            return source == null ? null : Path.of(source.getLocation().toURI()).getParent();
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            return null;
        }
    }

    /// The output of a git command; null where git or a repository is missing.
    private static String git(Path folder, String... arguments) {
        var command = new ArrayList<>(List.of("git", "-C", folder.toString()));
        command.addAll(List.of(arguments));
        Path output = null;
        try {
            output = Files.createTempFile("triptych", ".git");
            var process = new ProcessBuilder(command).redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD).redirectInput(nothing()).start();
            if (!process.waitFor(GIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return null;
            }
            return process.exitValue() == 0 ? Files.readString(output, StandardCharsets.UTF_8).strip() : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            delete(output);
        }
    }

    private static File nothing() {
        return new File(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null");
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }
}
