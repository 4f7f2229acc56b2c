package dev.triptych.read;

import dev.triptych.program.Origin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The sources of this program, each read once.
final class SourceTree {
    private static final String MAIN = "src/main/java/";

    private final Map<String, Optional<JavaText>> files = new HashMap<>();

    /// The file that holds an origin; empty for sources that are not packed, such as those of tests.
    Optional<JavaText> file(Origin origin) {
        return file(MAIN + origin.file());
    }

    /// A file by its path in the repository.
    Optional<JavaText> file(String path) {
        return files.computeIfAbsent(path, p -> SourceTexts.find(p).map(text -> JavaText.of(p, text)));
    }

    /// The name that the sources give to a value.
    ///
    /// @param name of the nearest variable that it becomes
    /// @param place where it does
    record Naming(String name, Origin place) {
    }

    /// The name that the sources give to the value of an operation; empty where it has none.
    Optional<Naming> name(List<Origin> origins) {
        String part = "";
        for (Origin origin : origins) {
            var file = file(origin);
            if (file.isEmpty()) {
                return Optional.empty();
            }
            var use = file.get().use(origin.line(), origin.called());
            part = use.name() + part;
            if (!use.returned()) {
                return use.name().isEmpty() ? Optional.empty() : Optional.of(new Naming(part, origin));
            }
        }
        return Optional.empty();
    }
}
