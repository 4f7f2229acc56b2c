package dev.triptych.device.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.methods.Methods;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Programs as graphs, without a device.
class PiecesTest {
    private static final int MOST = 64;

    private static List<Program> training(String name, int depth) {
        var recipe = Methods.RECIPES.load(name, List.of("encoder.depth=" + depth)).recipe();
        var programs = Methods.ALL.of(recipe).programs(recipe);
        return recipe.training().stages().stream().map(stage -> programs.train(stage).program()).toList();
    }

    private static Pieces pieces(List<Program> programs, boolean groups) {
        var units = new LinkedHashMap<Program, List<Unit>>();
        programs.forEach(program -> units.put(program, new Units(groups).of(program)));
        return new Pieces(units, MOST, Tensor::arena);
    }

    private static void check(List<Program> programs, Pieces pieces) {
        for (Program program : programs) {
            assertEquals(program.launches(), pieces.of(program).stream().flatMap(p -> p.units().stream())
                    .flatMap(u -> u.launches().stream()).toList());
            for (Pieces.Piece piece : pieces.of(program)) {
                List<Unit> graph = pieces.graphs().get(piece.graph());
                assertEquals(graph.size(), piece.units().size());
                assertTrue(graph.size() <= MOST);
                for (int i = 0; i < graph.size(); i++) {
                    for (int j = 0; j < graph.get(i).launches().size(); j++) {
                        alike(graph.get(i).launches().get(j), piece.units().get(i).launches().get(j));
                    }
                }
            }
        }
    }

    private static void alike(Launch one, Launch other) {
        assertEquals(one.kernel(), other.kernel());
        assertEquals(one.tensors().stream().map(Tensor::arena).toList(),
                other.tensors().stream().map(Tensor::arena).toList());
        // constants, and numbers of launches, lie in tables
        assertEquals(one.call().sizes(), other.call().sizes());
    }

    @ParameterizedTest
    @CsvSource({"stellar-micro,false", "bits-micro,false", "stellar-micro,true", "bits-micro,true"})
    void whatIsCompiledDoesNotGrowWithDepth(String recipe, boolean groups) {
        List<Program> shallow = training(recipe, 4);
        List<Program> deep = training(recipe, 12);
        var few = pieces(shallow, groups);
        var many = pieces(deep, groups);
        check(shallow, few);
        check(deep, many);
        assertTrue(deep.getFirst().launches().size() > shallow.getFirst().launches().size() + 8 * 30);
        assertEquals(few.tasks(), many.tasks());
    }

    @Test
    void withoutRepetitionsGraphsAreFilled() {
        List<Program> programs = training("stellar-micro", 1);
        int launches = programs.stream().mapToInt(p -> p.launches().size()).sum();
        var pieces = pieces(programs, false);
        check(programs, pieces);
        assertTrue(pieces.tasks() < launches, "Sinkhorn's iterations repeat at least");
    }
}
