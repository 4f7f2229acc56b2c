package dev.triptych.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.triptych.mae.MaePrograms;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.recipe.Recipe;
import dev.triptych.sorcen.SorcenPrograms;
import dev.triptych.triptych.TriptychPrograms;
import dev.triptych.vqgan.VqganPrograms;
import dev.triptych.vqvae.VqVaePrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every program of the smallest recipes launches, and under which section, is what the files of
/// `src/test/resources/programs` say: a section, below it a line for each operation with its kernels and what these
/// write. `mvn -B test -Dtest=ProgramListsTest -Dprograms=write` writes the files anew, to be read before they are
/// committed.
class ProgramListsTest {
    private static final Path FOLDER = Path.of("src/test/resources/programs");

    static List<String> recipes() {
        return Methods.RECIPES.names().stream().filter(name -> name.contains("-micro")).toList();
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void programsAreAsListed(String name) throws IOException {
        for (Program program : programs(name)) {
            Path file = FOLDER.resolve(file(name, program));
            List<String> lines = lines(program);
            if ("write".equals(System.getProperty("programs"))) {
                Files.createDirectories(FOLDER);
                Files.write(file, lines);
            }
            assertEquals(String.join("\n", Files.readAllLines(file)), String.join("\n", lines),
                    () -> file + ", then " + program.name() + " as it is; the class says how to write files anew");
        }
    }

    @Test
    void noListIsLeftOver() throws IOException {
        var expected = new ArrayList<String>();
        recipes().forEach(name -> programs(name).forEach(p -> expected.add(file(name, p))));
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertEquals(expected.stream().sorted().toList(),
                    files.map(f -> f.getFileName().toString()).sorted().toList());
        }
    }

    private static String file(String name, Program program) {
        return name + "." + program.name().replace(' ', '-') + ".txt";
    }

    /// Every program that the recipe's method has.
    static List<Program> programs(String name) {
        return programs(Methods.RECIPES.load(name, List.of()).recipe());
    }

    /// The same for a recipe with other settings.
    static List<Program> programs(Recipe recipe) {
        var all = Methods.ALL.of(recipe).programs(recipe);
        int batch = recipe.training().batch();
        var programs = new ArrayList<Program>();
        recipe.training().stages().forEach(stage -> programs.add(all.train(stage).program()));
        programs.add(all.evaluate(batch).program());
        switch (all) {
            case SorcenPrograms s -> programs.addAll(List.of(s.predict(batch).program(), s.generate(batch).program()));
            case VqVaePrograms v -> programs.addAll(List.of(v.latents(batch).program(), v.decode(batch).program()));
            case VqganPrograms v -> programs.addAll(List.of(v.encode(batch).program(), v.decode(batch).program()));
            case MaePrograms m -> programs.add(m.paint(batch).program());
            case TriptychPrograms t -> programs.addAll(List.of(t.predict(batch, 0).program(),
                    t.predict(batch, 4).program(), t.edit(batch).program()));
            default -> {
                // no others
            }
        }
        return programs;
    }

    private static List<String> lines(Program program) {
        var lines = new ArrayList<String>();
        String section = "";
        String operation = "";
        for (Launch launch : program.launches()) {
            if (!launch.section().equals(section)) {
                section = launch.section();
                operation = "";
                lines.add(section);
            }
            String written = launch.kernel() + " " + launch.output();
            boolean more = launch.operation().equals(operation);
            lines.add(more ? lines.removeLast() + ", " + written : "    " + launch.operation() + ": " + written);
            operation = launch.operation();
        }
        return lines;
    }
}
