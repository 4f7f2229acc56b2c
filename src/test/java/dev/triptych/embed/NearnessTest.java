package dev.triptych.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.triptych.method.EncodedValue;
import dev.triptych.method.InputException;
import dev.triptych.methods.Methods;
import dev.triptych.triptych.TriptychPrograms;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a run of Triptych offers `embed` and `neighbours`: bits where there are messages, and only there.
class NearnessTest {
    private static List<EncodedValue> values(String... overrides) {
        var recipe = Methods.RECIPES.load("triptych-micro", List.of(overrides)).recipe();
        return new TriptychPrograms(recipe).evaluate(2).values().named();
    }

    private static List<String> names(List<EncodedValue> values) {
        return values.stream().map(EncodedValue::name).toList();
    }

    @Test
    void bitsOfAPictureAreThoseOfItsCls() {
        var values = values();
        assertTrue(names(values).containsAll(List.of("token_bits", "cls_bits")), () -> names(values).toString());
        EncodedValue bits = Nearness.BITS.of(values);
        assertEquals("cls_bits", bits.name());
        assertArrayEquals(new int[]{2, 16}, bits.tensor().shape());
        assertEquals("sparse", Nearness.TOKEN.of(values).name());
    }

    @Test
    void prototypesAreNoBits() {
        var values = values("triptych.alignment=prototypes", "triptych.weights.rate=0");
        assertTrue(names(values).stream().noneMatch(name -> name.contains("bits")), () -> names(values).toString());
        String message = assertThrows(InputException.class, () -> Nearness.BITS.of(values)).getMessage();
        assertTrue(message.contains("--by bits compares 'bits', which this run does not have"), message);
    }
}
