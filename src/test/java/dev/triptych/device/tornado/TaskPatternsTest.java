package dev.triptych.device.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.triptych.check.device.BlockCheck;
import dev.triptych.check.device.BlockTable;
import dev.triptych.device.plain.PlainDevice;
import dev.triptych.program.Launch;
import dev.triptych.program.Packing;
import dev.triptych.program.Program;
import dev.triptych.program.Tensor;
import dev.triptych.program.call.AttentionCalls.AttentionProbabilities;
import dev.triptych.random.CounterRandom;
import dev.triptych.trial.Trial;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What is carried out together on graphics cards.
class TaskPatternsTest {
    private static List<String> tasks(String block) {
        Trial trial = BlockTable.trials().stream().filter(t -> t.program().name().equals(block)).findFirst()
                .orElseThrow();
        return new Units(true).of(trial.program()).stream().flatMap(unit -> unit.tasks().stream())
                .map(Unit.Task::name).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "linear (1100, 72) to 129 | linear rowDots scaledSum fill broadcastScalar rowDotsGradient "
                    + "weightAndBiasGradient sumParts product",
            "linear, gelu, linear (200, 35) to 130, forward | linearGelu linear",
            "residual, linear (200, 35) to 130 | linearResidual rowDots",
            "residual, layer norm (70, 24) | momentsAndLayerNorm weightedAdd rowDots scaledSum fill broadcastScalar "
                    + "rowDotsGradient layerNormGradientAdded gainAndShiftPartial sumParts"})
    void whatBelongsTogetherIsOneTask(String block, String expected) {
        String found = String.join(" ", tasks(block));
        assertEquals(expected, found.substring(0, Math.min(expected.length(), found.length())));
    }

    @Test
    void adjointsBelongTogetherToo() {
        List<String> found = tasks("linear, gelu, linear (200, 35) to 130");
        assertTrue(found.containsAll(List.of("linearAndGelu", "productGeluGradient", "weightAndBiasGradient")),
                found::toString);
    }

    @Test
    void attentionIsOneTaskForwardAndTwoBackward() {
        assertEquals("attention rowDots", String.join(" ", tasks("attention, 3 heads of 64 channels over [65, 65, 17]")
                .subList(0, 2)));
        List<String> found = tasks("attention with dropout, 3 heads of 64 channels over [65, 65, 17]");
        assertEquals(List.of("attentionQueryGradient", "attentionKeyGradient"),
                found.subList(found.size() - 2, found.size()));
    }

    /// Two numbers for each row and head stand where 65 would.
    @Test
    void squaresAreNotStored() {
        Trial trial = BlockTable.trials().stream()
                .filter(t -> t.program().name().equals("attention, 3 heads of 64 channels over [65, 65, 17]"))
                .findFirst().orElseThrow();
        Map<Tensor, Long> rooms = new Units(true).rooms(trial.program());
        assertEquals(Set.of(2L * 147 * 3, 147L * 3), Set.copyOf(rooms.values()));
        assertEquals(Map.of(), new Units(false).rooms(trial.program()));
    }

    /// What a reader wants to see is computed.
    @Test
    void probabilitiesThatAreKeptAreStored() {
        var trial = new Trial("kept", CounterRandom.of(1, dev.triptych.random.Stream.CHECK, 0, 0));
        Program program = trial.program();
        program.keep(program.attention(trial.variable("qkv", 5, 24), Packing.of(program, 1, 5)));
        program.launches().stream().map(Launch::call).filter(AttentionProbabilities.class::isInstance)
                .forEach(c -> program.keep(((AttentionProbabilities) c).p()));
        assertEquals(List.of("attentionProbabilities", "attentionContext"), new Units(true).of(program).stream()
                .flatMap(unit -> unit.tasks().stream()).map(Unit.Task::name).toList());
        assertEquals(Map.of(), new Units(true).rooms(program));
    }

    static Stream<String> blocks() {
        return BlockTable.trials().stream().map(t -> t.program().name());
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void togetherIsAsOneByOne(String block) {
        assumeTrue(TornadoDevice.unavailable() == null, TornadoDevice::unavailable);
        Trial trial = BlockTable.trials().stream().filter(t -> t.program().name().equals(block)).findFirst()
                .orElseThrow();
        try (var device = new TornadoDevice(-1, TornadoSession.TASKS, true)) {
            var check = BlockCheck.of(trial, device);
            assertTrue(check.passed(), check::toString);
        }
    }

    /// The check finds nothing wrong where both sides are the same device.
    @ParameterizedTest
    @MethodSource("blocks")
    void aDeviceAgreesWithItself(String block) {
        Trial trial = BlockTable.trials().stream().filter(t -> t.program().name().equals(block)).findFirst()
                .orElseThrow();
        try (var device = new PlainDevice()) {
            assertEquals(0, BlockCheck.of(trial, device).error());
        }
    }

    @ParameterizedTest
    @CsvSource({"1,8320,192,128,128", "1,8320,768,128,128", "1,8320,576,128,64", "1,70,64,64,64", "1,64,4096,64,128",
            "128,65,65,64,64", "1,128,512,128,128", "1,33280,384,128,128"})
    void theTileFollowsFromTheShape(int b, int n, int m, int rows, int columns) {
        assertEquals(new ProductTile(rows, columns), ProductTile.of(b, n, m));
    }

    /// The last tile of a side begins where it must, whatever is left of the side.
    @Test
    void tilesCoverEverySide() {
        IntStream.of(64, 65, 127, 128, 129, 1000).forEach(n -> {
            ProductTile tile = ProductTile.of(1, n, n);
            assertTrue(tile.rows() <= n && tile.columns() <= n);
            assertTrue(tile.count(1, n, n) * tile.rows() * tile.columns() >= n * n);
        });
    }
}
