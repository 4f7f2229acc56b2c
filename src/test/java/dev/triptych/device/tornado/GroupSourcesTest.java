package dev.triptych.device.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Rules of kernels for graphics cards, read from their sources: their classes need TornadoVM.
class GroupSourcesTest {
    private static final Path FOLDER = Path.of("src/main/java/dev/triptych/device/tornado");
    private static final Pattern METHOD = Pattern.compile("(public|private) static \\w+ (\\w+)\\(([^)]*)\\)");
    private static final Pattern NAMES = Pattern.compile("NAMES = Set\\.of\\(([^)]*)\\)");

    private static Set<String> methods(String visibility, String parameter) throws IOException {
        var found = new TreeSet<String>();
        for (String file : List.of("GroupKernels.java", "GroupAttention.java")) {
            METHOD.matcher(Files.readString(FOLDER.resolve(file))).results()
                    .filter(m -> m.group(1).equals(visibility) && m.group(3).contains(parameter))
                    .forEach(m -> found.add(m.group(2)));
        }
        return found;
    }

    /// Handed to a helper, a local array is addressed beyond its end; the results are right by chance.
    @Test
    void noHelperTakesAnArray() throws IOException {
        assertEquals(Set.of(), methods("private", "[]"));
    }

    @Test
    void everyVersionIsTaken() throws IOException {
        String versions = Files.readString(FOLDER.resolve("Versions.java"));
        var named = NAMES.matcher(versions).results().findFirst().orElseThrow();
        var names = new TreeSet<String>();
        Pattern.compile("\"(\\w+)\"").matcher(named.group(1)).results().forEach(m -> names.add(m.group(1)));
        // the four products are one kernel with strides
        names.removeAll(Set.of("linear", "productTransposed", "transposedProduct"));
        assertEquals(methods("public", "KernelContext context"), names);
    }
}
