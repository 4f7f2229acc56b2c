package dev.triptych.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The list of a program's launches is documentation: each stands under its part of the specification.
class ProgramSectionsTest {
    /// Operations without a launch of their own forward: they only look at numbers that exist.
    private static final Set<String> VIEWS = Set.of("reshape", "slice");
    private static final Pattern EQUATIONS = Pattern.compile("Eq\\. (\\d+)(?:-(\\d+))?");

    static List<Program> programs() {
        return ProgramListsTest.recipes().stream().flatMap(name -> ProgramListsTest.programs(name).stream()).toList();
    }

    @ParameterizedTest
    @CsvSource({"stellar-micro,STELLAR", "stellar-micro-codes,STELLAR", "bits-micro,BITS", "sorcen-micro,Sorcen",
            "vqvae-micro,VQ-VAE", "mae-micro,MAE", "vqgan-micro,VQGAN", "triptych-micro,Triptych|STELLAR|Sorcen"})
    void everyLaunchHasASectionOfItsPaper(String recipe, String method) {
        for (Program program : ProgramListsTest.programs(recipe)) {
            for (Launch launch : program.launches()) {
                assertTrue(launch.section().matches(".*\\((" + method + ").*"), launch::toString);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void everyAdjointStandsUnderItsOperation(Program program) {
        Set<String> forward = program.launches().stream().map(l -> l.operation() + " in " + l.section())
                .collect(Collectors.toSet());
        for (Launch launch : program.launches()) {
            String name = launch.operation().replaceFirst("'$", "");
            if (launch.operation().endsWith("'") && !name.equals("loss") && !VIEWS.contains(name)) {
                String operation = name + " in " + launch.section();
                assertTrue(forward.contains(operation), () -> operation + " has no forward launch: " + launch);
            }
        }
    }

    @Test
    void trainingNamesTheEquationsOfThePaper() {
        // STELLAR Eq. 2 is an argument, Eq. 4 and 7 are not computed: the specification's map of the paper
        Set<Integer> expected = Set.of(1, 3, 5, 6, 8, 9, 10, 11, 12, 13, 14);
        for (Program program : ProgramListsTest.programs("stellar-micro").subList(0, 2)) {
            assertEquals(new TreeSet<>(expected), equations(program));
        }
        // BITS Eq. 1 to 6 are the argument for the objective
        assertEquals(new TreeSet<>(Set.of(7, 8, 9, 10)), equations(ProgramListsTest.programs("bits-micro").getFirst()));
    }

    @Test
    void evaluationNamesThoseThatItComputes() {
        assertEquals(new TreeSet<>(Set.of(1, 3, 14)), equations(ProgramListsTest.programs("stellar-micro").getLast()));
    }

    private static Set<Integer> equations(Program program) {
        var found = new TreeSet<Integer>();
        for (Launch launch : program.launches()) {
            Matcher m = EQUATIONS.matcher(launch.section());
            while (m.find()) {
                int first = Integer.parseInt(m.group(1));
                int last = m.group(2) == null ? first : Integer.parseInt(m.group(2));
                for (int i = first; i <= last; i++) {
                    found.add(i);
                }
            }
        }
        return found;
    }
}
