package dev.triptych.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The plan of the house: which package may know which. A room (the package below `dev.triptych`, with all below it)
/// imports from lower floors and from itself; rooms of one floor do not know each other. The float64 twin of a room
/// lives on the room's floor, and counts as the room itself.
class FloorsTest {
    private static final String ROOT = "dev.triptych.";

    /// The rooms, from the ground up. A new package needs its place here.
    private static final List<List<String>> FLOORS = List.of(List.of("kernel", "random", "io", "recipe"),
            List.of("program"), List.of("device", "nn"),
            List.of("encoder", "factorization", "teacher", "alignment", "channel", "echo", "decoder", "tokenizer",
                    "trial"),
            List.of("data"), List.of("method"), List.of("train", "measure"), List.of("sheet"), List.of("tokens"),
            List.of("stellar", "bits", "sorcen", "vqvae", "mae", "vqgan", "triptych", "segmentation"),
            List.of("methods", "report", "export", "embed"),
            List.of("check", "bench", "api"),
            List.of("read"), List.of("cli"));

    private static final Map<String, Integer> FLOOR = IntStream.range(0, FLOORS.size()).boxed()
            .flatMap(f -> FLOORS.get(f).stream().map(room -> Map.entry(room, f + 1)))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.triptych");

    @Test
    void roomsImportFromLowerFloorsOnly() {
        classes().should(new ArchCondition<>("import only from lower floors or their own room") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().stream()
                        .filter(d -> !isAllowed(d.getOriginClass().getPackageName(),
                                d.getTargetClass().getBaseComponentType().getPackageName()))
                        .map(Dependency::getDescription)
                        .forEach(text -> events.add(SimpleConditionEvent.violated(type, text)));
            }
        }).check(CLASSES);
    }

    @Test
    void everyRoomOfThePlanIsThereAndNoOther() {
        assertEquals(new TreeSet<>(FLOOR.keySet()), CLASSES.stream().map(type -> room(type.getPackageName()))
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    /// Twins, range forms and layer forms are named as what they were made from.
    @Test
    void noTwoClassesHaveOneName() {
        var packages = new TreeMap<String, List<String>>();
        CLASSES.stream().filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .filter(type -> !type.getName().equals("dev.triptych.api.Triptych")) // users never see the objective
                .filter(type -> !type.getPackageName().matches("dev\\.triptych\\.(twin\\..*|kernel\\.(range|layer))"))
                .forEach(type -> packages.computeIfAbsent(type.getSimpleName(), _ -> new ArrayList<>())
                        .add(type.getPackageName()));
        assertTrue(packages.size() > 400, packages.size() + " classes");
        packages.values().removeIf(list -> list.size() == 1);
        assertEquals(Map.of(), packages);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "measure"})
    void aRoomOfSeveralPackagesHasNoCycles(String room) {
        slices().matching(ROOT + room + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching("dev.triptych.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheTornadoDeviceKnowsTornado() {
        noClasses().that().resideOutsideOfPackage("dev.triptych.device.tornado..").should().dependOnClassesThat()
                .resideInAPackage("uk.ac.manchester..").check(CLASSES);
    }

    @Test
    void onlyTheCommandLinePrintsAndExits() {
        noClasses().that().resideOutsideOfPackage("dev.triptych.cli..").should().accessField(System.class, "out")
                .orShould().accessField(System.class, "err").orShould().callMethod(System.class, "exit", int.class)
                .check(CLASSES);
    }

    @ParameterizedTest
    @CsvSource({"program,kernel,true", "kernel,program,false", "nn,device,false", "nn,nn.block,true",
            "kernel.range,kernel,true", "twin.nn,io,true", "twin.kernel,twin.program,false", "check,twin.check,true",
            "data.view,data.set,true", "data,method,false", "method,data,true", "stellar,bits,false",
            "stellar,measure.code,true", "train,stellar,false", "methods,stellar,true", "measure,attic,false",
            "attic,kernel,false"})
    void theRuleItself(String from, String to, boolean allowed) {
        assertEquals(allowed, isAllowed(ROOT + from, ROOT + to));
    }

    private static boolean isAllowed(String from, String to) {
        if (!to.startsWith(ROOT)) {
            return true;
        }
        Integer fromFloor = FLOOR.get(room(from));
        Integer toFloor = FLOOR.get(room(to));
        return fromFloor != null && toFloor != null && (room(from).equals(room(to)) || toFloor < fromFloor);
    }

    private static String room(String packageName) {
        return packageName.substring(ROOT.length()).replaceFirst("^twin\\.", "").replaceFirst("\\..*", "");
    }
}
