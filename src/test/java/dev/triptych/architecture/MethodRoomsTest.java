package dev.triptych.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.triptych.method.Method;
import dev.triptych.methods.Methods;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Nothing asks which method it has before it: rooms of methods are known to the registry, and to the checks, which
/// have families of cases for each; whatever else there is knows the contract.
class MethodRoomsTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/triptych");
    private static final String NAMES = String.join("|", Methods.ALL.all().stream().map(Method::name).toList());

    /// A comparison of what a method is called: by which rooms, or by names.
    private static final Pattern ASKS = Pattern.compile("(?i)\\b(method|name|title)\\(\\)\\s*\\.\\s*(equals|compareTo"
            + "|matches|contains|startsWith|endsWith)\\w*\\(\\s*(\"(" + NAMES + ")|\\w*method)"
            + "|\"(" + NAMES + ")[^\"]*\"\\s*(\\.equals|->|:)|\\bcase\\s+\"(" + NAMES + ")\""
            + "|\\bswitch\\s*\\([^{]*\\bmethod(\\(\\))?(\\.\\w+\\(\\))?\\s*\\)"
            + "|\\bmethod(\\(\\))?\\s*[!=]=\\s*(?!null)|[!=]=\\s*Methods\\.|\\.method\\(\\)\\.equals"
            + "|\\binstanceof\\s+\\w*Method\\b|\\bcase\\s+\\w*Method\\s+\\w+\\s*->|own\\(\\)\\.(containsKey|get)\\(\"");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.triptych");

    static List<String> rooms() {
        return Methods.ALL.all().stream().map(method -> method.getClass().getPackageName()).toList();
    }

    @Test
    void everyMethodHasARoomOfItsOwnWithItsName() {
        assertEquals(Methods.ALL.all().stream().map(method -> "dev.triptych." + method.name()).toList(), rooms());
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void onlyTheRegistryAndTheChecksKnowARoom(String room) {
        noClasses().that().resideOutsideOfPackages(room + "..", twin(room), "dev.triptych.methods..",
                twin("dev.triptych.methods"), "dev.triptych.check..", twin("dev.triptych.check")).should()
                .dependOnClassesThat().resideInAnyPackage(room + "..", twin(room)).check(CLASSES);
    }

    private static String twin(String room) {
        return room.replace("dev.triptych.", "dev.triptych.twin.") + "..";
    }

    @Test
    void nothingAsksWhichMethodItIs() throws IOException {
        var found = new ArrayList<String>();
        for (Path file : sources()) {
            Pattern comments = Pattern.compile("//.*");
            String code = comments.matcher(Files.readString(file)).replaceAll("");
            ASKS.matcher(code).results().forEach(r -> found.add(SOURCES.relativize(file) + ": " + r.group()));
        }
        assertEquals(List.of(), found);
    }

    /// The registry finds a recipe's method; golden cases name theirs.
    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("method/Registry.java")).toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"recipe.method().equals(\"stellar\")", "if (method.name().equals(\"bits\")) {",
            "method.title().startsWith(\"sorcen\")", "\"vqvae\".equals(recipe.method())", "switch (recipe.method()) {",
            "switch (method) {", "case \"stellar\" -> 1;", "if (method == Methods.STELLAR) {",
            "x instanceof StellarMethod", "x instanceof StellarMethod m", "case BitsMethod b -> 1;",
            "recipe.method().equals(other.method())", "recipe.own().containsKey(\"sorcen\")"})
    void whatAsksIsFound(String code) {
        assertEquals(true, ASKS.matcher(code).find(), code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"values.put(\"model\", recipe.method());", "methods.get(recipe.method())",
            "of(recipe).title()", "\"  triptych program --recipe stellar-micro\",", "method.patchFeatures()"})
    void whatDoesNotAskIsLeftAlone(String code) {
        assertFalse(ASKS.matcher(code).find(), code);
    }
}
