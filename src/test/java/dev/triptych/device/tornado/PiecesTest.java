package dev.triptych.device.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.methods.Methods;
import dev.triptych.program.Launch;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Programs as graphs, without a device.
class PiecesTest {
    private static final int MOST = 64;

    private static List<Program> training(String name, int depth) {
        var recipe = Methods.RECIPES.load(name, List.of("encoder.depth=" + depth)).recipe();
        var programs = Methods.ALL.of(recipe).programs(recipe);
        return recipe.training().stages().stream().map(stage -> programs.train(stage).program()).toList();
    }

    private static void check(List<Program> programs, Pieces pieces) {
        for (Program program : programs) {
            assertEquals(program.launches(), pieces.of(program).stream().flatMap(p -> p.launches().stream()).toList());
            for (Pieces.Piece piece : pieces.of(program)) {
                List<Launch> graph = pieces.graphs().get(piece.graph());
                assertEquals(graph.size(), piece.launches().size());
                assertTrue(graph.size() <= MOST);
                for (int i = 0; i < graph.size(); i++) {
                    alike(graph.get(i), piece.launches().get(i));
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
    @ValueSource(strings = {"stellar-micro", "bits-micro"})
    void whatIsCompiledDoesNotGrowWithDepth(String recipe) {
        List<Program> shallow = training(recipe, 4);
        List<Program> deep = training(recipe, 12);
        var few = new Pieces(shallow, MOST);
        var many = new Pieces(deep, MOST);
        check(shallow, few);
        check(deep, many);
        assertTrue(deep.getFirst().launches().size() > shallow.getFirst().launches().size() + 8 * 30);
        assertEquals(few.tasks(), many.tasks());
    }

    @Test
    void withoutRepetitionsGraphsAreFilled() {
        List<Program> programs = training("stellar-micro", 1);
        int launches = programs.stream().mapToInt(p -> p.launches().size()).sum();
        var pieces = new Pieces(programs, MOST);
        check(programs, pieces);
        assertTrue(pieces.tasks() < launches, "Sinkhorn's iterations repeat at least");
    }
}
