package dev.triptych.read;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The texts that the build packs beside the classes: sources, the pages of `docs`, and what checks operations against
/// libtorch. They are those that the classes were made of.
final class SourceTexts {
    private static final String ROOT = "/texts/";

    private SourceTexts() {
    }

    /// A text by its path in the repository; empty where none is packed.
    static Optional<String> find(String path) {
        try (InputStream in = SourceTexts.class.getResourceAsStream(ROOT + path)) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("texts/" + path, e);
        }
    }

    /// A text that must be there.
    static String read(String path) {
        return find(path).orElseThrow(() -> new IllegalStateException(
                path + " is not packed beside the classes; build with Maven, which packs it"));
    }

    /// Paths of all texts below a folder of the repository, in order.
    static List<String> below(String folder) {
        try {
            URI root = SourceTexts.class.getResource(ROOT + "README.md").toURI();
            if (root.getScheme().equals("file")) {
                return below(Path.of(root).getParent(), folder);
            }
            try (FileSystem jar = FileSystems.newFileSystem(root, Map.of())) {
                return below(jar.getPath(ROOT), folder);
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("texts/" + folder + ": " + e.getMessage(), e);
        }
    }

    private static List<String> below(Path root, String folder) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(folder))) {
            return files.filter(Files::isRegularFile).map(f -> root.relativize(f).toString()).sorted().toList();
        }
    }
}
