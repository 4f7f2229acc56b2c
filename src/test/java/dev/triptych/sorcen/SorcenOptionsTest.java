package dev.triptych.sorcen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.triptych.method.Judging;
import dev.triptych.methods.Methods;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Generation in an evaluation takes its length and temperature from the recipe, unless they are given.
class SorcenOptionsTest {
    private static SorcenSection section(String... overrides) {
        return SorcenSection.of(Methods.RECIPES.load("sorcen-micro", List.of(overrides)).recipe());
    }

    @Test
    void theRecipeSaysHowLongAndHowWarm() {
        var options = new SorcenOptions(new Judging(0, true, Map.of()),
                section("sorcen.generate-iterations=7", "sorcen.generate-temperature=2.5"));
        assertEquals(7, options.iterations());
        assertEquals(2.5, options.temperature());
    }

    @Test
    void thePaperGeneratesInTwentySteps() {
        var paper = SorcenSection.of(Methods.RECIPES.load("sorcen-paper", List.of()).recipe());
        assertEquals(20, paper.generateIterations());
        assertEquals(6.0, paper.generateTemperature());
    }
}
