package dev.triptych.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Positions of crops with DINO's 0.1 more (`bits.dino-positions=true`): what PyTorch 2 makes of the squares of 0, 1,
/// 2, .. over 10 by `interpolate(x, scale_factor=(out + 0.1) / in, mode="bicubic", recompute_scale_factor=False)`.
class PositionsTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"4;2;0.435439467746 1.62528381883 10.3875023967 15.068513684",
            "3;5;-0.0916863824284 -0.0886793266957 -0.052026910271 0.0940773987679 0.214895202751 0.121457046193 "
                    + "0.219561288487 0.412860452548 0.72405311281 0.948203073018 0.757844858506 1.01259584844 "
                    + "1.46392792001 2.04705873351 2.44142031389 2.39581767966 2.81565702081 3.53892724562 "
                    + "4.40865080382 4.98239661118 3.68537149015 4.20854298753 5.10202483252 6.15113261769 "
                    + "6.83715866063"})
    void dinosPositionsArePyTorchs(int in, int out, String expected) {
        float[] matrix = Positions.squareGrid(in, out, VisionTransformer.Pixels.DINO.more());
        String[] numbers = expected.split(" ");
        assertEquals(out * out, numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            double sum = 0;
            for (int j = 0; j < in * in; j++) {
                sum += matrix[i * in * in + j] * (j * j / 10.0);
            }
            assertEquals(Double.parseDouble(numbers[i]), sum, 2e-6, "place " + i);
        }
    }
}
