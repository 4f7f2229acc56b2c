package dev.triptych.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.build.GenerateSources;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Reads the sources of the project as text, and holds them to the rules of the house that no compiler knows.
class SourcesTest {
    private static final Set<String> NOT_OURS = Set.of(".git", "target", "runs", "data", ".idea", ".vscode",
            ".settings");
    private static final Pattern PROSE = Pattern
            .compile(".*\\.(java|yaml|yml|xml|prefs|properties|md|sh|py|html|css|js)");
    private static final int MAX_LINES = 500;
    private static final int MAX_LINES_OF_MAIN = 400;
    private static final int MAX_COLUMNS = 120;

    /// An absolute path of somebody's machine. Written so that it does not find itself.
    private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w.~$}-])/(work|root|home|Users)" + "/\\w");

    private static List<Path> files(String... roots) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String root : roots) {
            if (!Files.exists(Path.of(root))) {
                continue;
            }
            Files.walkFileTree(Path.of(root), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    return isOurs(folder) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (isOurs(file)) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        return files;
    }

    /// Build output, runs and data at the top of the project are not sources.
    private static boolean isOurs(Path path) {
        return path.getNameCount() > 2 || !NOT_OURS.contains(path.getFileName().toString());
    }

    private static List<Path> sources() throws IOException {
        return files("src", "bench", "reference-checks").stream().filter(f -> PROSE.matcher(f.toString()).matches())
                .toList();
    }

    private static List<Path> javaFiles() throws IOException {
        return sources().stream().filter(f -> f.toString().endsWith(".java")).toList();
    }

    @Test
    void theTestSeesTheSources() throws IOException {
        assertTrue(javaFiles().contains(Path.of("src/build/java/dev/triptych/build/Source.java")));
    }

    @Test
    void noFileIsTooLong() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources()) {
            int lines = Files.readAllLines(file).size();
            int most = file.startsWith("src/main") ? MAX_LINES_OF_MAIN : MAX_LINES;
            if (lines > most) {
                found.add(file + ": " + lines + " lines, at most " + most + ": split it by what it does");
            }
        }
        assertEquals(List.of(), found);
    }

    @Test
    void noLineOfJavaIsLongerThan120Columns() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : javaFiles()) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).codePointCount(0, lines.get(i).length()) > MAX_COLUMNS) {
                    found.add(file + ":" + (i + 1));
                }
            }
        }
        assertEquals(List.of(), found);
    }

    @Test
    void importsAreUsed() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : javaFiles()) {
            String text = Files.readString(file);
            String body = text.replaceAll("(?m)^import .*$", "");
            for (String line : text.lines().filter(l -> l.startsWith("import ")).toList()) {
                String name = line.replaceAll("^.*\\.|;.*$", "");
                if (!Pattern.compile("\\b" + Pattern.quote(name) + "\\b").matcher(body).find() && !name.equals("*")) {
                    found.add(file + ": " + line);
                }
            }
        }
        assertEquals(List.of(), found);
    }

    @Test
    void kernelsKeepTheirRules() throws IOException {
        List<String> broken = new ArrayList<>();
        GenerateSources.generate(Path.of("src/main/java"), broken);
        assertEquals(List.of(), broken);
    }

    @Test
    void kernelsKnowOfTornadoVmOnlyParallel() throws IOException {
        String tornado = "uk.ac.manchester";
        Set<String> found = new HashSet<>();
        for (Path file : files("src/main")) {
            boolean device = file.toString().contains("dev/triptych/device/tornado/");
            boolean kernel = file.toString().contains("src/main/java/dev/triptych/kernel/");
            Files.readString(file).lines().filter(line -> line.contains(tornado) && !device)
                    .filter(line -> !kernel || !line.equals("import " + tornado + ".tornado.api.annotations.Parallel;"))
                    .forEach(line -> found.add(file + ": " + line));
        }
        assertEquals(Set.of(), found);
    }

    @Test
    void noFileNamesAPathOfSomebodysMachine() throws IOException {
        Set<String> found = files(".").stream().filter(SourcesTest::namesAMachinePath).map(Path::toString)
                .collect(Collectors.toSet());
        assertEquals(Set.of(), found);
    }

    private static boolean namesAMachinePath(Path file) {
        try {
            boolean small = Files.size(file) < 4_000_000L && !file.toString().endsWith(".log");
            return small && MACHINE_PATH.matcher(Files.readString(file)).find();
        } catch (MalformedInputException binary) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException("Cannot read " + file, e);
        }
    }
}
